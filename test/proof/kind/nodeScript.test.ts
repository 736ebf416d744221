import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, test, type TestContext } from 'node:test';
import { run } from '../../../src/process/process.ts';
import {
  controlScript,
  networkRules,
  pullScript,
  readPulls,
  setupScript,
} from '../../../src/proof/kind/nodeScript.ts';

/** Runs a script with functions in place of the programs of a node. */
async function inShell(script: string, programs: string): Promise<string> {
  const input = `${programs}\n${script}`;
  const { stdout } = await run({ file: 'bash', args: ['-s'] }, { time: 20_000 }, input);
  return stdout;
}

function folderFor(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'node-script-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

suite('setupScript', () => {
  const hostile = `"'$(touch "$0")\`id\`\nEOF\nrm -rf /\n\\ ü \u0000`.replace('\u0000', '');

  test('writes files as they are, whatever is in their texts and names', async (t) => {
    const folder = folderFor(t);
    const paths = ['plain/hosts.toml', `odd '"$(x) \`y\`; z/hosts.toml`, 'empty/hosts.toml'].map((path) =>
      join(folder, path),
    );
    const texts = ['server = "x"\n', hostile.repeat(500), ''];
    const script = setupScript({
      files: new Map(paths.map((path, index) => [path, texts[index] ?? ''])),
      trusted: '',
      hosts: [],
      translations: [],
      subnet: '172.18.0.0/16',
      restartsContainerd: false,
      readsNamesOnce: false,
    });
    // Only the part that writes them: the rest is for a node.
    const [writing = ''] = script.split('\nbase64 -d >>');
    await inShell(`${writing}\n}\nmain </dev/null\n`, '');
    assert.deepEqual(
      paths.map((path) => readFileSync(path, 'utf8')),
      texts,
    );
    assert.ok(!existsSync(join(folder, 'x')));
  });

  test('restarts containerd only where it has to', () => {
    const restart = (restartsContainerd: boolean): boolean =>
      setupScript({
        files: new Map(),
        trusted: '',
        hosts: [],
        translations: [],
        subnet: '172.18.0.0/16',
        restartsContainerd,
        readsNamesOnce: false,
      }).includes('restart=yes');
    assert.deepEqual([restart(true), restart(false)], [true, false]);
  });
});

suite('networkRules', () => {
  test('sends on what is meant for a registry, and refuses all that would leave the network', () => {
    const translations = [{ address: '10.1.1.1', port: 5000, to: '172.18.0.4:5000' }];
    assert.equal(
      networkRules({ translations, subnet: '172.18.0.0/16' }),
      `*nat
:MIRRORPROOF - [0:0]
-A MIRRORPROOF -d 10.1.1.1/32 -p tcp -m tcp --dport 5000 -j DNAT --to-destination 172.18.0.4:5000
-I OUTPUT 1 -j MIRRORPROOF
-I POSTROUTING 1 -s 127.0.0.0/8 -o eth0 -j MASQUERADE
COMMIT
*filter
:MIRRORPROOF - [0:0]
-A MIRRORPROOF -m conntrack --ctstate ESTABLISHED,RELATED -j RETURN
-A MIRRORPROOF -d 172.18.0.0/16 -j RETURN
-A MIRRORPROOF -p tcp -j REJECT --reject-with tcp-reset
-A MIRRORPROOF -j REJECT
-I OUTPUT 1 -o eth0 -j MIRRORPROOF
COMMIT
`,
    );
  });
});

suite('pullScript', () => {
  test('says of each image how its pull ended, in their order, and removes each one again', async (t) => {
    const removed = join(folderFor(t), 'removed');
    const programs = `crictl() {
      if [ "$1" = rmi ]; then echo "$2" >>'${removed}'; cat >/dev/null; return; fi
      case $2 in
        *bad*) echo 'E1121 07:00:00 remote_image.go:242] "PullImage from image service failed"' >&2
               printf 'FATA[0000] pulling image: rpc error: code = NotFound\\nof two lines\\n' >&2; return 1;;
        *) echo "Image is up to date for sha256:1";;
      esac
    }
    timeout() { shift; "$@"; }`;
    const images = ['quay.io/good:1', 'quay.io/bad:1', `quay.io/'$(id)':1`];
    const output = await inShell(pullScript(images), programs);
    assert.deepEqual(readPulls(output), [
      { isPulled: true, text: 'Image is up to date for sha256:1' },
      { isPulled: false, text: 'rpc error: code = NotFound\nof two lines' },
      { isPulled: true, text: 'Image is up to date for sha256:1' },
    ]);
    assert.deepEqual(readFileSync(removed, 'utf8').trim().split('\n'), images);
  });

  test('knows a pull that came to no end', () => {
    assert.deepEqual(readPulls('failed-124 \n'), [
      { isPulled: false, text: 'crictl did not end within 60 s' },
    ]);
    assert.deepEqual(readPulls('failed-137 S2lsbGVk\n'), [
      { isPulled: false, text: 'crictl did not end by itself, but with status 137: Killed' },
    ]);
  });
});

suite('controlScript', () => {
  test('pulls while the registries are away, and gives them back', async (t) => {
    const log = join(folderFor(t), 'log');
    const programs = `iptables() { echo "iptables $*" >>'${log}'; }
    crictl() { echo "crictl $1" >>'${log}'; echo 'FATA pulling image: refused' >&2; return 1; }
    timeout() { shift; "$@"; }`;
    const output = await inShell(controlScript('quay.io/app:1'), programs);
    assert.deepEqual(readPulls(output), [{ isPulled: false, text: 'refused' }]);
    assert.deepEqual(readFileSync(log, 'utf8').trim().split('\n'), [
      'iptables -w -t nat -D OUTPUT -j MIRRORPROOF',
      'crictl pull',
      'crictl rmi',
      'iptables -w -t nat -I OUTPUT 1 -j MIRRORPROOF',
    ]);
  });
});

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, suite, test } from 'node:test';
import { images } from '../../src/cli/commands/images.ts';
import { UserError } from '../../src/errors.ts';

const goldens = join(import.meta.dirname, '..', 'golden', 'images');

function pod(kind: string, name: string, spec: string): string {
  return `apiVersion: v1\nkind: ${kind}\nmetadata: {name: ${name}, namespace: shop}\nspec:\n${spec}`;
}

const digest = `sha256:${'0'.repeat(64)}`;

const repository: Readonly<Record<string, string>> = {
  'registries.yaml': `nodes:
${Array.from({ length: 6 }, (_, index) => `- {name: worker-${index}, runtime: "containerd://1.7.24", labels: {disk: ${index === 0 ? 'ssd' : 'hdd'}}}`).join('\n')}
images: ["nginx:1.27", "quay.io/team/app@${digest}"]
`,
  'web.yaml': `${pod('Pod', 'web', '  nodeSelector: {disk: ssd}\n  containers: [{name: a, image: nginx:1.27}]\n')}---
${pod('Pod', 'old', '  initContainers: [{name: a, image: "docker.io/library/nginx:1.9"}]\n  containers: [{name: a, image: "quay.io/team/app:${TAG}"}]\n')}`,
  'nowhere.yaml': pod(
    'Pod',
    '"bad\\u001b[31m\\u202e"',
    '  nodeSelector: {disk: none}\n  containers: [{name: a, image: nginx:1.27}, {name: b, image: "Bad Image"}]\n',
  ),
};

const root = mkdtempSync(join(tmpdir(), 'images-'));
after(() => rmSync(root, { recursive: true }));
for (const [path, text] of Object.entries(repository)) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

interface Printed {
  readonly exitCode: number;
  readonly out: string;
  readonly error: string;
}

function run(...args: readonly string[]): Promise<Printed> {
  return runIn(root, ...args);
}

async function runIn(folder: string, ...args: readonly string[]): Promise<Printed> {
  let out = '';
  let error = '';
  const { write } = process.stderr;
  process.stderr.write = (text): boolean => {
    error += String(text);
    return true;
  };
  try {
    const terminal = { write: (text: string): void => void (out += text), hasColors: false };
    return { exitCode: await images.run([...args, folder], terminal), out, error };
  } finally {
    process.stderr.write = write;
  }
}

suite('images --why', () => {
  test('traces an image to every place, workload and node', async (context) => {
    const { exitCode, out, error } = await run('--why', 'nginx');
    assert.deepEqual([exitCode, error], [0, '']);
    context.assert.fileSnapshot(out, join(goldens, 'why-nginx.txt'), { serializers: [String] });
  });

  const names: readonly [string, readonly string[]][] = [
    ['nginx', ['docker.io/library/nginx:1.27', 'docker.io/library/nginx:1.9']],
    ['docker.io/nginx', ['docker.io/library/nginx:1.27', 'docker.io/library/nginx:1.9']],
    ['library/nginx:1.9', ['docker.io/library/nginx:1.9']],
    ['quay.io/team/app', ['quay.io/team/app:${TAG}', `quay.io/team/app@${digest}`]],
    [`quay.io/team/app@${digest}`, [`quay.io/team/app@${digest}`]],
    ['quay.io/team/app:${TAG}', ['quay.io/team/app:${TAG}']],
    ['Bad Image', ['Bad Image']],
  ];
  for (const [name, expected] of names) {
    test(`${name} means ${expected.length} images`, async () => {
      const { out } = await run('--why', name, '--format', 'json');
      const { images: traced } = JSON.parse(out) as { images: readonly { image: string }[] };
      assert.deepEqual(
        traced.map(({ image }) => image),
        expected,
      );
    });
  }

  test('as JSON, with the nodes of each place', async () => {
    const { out } = await run('--why', 'nginx:1.27', '--format', 'json');
    const { why, images: traced } = JSON.parse(out) as {
      why: string;
      images: readonly { uses: readonly { file: string; nodes: readonly string[] }[] }[];
    };
    assert.equal(why, 'nginx:1.27');
    assert.deepEqual(
      traced[0]?.uses.map(({ file, nodes }) => [file, nodes.length]),
      [
        ['nowhere.yaml', 0],
        ['web.yaml', 1],
        ['registries.yaml', 6],
      ],
    );
  });

  const unknown: readonly [string, RegExp][] = [
    ['nginxx', /the image nginxx: did you mean nginx\?/],
    ['nginx:1.28', /did you mean nginx\?/],
    ['app', /did you mean quay\.io\/team\/app\?/],
    ['no\u001b[31mthing', /the image no\\u\{1b\}\[31mthing: `mirrorproof images` lists what is/],
  ];
  for (const [name, hint] of unknown) {
    test(`says what ${JSON.stringify(name)} may mean, which nothing names`, async () => {
      const { exitCode, out, error } = await run('--why', name);
      assert.deepEqual([exitCode, out], [1, '']);
      assert.match(error, hint);
    });
  }
});

suite('images --format list', () => {
  test('has every image once that nodes pull, in full, and names what it does not have', async () => {
    const { exitCode, out, error } = await run('--format', 'list');
    assert.equal(exitCode, 0);
    assert.deepEqual(out.split('\n'), [
      'docker.io/library/nginx:1.27',
      'docker.io/library/nginx:1.9',
      `quay.io/team/app@${digest}`,
      'registry.k8s.io/pause:3.8',
      '',
    ]);
    assert.deepEqual(error.trimEnd().split('\n'), [
      'mirrorproof: not in the list: nowhere.yaml:6:64 Bad Image: invalid reference format: repository name (library/Bad Image) must be lowercase',
      'mirrorproof: not in the list: web.yaml:13:34 quay.io/team/app:${TAG}: something in it is still to be filled in',
    ]);
  });

  test('names only the first of very many that it does not have', async () => {
    const many = join(root, 'many');
    mkdirSync(many);
    const lines = Array.from({ length: 25 }, (_, index) => `- app-${index}:\${TAG}`);
    writeFileSync(join(many, 'registries.yaml'), `images:\n${lines.join('\n')}\n`);
    const { error } = await runIn(many, '--format', 'list');
    rmSync(many, { recursive: true });
    assert.equal(error.trimEnd().split('\n').length, 21);
    assert.match(error, /not in the list: 5 other places, see/);
  });

  test('does not say why', async () => {
    await assert.rejects(run('--why', 'nginx', '--format', 'list'), UserError);
  });
});

suite('images', () => {
  test('lists only what those pull who are named', async () => {
    assert.equal((await run('--pulled-by', 'controller')).out, '');
    assert.equal((await run('--pulled-by', 'node')).out, (await run()).out);
  });

  test('refuses unknown filters', async () => {
    await assert.rejects(run('--pulled-by', 'kubelet'), /--pulled-by must be one of all, node/);
    await assert.rejects(run('--confidence', 'high'), /--confidence must be one of/);
  });
});

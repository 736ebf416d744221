import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import type { RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, suite, test, type TestContext } from 'node:test';
import { findBinaries } from '../../../src/proof/containerd/binaries.ts';
import {
  downloadMissing,
  downloadReleases,
  officialSource,
  wantedVersions,
  type DownloadReport,
  type ReleaseSource,
} from '../../../src/proof/containerd/download.ts';
import { officialReleases } from '../../../src/proof/containerd/officialReleases.ts';
import { programCaches, type ProgramCache } from '../../../src/proof/containerd/programCache.ts';
import { startLocalServer } from '../../support/localServer.ts';
import { planOf } from './provedExample.ts';
import { packRelease, serveReleases, sourceAt, type Archive } from './releaseServer.ts';

const scratch = mkdtempSync(join(tmpdir(), 'download-'));
after(() => rmSync(scratch, { recursive: true }));

function program(version: string): string {
  return `#!/bin/sh\necho containerd github.com/containerd/containerd v${version} abc\n`;
}

const versions = ['1.6.39', '1.7.24', '1.7.34', '2.1.9'];
const archives: Readonly<Record<string, Archive>> = Object.fromEntries(
  await Promise.all(
    versions.map(
      async (version) => [version, await packRelease(join(scratch, version), program(version))] as const,
    ),
  ),
);
const release = archives['1.7.24'];
assert.ok(release);

interface Download extends DownloadReport {
  readonly cache: ProgramCache;
  /** What was asked for, in its order. */
  readonly requests: readonly string[];
}

interface Given {
  readonly wanted?: readonly string[];
  readonly atHand?: readonly string[];
  readonly listener?: RequestListener;
  readonly cache?: ProgramCache;
  readonly source?: Partial<ReleaseSource>;
}

async function download(t: TestContext, given: Given = {}): Promise<Download> {
  const { wanted = ['1.7.24'], atHand = [], listener = serveReleases(archives), source = {} } = given;
  const cache = given.cache ?? { folder: mkdtempSync(join(scratch, 'cache-')), layout: 'plain' };
  const requests: string[] = [];
  const server = await startLocalServer((request, response) => {
    requests.push(request.url ?? '');
    listener(request, response);
  });
  t.after(() => server.close());
  const report = await downloadReleases(
    wanted,
    atHand.map((version) => ({ version })),
    cache,
    { ...sourceAt(server.url, archives), ...source },
  );
  return { ...report, cache, requests };
}

/** What a download that fails says, in one sentence; nothing of it is left. */
async function failure(t: TestContext, given: Given): Promise<string> {
  const { installed, problems, cache } = await download(t, given);
  assert.deepEqual(installed, []);
  assert.deepEqual(readdirSync(cache.folder), []);
  const [text = '', ...others] = problems;
  assert.deepEqual(others, []);
  return text.replaceAll(/127\.0\.0\.1:\d+/g, 'HOST');
}

const url = 'http://HOST/v1.7.24/containerd-1.7.24-linux-amd64.tar.gz';

suite('a release', () => {
  test('is downloaded, checked, and found from then on', async (t) => {
    const { installed, problems, cache } = await download(t);
    assert.deepEqual(problems, []);
    const file = join(cache.folder, '1.7.24', 'containerd');
    assert.deepEqual(installed, [{ version: '1.7.24', path: file }]);
    assert.deepEqual(readdirSync(cache.folder, { recursive: true, encoding: 'utf8' }).toSorted(), [
      '1.7.24',
      '1.7.24/containerd',
    ]);
    assert.equal(statSync(file).mode & 0o777, 0o755);
    assert.deepEqual(await findBinaries({ named: [], path: [], caches: [cache] }), installed);
    const again = await download(t, { cache });
    assert.deepEqual([again.installed, again.requests], [installed, []]);
  });

  test('is the nearest to what is wanted, where nothing nearer is at hand', async (t) => {
    const cases: readonly (readonly [
      wanted: string,
      atHand: readonly string[],
      downloaded: readonly string[],
    ])[] = [
      ['1.7.24', [], ['1.7.24']],
      ['1.7.24', ['1.7.24'], []],
      ['1.7.24', ['1.7.23'], ['1.7.24']],
      ['1.7.30', ['1.7.29'], []],
      ['1.7.30', ['1.7.20'], ['1.7.34']],
      ['1.7', [], ['1.7.34']],
      ['1.7', ['1.7.2'], []],
      ['1.5.9', [], ['1.6.39']],
      ['3.0.0', ['1.6.20'], []],
      ['../../etc', [], []],
    ];
    for (const [wanted, atHand, expected] of cases) {
      const { installed } = await download(t, { wanted: [wanted], atHand });
      assert.deepEqual(
        installed.map(({ version }) => version),
        expected,
        `${wanted} with ${atHand.join()}`,
      );
    }
  });

  test('is downloaded once, and not more than so many', async (t) => {
    const wanted = ['1.7.24', '1.7.24', '1.6.39', '1.6.38', '2.1.9'];
    const { installed, problems, requests } = await download(t, { wanted, source: { maxReleases: 2 } });
    assert.deepEqual(
      installed.map(({ version }) => version),
      ['1.7.24', '1.6.39'],
    );
    assert.equal(requests.length, 2);
    assert.deepEqual(problems, ['containerd 2.1.9 was not downloaded: one run downloads 2 releases at most']);
  });

  test("goes to the runner's tool cache, as its other tools do", async (t) => {
    const tools = mkdtempSync(join(scratch, 'tools-'));
    const caches = programCaches({ RUNNER_TOOL_CACHE: tools, MIRRORPROOF_CACHE: join(scratch, 'own') });
    const { installed } = await download(t, { cache: caches[0] });
    const folder = join(tools, 'mirrorproof-containerd/1.7.24');
    assert.deepEqual(installed, [{ version: '1.7.24', path: join(folder, process.arch, 'containerd') }]);
    assert.deepEqual(readdirSync(folder).toSorted(), [process.arch, `${process.arch}.complete`]);
    assert.deepEqual(await findBinaries({ named: [], path: [], caches }), installed);
    rmSync(join(folder, `${process.arch}.complete`));
    assert.deepEqual(await findBinaries({ named: [], path: [], caches }), []);
    assert.deepEqual((await download(t, { cache: caches[0] })).installed, installed);
  });

  test('is the same for two at once', async (t) => {
    for (const layout of ['plain', 'tool-cache'] as const) {
      const cache: ProgramCache = { folder: mkdtempSync(join(scratch, 'cache-')), layout };
      const reports = await Promise.all(Array.from({ length: 4 }, () => download(t, { cache })));
      for (const { installed, problems } of reports) {
        assert.deepEqual(problems, []);
        assert.ok(installed[0] && existsSync(installed[0].path));
      }
      assert.deepEqual(readdirSync(cache.folder), ['1.7.24']);
    }
  });

  test('is tried again after a fault that may pass', async (t) => {
    const serve = serveReleases(archives);
    const faults: readonly RequestListener[] = [
      (_, response) => response.writeHead(503).end(),
      (request) => request.socket.destroy(),
      (_, response) => {
        response.writeHead(200, { 'Content-Length': release.bytes.length });
        response.write(release.bytes.subarray(0, 100), () => response.destroy());
      },
    ];
    for (const fault of faults) {
      let asked = 0;
      const { installed, requests } = await download(t, {
        listener: (request, response) => (++asked < 3 ? fault(request, response) : serve(request, response)),
      });
      assert.deepEqual([installed.length, requests.length], [1, 3]);
    }
  });
});

suite('a release is refused', () => {
  test('where its checksum is another one', async (t) => {
    const forged = await packRelease(join(scratch, 'forged'), 'forged');
    const text = await failure(t, { listener: serveReleases({ '1.7.24': forged }) });
    assert.equal(
      text,
      `containerd 1.7.24 was not downloaded: ${url} is not what it should be: its SHA-256 is ${forged.checksum} and not ${release.checksum}`,
    );
  });

  test('where it is cut off, whether its length is told or not', async (t) => {
    const half = release.bytes.subarray(0, release.bytes.length / 2);
    const untold = await failure(t, { listener: (_, response) => response.end(half) });
    assert.match(untold, /is not what it should be/);
    const told = await failure(t, {
      listener: (_, response) => {
        response.writeHead(200, { 'Content-Length': release.bytes.length });
        response.write(half, () => response.destroy());
      },
    });
    assert.match(told, /^containerd 1\.7\.24 was not downloaded: http:\S+ cannot be read: .*\S$/);
  });

  test('where it is too long, before all of it was read', async (t) => {
    let sent = 0;
    const text = await failure(t, {
      source: { maxBytes: 1000 },
      listener: (_, response) => {
        const send = (): void => {
          sent += 100_000;
          if (sent < 1_000_000_000 && response.writable) response.write(Buffer.alloc(100_000), send);
        };
        send();
      },
    });
    assert.equal(text, `containerd 1.7.24 was not downloaded: ${url} is longer than 1000 bytes`);
    assert.ok(sent < 1_000_000_000);
  });

  test('where there is none', async (t) => {
    const text = await failure(t, { listener: serveReleases({}) });
    assert.equal(text, `containerd 1.7.24 was not downloaded: ${url} answers with status 404`);
  });

  test('where it takes too long', async (t) => {
    const source = { time: 50, tries: 1 };
    for (const isBegun of [false, true]) {
      const text = await failure(t, {
        source,
        listener: (_, response) => {
          if (isBegun) response.write('x');
        },
      });
      assert.equal(text, `containerd 1.7.24 was not downloaded: ${url} took longer than 0.05 s`);
    }
  });

  test('where nobody answers', async (t) => {
    const gone = await startLocalServer(() => undefined);
    await gone.close();
    const text = await failure(t, { source: { url: gone.url } });
    assert.equal(
      text,
      `containerd 1.7.24 was not downloaded: ${url} cannot be read: connect ECONNREFUSED HOST`,
    );
  });

  test('where it is no archive, or has no such program', async (t) => {
    const other = await packRelease(join(scratch, 'other'), program('9.9.9'));
    const broken = await packRelease(join(scratch, 'broken'), 'this is no program');
    const cases: readonly (readonly [Buffer, RegExp])[] = [
      [Buffer.from('no archive'), /tar cannot unpack it: \S/],
      [other.bytes, /it is 9\.9\.9$/],
      [broken.bytes, /the program in it does not run on this machine$/],
    ];
    for (const [bytes, expected] of cases) {
      const archive = { bytes, checksum: createHash('sha256').update(bytes).digest('hex') };
      const text = await failure(t, {
        listener: serveReleases({ '1.7.24': archive }),
        source: { checksums: { '1.7.24': archive.checksum } },
      });
      assert.match(text, expected);
    }
  });

  test('where the cache cannot be written', async (t) => {
    const file = join(scratch, 'file');
    writeFileSync(file, '');
    const { installed, problems } = await download(t, {
      cache: { folder: join(file, 'cache'), layout: 'plain' },
    });
    assert.deepEqual(installed, []);
    assert.match(problems.join('\n'), /^containerd 1\.7\.24 was not downloaded: ENOTDIR: .*$/);
  });
});

test('what a run left that was killed is removed once it is old', async (t) => {
  const cache: ProgramCache = { folder: mkdtempSync(join(scratch, 'cache-')), layout: 'plain' };
  for (const name of ['.download-old', '.download-new', 'else']) mkdirSync(join(cache.folder, name));
  for (const name of ['.download-old', 'else']) utimesSync(join(cache.folder, name), 0, 0);
  await download(t, { cache, wanted: [] });
  assert.deepEqual(readdirSync(cache.folder).toSorted(), ['.download-new', 'else']);
});

test('nothing is downloaded of which the very version is at hand', async () => {
  const plan = planOf({
    'registries.yaml': 'nodes: [{name: a, runtime: "containerd://1.7.24"}]\nimages: [nginx]\n',
  });
  const environment = { PATH: '', MIRRORPROOF_CACHE: join(scratch, 'nowhere') };
  assert.deepEqual(
    await downloadMissing(plan, [{ version: '1.7.24', path: '/containerd' }], environment),
    [],
  );
  assert.ok(!existsSync(join(scratch, 'nowhere')));
});

test('the versions of a plan are those of its containerd nodes', () => {
  const nodes = ['containerd://1.7.24', 'k3s://1.7.23', 'docker://28.1.0', 'containerd://1.7.24'].map(
    (runtime, index) => `  - {name: n${index}, runtime: "${runtime}"}\n`,
  );
  const plan = planOf({ 'registries.yaml': `nodes:\n${nodes.join('')}images: [nginx]\n` });
  assert.deepEqual(wantedVersions(plan).toSorted(), ['1.7.23', '1.7.24']);
});

suite('the table of official releases', () => {
  for (const [architecture, checksums] of Object.entries(officialReleases)) {
    test(`has a checksum for each version for ${architecture}, the newest first`, () => {
      const entries = Object.entries(checksums);
      for (const [version, checksum] of entries) {
        assert.match(version, /^\d+\.\d+\.\d+$/);
        assert.match(checksum, /^[0-9a-f]{64}$/);
      }
      assert.equal(new Set(Object.values(checksums)).size, entries.length);
      const collator = new Intl.Collator('en', { numeric: true });
      const names = entries.map(([version]) => version);
      assert.deepEqual(
        names,
        names.toSorted((a, b) => collator.compare(b, a)),
      );
      const lines = new Set(names.map((name) => name.replace(/\.\d+$/, '')));
      assert.deepEqual([...lines], ['2.3', '2.2', '2.1', '2.0', '1.7', '1.6']);
    });
  }

  test('is that of this machine, where it has one', () => {
    const source = officialSource();
    const architecture = new Map([
      ['x64', 'amd64'],
      ['arm64', 'arm64'],
    ]).get(process.arch);
    assert.equal(source?.architecture, process.platform === 'linux' ? architecture : undefined);
    if (source)
      assert.match(source.url, /^https:\/\/github\.com\/containerd\/containerd\/releases\/download$/);
  });
});

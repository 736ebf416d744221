import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, suite, test } from 'node:test';
import { DownloadError } from '../../../src/proof/downloadFile.ts';
import {
  installKind,
  kindSource,
  kindVersions,
  type KindSource,
} from '../../../src/proof/kind/kindReleases.ts';
import { startLocalServer } from '../../support/localServer.ts';

const scratch = mkdtempSync(join(tmpdir(), 'kind-release-'));
after(() => rmSync(scratch, { recursive: true }));

const program = '#!/bin/sh\necho kind\n';
const checksum = createHash('sha256').update(program).digest('hex');
const environment = { MIRRORPROOF_CACHE: scratch };

async function withServer(
  listener: RequestListener,
  use: (source: KindSource) => Promise<void>,
): Promise<void> {
  const server = await startLocalServer(listener);
  try {
    const limits = { maxBytes: 1000, time: 10_000, tries: 2, pause: 0 };
    await use({ url: server.url, checksum, architecture: 'amd64', ...limits });
  } finally {
    await server.close();
  }
}

suite('installKind', () => {
  test('downloads a version once, and leaves a program', async () => {
    const asked: string[] = [];
    await withServer(
      (request, response) => {
        asked.push(request.url ?? '');
        response.end(program);
      },
      async (source) => {
        const folders = [
          await installKind('0.33.0', source, environment),
          await installKind('0.33.0', source, environment),
        ];
        assert.deepEqual(asked, ['/v0.33.0/kind-linux-amd64']);
        assert.equal(folders[0], folders[1]);
        const file = join(folders[0] ?? '', 'kind');
        assert.equal(readFileSync(file, 'utf8'), program);
        assert.equal(statSync(file).mode & 0o777, 0o755);
      },
    );
  });

  test('a program that is another one is not kept', async () => {
    await withServer(
      (_, response) => response.end('#!/bin/sh\necho other\n'),
      async (source) => {
        await assert.rejects(installKind('0.32.0', source, environment), /SHA-256/);
        assert.deepEqual(
          readdirSync(join(scratch, 'kind-releases')).filter((name) => !name.startsWith('0.33.0')),
          [],
        );
      },
    );
  });
});

suite('kindSource', () => {
  test('knows each version that it offers', () => {
    for (const version of kindVersions) assert.match(kindSource(version).checksum, /^[0-9a-f]{64}$/);
  });

  test('refuses any other, and names them', () => {
    assert.throws(() => kindSource('../../etc'), DownloadError);
    assert.throws(() => kindSource('0.1.0'), /kind 0\.1\.0 is none of 0\.29\.0, /);
    assert.throws(() => kindSource('constructor'), DownloadError);
  });
});

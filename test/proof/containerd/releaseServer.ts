import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { join } from 'node:path';
import { run } from '../../../src/process/process.ts';
import type { ReleaseSource } from '../../../src/proof/containerd/download.ts';

/** An archive as the containerd project makes them. */
export interface Archive {
  readonly bytes: Buffer;
  readonly checksum: string;
}

/** Packs a program as `bin/containerd`, with more beside it. `folder` is for what is needed meanwhile. */
export async function packRelease(folder: string, program: string | Buffer): Promise<Archive> {
  const bin = join(folder, 'bin');
  mkdirSync(bin, { recursive: true });
  for (const name of ['containerd', 'ctr', 'containerd-shim-runc-v2']) {
    writeFileSync(join(bin, name), name === 'containerd' ? program : '#!/bin/sh\n');
    chmodSync(join(bin, name), 0o755);
  }
  const file = join(folder, 'release.tar.gz');
  const { status, stderr } = await run({ file: 'tar', args: ['-czf', file, '-C', folder, 'bin'] });
  if (status !== 0) throw new Error(stderr);
  const bytes = readFileSync(file);
  return { bytes, checksum: createHash('sha256').update(bytes).digest('hex') };
}

/** Serves archives by their version where the project has them. */
export function serveReleases(archives: Readonly<Record<string, Archive>>): RequestListener {
  return (request, response) => {
    const [, version = ''] =
      /^\/v([\d.]+)\/containerd-\1-linux-amd64\.tar\.gz$/.exec(request.url ?? '') ?? [];
    const archive = archives[version];
    response.writeHead(archive ? 200 : 404, { 'Content-Type': 'application/octet-stream' });
    response.end(archive?.bytes);
  };
}

/** A source at a local server, in which nothing takes long. */
export function sourceAt(url: string, archives: Readonly<Record<string, Archive>>): ReleaseSource {
  const checksums = Object.entries(archives).map(([version, { checksum }]) => [version, checksum] as const);
  return {
    url,
    architecture: 'amd64',
    checksums: Object.fromEntries(checksums),
    maxBytes: 100_000_000,
    time: 60_000,
    tries: 3,
    pause: 0,
    maxReleases: 8,
  };
}

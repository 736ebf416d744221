import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { start, stop } from '../../../src/process/process.ts';
import { listenAt } from './listenAt.ts';
import { digestOf, type Manifest } from './testRegistry.ts';

/** A real registry at 127.0.0.1. */
export interface Distribution {
  /** Host and port. */
  readonly host: string;
  close(): Promise<void>;
}

/** `name:password`, and the same for htpasswd. */
export const login = {
  text: 'robot:probe-secret',
  line: 'robot:$2y$04$uRdr3Tnrm2xU5zAMfaL2ruC0Kodnl1zkPfH5bFPO1pbUjPkaTaqcC\n',
} as const;

/** Starts the registry of the distribution project. */
export async function startDistribution(program: string, isLocked: boolean): Promise<Distribution> {
  const folder = mkdtempSync(join(tmpdir(), 'distribution-'));
  const port = await freePort();
  const passwords = join(folder, 'htpasswd');
  writeFileSync(passwords, login.line);
  mkdirSync(join(folder, 'data'));
  const config = {
    version: '0.1',
    log: { level: 'error' },
    storage: { filesystem: { rootdirectory: join(folder, 'data') } },
    http: { addr: `127.0.0.1:${port}`, secret: 'test' },
    ...(isLocked && { auth: { htpasswd: { realm: 'test', path: passwords } } }),
  };
  const file = join(folder, 'config.yml');
  writeFileSync(file, JSON.stringify(config));
  const running = start({ file: program, args: ['serve', file] });
  const host = `127.0.0.1:${port}`;
  const close = async (): Promise<void> => {
    await stop(running, 5000);
    rmSync(folder, { recursive: true });
  };
  for (let tries = 0; tries < 500; tries++) {
    const response = await fetch(`http://${host}/v2/`).catch(() => undefined);
    if (response) return { host, close };
    await sleep(20);
  }
  await close();
  throw new Error('the registry does not start');
}

async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listenAt(server, '127.0.0.1', 0);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Puts a manifest or an index into a registry, and the blobs that it names. */
export async function push(host: string, repository: string, tag: string, manifest: Manifest): Promise<void> {
  for (const text of manifest.blobs ?? []) await pushBlob(host, repository, text);
  const { mediaType, text } = manifest;
  await send('PUT', `http://${host}/v2/${repository}/manifests/${tag}`, text, mediaType);
}

async function pushBlob(host: string, repository: string, text: string): Promise<void> {
  const begun = await send('POST', `http://${host}/v2/${repository}/blobs/uploads/`, '', 'text/plain');
  const place = new URL(begun.headers.get('location') ?? '', `http://${host}`);
  place.searchParams.set('digest', digestOf(text));
  await send('PUT', place.href, text, 'application/octet-stream');
}

async function send(method: string, url: string, body: string, type: string): Promise<Response> {
  const authorization = `Basic ${Buffer.from(login.text).toString('base64')}`;
  const headers = { 'Content-Type': type, Authorization: authorization };
  const response = await fetch(url, { method, headers, body });
  if (!response.ok) throw new Error(`${method} ${url}: ${response.status} ${await response.text()}`);
  return response;
}

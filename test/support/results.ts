import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { inflateRawSync } from 'node:zlib';
import { startLocalServer } from './localServer.ts';

/** An artifact that was uploaded and finalized. */
export interface StoredArtifact {
  readonly name: string;
  /** Path in the archive to the bytes of the file. */
  readonly files: ReadonlyMap<string, Buffer>;
}

/** An address of the block storage that names an account, a container and a blob, as its client expects. */
const blobPath = '/account/container/blob';

/** The service with which a step stores artifacts, on a local port. */
export interface ResultsDouble {
  /** What the runner passes to the step. */
  readonly environment: Readonly<Record<'ACTIONS_RUNTIME_TOKEN' | 'ACTIONS_RESULTS_URL', string>>;
  readonly artifacts: readonly StoredArtifact[];
  close(): Promise<void>;
}

/**
 * Starts the service: the two calls of its Twirp interface, and the block storage to which the first of them sends the
 * client.
 *
 * @param refuseWith - Answers every call with this status instead.
 */
export async function startResults(refuseWith?: number): Promise<ResultsDouble> {
  const store: Store = { artifacts: [], blocks: new Map(), blob: Buffer.alloc(0) };
  const server = await startLocalServer((request, response) => {
    void readBody(request).then((body) => {
      const [status, answer] = respond(store, request, body, refuseWith);
      response.writeHead(status, { 'content-type': 'application/json', 'x-ms-request-id': '1' });
      response.end(answer === undefined ? undefined : JSON.stringify(answer));
    });
  });
  return {
    environment: { ACTIONS_RUNTIME_TOKEN: runtimeToken(), ACTIONS_RESULTS_URL: `${server.url}/` },
    artifacts: store.artifacts,
    close: () => server.close(),
  };
}

interface Store {
  readonly artifacts: StoredArtifact[];
  /** Block id to block, as they came. */
  readonly blocks: Map<string, Buffer>;
  blob: Buffer;
}

type Answer = readonly [status: number, body?: unknown];

function respond(
  store: Store,
  { url = '/', headers }: IncomingMessage,
  body: Buffer,
  refuseWith?: number,
): Answer {
  const { pathname, searchParams } = new URL(url, 'http://results.invalid');
  if (pathname === blobPath) {
    if (searchParams.get('comp') === 'block') store.blocks.set(searchParams.get('blockid') ?? '', body);
    else store.blob = joinBlocks(body.toString(), store.blocks);
    return [201];
  }
  if (refuseWith !== undefined) return [refuseWith, { msg: 'refused' }];
  if (pathname.endsWith('/CreateArtifact')) {
    return [200, { ok: true, signed_upload_url: `http://${headers.host}${blobPath}?sig=secret-signature` }];
  }
  const { name, hash }: { name: string; hash: string } = JSON.parse(body.toString());
  const expected = `sha256:${createHash('sha256').update(store.blob).digest('hex')}`;
  if (hash !== expected) return [400, { msg: `the hash is not ${expected}` }];
  store.artifacts.push({ name, files: readZip(store.blob) });
  return [200, { ok: true, artifact_id: '4711' }];
}

/** A token with the claim from which the client takes the run and the job. Nobody checks its signature. */
function runtimeToken(): string {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'none' })}.${part({ scp: 'Actions.Results:run-1:job-1' })}.`;
}

/** The blob that a block list puts together. */
function joinBlocks(list: string, blocks: ReadonlyMap<string, Buffer>): Buffer {
  const ids = [...list.matchAll(/<(?:Latest|Uncommitted|Committed)>([^<]*)</g)].map(([, id = '']) => id);
  return Buffer.concat(ids.map((id) => blocks.get(id) ?? Buffer.alloc(0)));
}

/** The files of a ZIP archive, by its central directory. */
function readZip(archive: Buffer): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  const end = archive.lastIndexOf(Buffer.from('PK\u0005\u0006', 'latin1'));
  let offset = archive.readUInt32LE(end + 16);
  for (let count = archive.readUInt16LE(end + 10); count > 0; count--) {
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((field) =>
      archive.readUInt16LE(offset + field),
    );
    const size = archive.readUInt32LE(offset + 20);
    const local = archive.readUInt32LE(offset + 42);
    const nameEnd = offset + 46 + (nameLength ?? 0);
    const start = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
    const content = archive.subarray(start, start + size);
    const isDeflated = archive.readUInt16LE(offset + 10) === 8;
    files.set(archive.toString('utf8', offset + 46, nameEnd), isDeflated ? inflateRawSync(content) : content);
    offset = nameEnd + (extraLength ?? 0) + (commentLength ?? 0);
  }
  return files;
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(Buffer.from(part));
  return Buffer.concat(parts);
}

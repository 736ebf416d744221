import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { KeyPair } from '../../../src/proof/standIn/certificates.ts';
import { listenAt } from './listenAt.ts';

/** What a registry of the tests has and wants. */
export interface Registry {
  /** By `repository:tag`: a document with its media type. */
  readonly manifests?: Readonly<Record<string, Manifest>>;
  /** `name:password`, for every request. */
  readonly login?: string;
  /** Answers instead of the registry where it returns true. */
  readonly intercept?: (request: IncomingMessage, response: ServerResponse) => boolean;
  readonly certificate?: KeyPair;
}

export interface Manifest {
  readonly mediaType: string;
  readonly text: string;
  /** The contents that it names. */
  readonly blobs?: readonly string[];
}

export interface RunningRegistry {
  /** Host and port. */
  readonly host: string;
  /** Method and path of each request. */
  readonly requests: readonly string[];
  close(): void;
}

const ociManifest = 'application/vnd.oci.image.manifest.v1+json';

/** An image without an index; `name` makes it another one. */
export function image(name: string): Manifest {
  const content = JSON.stringify({ name });
  const config = {
    mediaType: 'application/vnd.oci.image.config.v1+json',
    digest: digestOf(content),
    size: content.length,
  };
  return {
    mediaType: ociManifest,
    blobs: [content],
    text: JSON.stringify({ schemaVersion: 2, mediaType: ociManifest, config, layers: [] }),
  };
}

/** An index of images by their architecture. */
export function index(images: Readonly<Record<string, Manifest>>): Manifest {
  const mediaType = 'application/vnd.oci.image.index.v1+json';
  const manifests = Object.entries(images).map(([architecture, { mediaType: type, text }]) => ({
    mediaType: type,
    digest: digestOf(text),
    size: text.length,
    platform: { os: 'linux', architecture },
  }));
  return { mediaType, text: JSON.stringify({ schemaVersion: 2, mediaType, manifests }) };
}

export function digestOf(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}

/** Starts a registry at 127.0.0.1. */
export async function startRegistry(registry: Registry): Promise<RunningRegistry> {
  const requests: string[] = [];
  const listener = registryListener(registry, (request) => requests.push(request));
  const { certificate } = registry;
  const server = certificate
    ? createHttpsServer({ cert: certificate.certificate, key: certificate.key }, listener)
    : createServer(listener);
  server.on('tlsClientError', (_, socket) => socket.destroy());
  const port = await listenAt(server, '127.0.0.1', 0);
  return {
    host: `127.0.0.1:${port}`,
    requests,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** The answers of a registry; `onRequest` is told method and path of each request. */
export function registryListener(registry: Registry, onRequest: (request: string) => void): RequestListener {
  return (request, response) => {
    onRequest(`${request.method} ${request.url}`);
    if (!registry.intercept?.(request, response)) answer(request, response, registry);
  };
}

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { manifests = {}, login }: Registry,
): void {
  const basic = login === undefined ? undefined : `Basic ${Buffer.from(login).toString('base64')}`;
  if (basic !== undefined && request.headers.authorization !== basic) {
    response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="registry"' }).end();
    return;
  }
  const found = find(request.url ?? '', manifests);
  if (!found) {
    response.writeHead(404).end();
    return;
  }
  const { mediaType, text } = found;
  response.writeHead(200, {
    'Content-Type': mediaType,
    'Content-Length': text.length,
    'Docker-Content-Digest': digestOf(text),
  });
  response.end(request.method === 'HEAD' ? undefined : text);
}

/** By tag in its repository, or by digest in any. */
function find(url: string, manifests: Readonly<Record<string, Manifest>>): Manifest | undefined {
  const [, repository = '', name = ''] = /^\/v2\/(.+)\/manifests\/([^?]+)/.exec(url) ?? [];
  const byDigest = Object.values(manifests).find(({ text }) => digestOf(text) === name);
  return manifests[`${repository}:${name}`] ?? byDigest;
}

import type { Reference } from '../../reference/reference.ts';
import { readApiPath, type ApiPath } from '../apiPath.ts';
import type { PlacedCatalog } from '../catalog.ts';
import type { Login } from '../pullLogins.ts';
import type { StandIn } from '../surroundings.ts';
import { syntheticImage, type Blob } from './image.ts';
import type { ReceivedRequest, Reply } from './server.ts';

/** A request for an image, and which one it was for. */
export interface SeenRequest {
  readonly method: string;
  /** Scheme, host as in the request, path and query. */
  readonly url: string;
  readonly status: number;
  /** Where the registry is asked: scheme, host and port. */
  readonly origin: string;
  readonly isUpstream: boolean;
  /** The namespace host that the image is of. */
  readonly namespaceHost: string;
  /** As the registry has it: a mirror may have it below a project of its own. */
  readonly repository: string;
  /** The tag or digest of a manifest; of a blob its digest. */
  readonly name: string;
  readonly isManifest: boolean;
  /** The digest of the manifest of the image that it is a part of; absent where there was none. */
  readonly image?: string;
}

/** The contents of all stand-ins of a node: an image of its own for each reference. */
export class Contents {
  /** Each with the digest of its image's manifest, and the tag or digest that a reference has for that image. */
  readonly #blobs = new Map<string, Blob & { readonly image: string; readonly written: string }>();

  /** Makes the image that stands for a pinned one: nobody has the content of its digest. Returns its own digest. */
  pin({ domain, path, digest = '' }: Reference): string {
    return this.#make(`${domain}/${path}`, digest).digest;
  }

  manifest(repository: string, name: string): Blob | undefined {
    return name.includes(':') ? this.#blobs.get(name) : this.#make(repository, name);
  }

  blob(digest: string): Blob | undefined {
    return this.#blobs.get(digest);
  }

  /** The digest of the manifest of the image that a blob is of. */
  imageOf(digest: string): string | undefined {
    return this.#blobs.get(digest)?.image;
  }

  /** The tag or digest that a reference has for an image, by that or by the digest of its manifest here. */
  writtenName(name: string): string {
    return this.#blobs.get(name)?.written ?? name;
  }

  #make(repository: string, written: string): Blob {
    const { manifest, config, layer } = syntheticImage(`${repository} ${written}`);
    for (const made of [manifest, config, layer])
      this.#blobs.set(made.digest, { ...made, image: manifest.digest, written });
    return manifest;
  }
}

/** What a stand-in for a registry answers. It has whatever it is asked for, unless its catalog says otherwise. */
export function answerRequest(
  request: ReceivedRequest,
  standIn: StandIn,
  contents: Contents,
  onRequest: (seen: SeenRequest) => void,
): Reply {
  const [, query = ''] = request.target.split('?', 2);
  const asked = readApiPath(request.target);
  const namespaceHost = new URLSearchParams(query).get('ns') ?? request.host;
  const reply = decide(request, asked, namespaceHost, standIn, contents);
  if (asked) {
    const { repository, kind, name } = asked;
    const digest = reply.kind === 'reply' ? reply.headers['Docker-Content-Digest'] : undefined;
    const image = digest === undefined ? undefined : contents.imageOf(digest);
    const origin = `${request.scheme}://${request.host}`;
    onRequest({
      method: request.method,
      url: origin + request.target,
      status: reply.kind === 'reply' ? reply.status : 0,
      origin,
      isUpstream: standIn.isUpstream,
      namespaceHost,
      repository,
      name,
      isManifest: kind === 'manifests',
      ...(image !== undefined && { image }),
    });
  }
  return reply;
}

function decide(
  request: ReceivedRequest,
  asked: ApiPath | undefined,
  namespaceHost: string,
  standIn: StandIn,
  contents: Contents,
): Reply {
  const { host, authorization } = request;
  const all = [...standIn.logins, ...standIn.ownLogins];
  if (request.target.startsWith(tokenPath)) return answerTokenRequest(request, all);
  const wanted = namespaceHost === host ? all : standIn.logins;
  if (wanted.length > 0 && !wanted.some((login) => isLogin(login, authorization)))
    return challenge(request, wanted);
  if (!asked?.isApi) return json(404, '{"errors":[{"code":"NOT_FOUND"}]}', {});
  const { repository, kind, name } = asked;
  const isManifest = kind === 'manifests';
  const isListed =
    !isManifest || holds(standIn.catalogs, namespaceHost, repository, contents.writtenName(name));
  const found = isManifest ? contents.manifest(repository, name) : contents.blob(name);
  if (!isListed || !found) return json(404, '{"errors":[{"code":"MANIFEST_UNKNOWN"}]}', {});
  const headers = { 'Content-Type': isManifest ? found.mediaType : 'application/octet-stream' };
  const digest = { 'Docker-Content-Digest': found.digest };
  return { kind: 'reply', status: 200, headers: { ...headers, ...digest }, body: found.bytes };
}

const tokenPath = '/mirrorproof-token';

/** An identity token is for a token server only; a name and a password serve anywhere. */
function challenge({ scheme, host }: ReceivedRequest, wanted: readonly Login[]): Reply {
  const text = '{"errors":[{"code":"UNAUTHORIZED","message":"authentication required"}]}';
  const name = host.replaceAll(/["\\]/g, '');
  const isToken = wanted.some(({ username }) => username === '');
  const wants = isToken
    ? `Bearer realm="${scheme}://${name}${tokenPath}",service="${name}"`
    : `Basic realm="${name}"`;
  return json(401, text, { 'WWW-Authenticate': wants });
}

// distribution docs/spec/auth: GET with a Basic login, POST as OAuth 2 has it
function answerTokenRequest({ authorization, body }: ReceivedRequest, logins: readonly Login[]): Reply {
  const form = new URLSearchParams(body);
  const shown = form.get('refresh_token') ?? form.get('password');
  const username = form.get('username') ?? '';
  const login = logins.find(
    (candidate) =>
      isLogin(candidate, authorization) || (candidate.username === username && candidate.password === shown),
  );
  if (!login) return json(401, '{"errors":[{"code":"UNAUTHORIZED"}]}', {});
  const token = tokenOf(login);
  return json(200, JSON.stringify({ token, access_token: token }), {});
}

function tokenOf(login: Login): string {
  return Buffer.from(JSON.stringify([login.username, login.password])).toString('base64url');
}

function json(status: number, text: string, headers: Readonly<Record<string, string>>): Reply {
  const all = { 'Content-Type': 'application/json', ...headers };
  return { kind: 'reply', status, headers: all, body: Buffer.from(text) };
}

function isLogin(login: Login, authorization: string): boolean {
  const basic = Buffer.from(`${login.username}:${login.password}`).toString('base64');
  return authorization === `Basic ${basic}` || authorization === `Bearer ${tokenOf(login)}`;
}

/** True without a catalog for the namespace host. */
function holds(
  catalogs: readonly PlacedCatalog[],
  namespaceHost: string,
  repository: string,
  name: string,
): boolean {
  const own = catalogs.filter((catalog) => catalog.namespaceHost === namespaceHost);
  if (own.length === 0) return true;
  const image = `${repository}${name.includes(':') ? '@' : ':'}${name}`;
  return own.some(({ images, prefixes }) =>
    prefixes.some((prefix) => image.startsWith(prefix) && images.includes(image.slice(prefix.length))),
  );
}

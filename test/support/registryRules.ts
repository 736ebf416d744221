import type { Reply } from '../../src/proof/standIn/server.ts';
import type { SyntheticImage } from '../../src/proof/standIn/image.ts';

/** A registry for tests: where it listens, and what it answers. Plain data, so that a case with registries can be kept as JSON. */
export interface RegistryDouble {
  readonly address: string;
  readonly port: number;
  /** Absent for plain HTTP. */
  readonly certificate?: ServerCertificate;
  /** What happens instead of an answer to the first request; connections are served where this is absent. */
  readonly connection?: ConnectionFault;
  /** The first rule that fits answers. Where none does, the registry has the image of the case under every name. */
  readonly rules?: readonly Rule[];
}

/** Who signed a server's certificate, and what is wrong with it. */
export interface ServerCertificate {
  /** The system's authority is trusted by the node; the private one only where the node's configuration names it. */
  readonly authority: 'system' | 'private';
  /** DNS names and addresses for which it is valid. */
  readonly names: readonly string[];
  readonly expired?: boolean;
  /** Clients have to show a certificate of the private authority. */
  readonly asksForClientCertificate?: boolean;
}

/** It is closed at the first byte, never served, or there is a server of another protocol. */
export type ConnectionFault = 'closed' | 'silent' | 'other-protocol';

export interface Rule {
  readonly method?: string;
  /** A part of the path and query. */
  readonly path?: string;
  /** The whole value of the header, or the beginning of it where this ends in `*`; empty for a request without one. */
  readonly authorization?: string;
  /** For how many requests it holds; for all where this is absent. */
  readonly times?: number;
  readonly answer: Answer;
}

export type Answer =
  /** The image of the case; headers that are null are left out. */
  | { readonly kind: 'image'; readonly headers?: Readonly<Record<string, string | null>> }
  | {
      readonly kind: 'reply';
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string;
    }
  /** The request is never answered, or the connection is closed, or something is sent that is no HTTP. */
  | { readonly kind: 'silence' }
  | { readonly kind: 'close' }
  | { readonly kind: 'garbage' };

/** What a registry is asked. */
export interface RegistryRequest {
  readonly method: string;
  /** Path and query, as on the request line. */
  readonly target: string;
  readonly authorization: string;
}

/** What a registry double answers, one request after another: the same for the real server and for a simulated one. */
export class RegistryAnswers {
  readonly #rules: readonly Rule[];
  readonly #image: SyntheticImage;
  readonly #used = new Map<Rule, number>();

  constructor({ rules = [] }: RegistryDouble, image: SyntheticImage) {
    this.#rules = rules;
    this.#image = image;
  }

  answer(request: RegistryRequest): Reply {
    const rule = this.#rules.find((candidate) => this.#fits(candidate, request));
    if (rule) this.#used.set(rule, (this.#used.get(rule) ?? 0) + 1);
    const answer = rule?.answer ?? { kind: 'image' };
    if (answer.kind === 'image') return serveImage(this.#image, request.target, answer.headers ?? {});
    if (answer.kind !== 'reply') return answer;
    const { status, headers = {}, body = '' } = answer;
    return { kind: 'reply', status, headers, body: Buffer.from(body) };
  }

  #fits(rule: Rule, { method, target, authorization }: RegistryRequest): boolean {
    if ((this.#used.get(rule) ?? 0) >= (rule.times ?? Infinity)) return false;
    if (rule.method !== undefined && rule.method !== method) return false;
    if (rule.path !== undefined && !target.includes(rule.path)) return false;
    return rule.authorization === undefined || matchesAuthorization(rule.authorization, authorization);
  }
}

function matchesAuthorization(wanted: string, value: string): boolean {
  return wanted.endsWith('*') ? value.startsWith(wanted.slice(0, -1)) : value === wanted;
}

/** The manifest under every tag and under its digest; blobs under theirs. */
function serveImage(
  { manifest, config, layer }: SyntheticImage,
  target: string,
  changed: Readonly<Record<string, string | null>>,
): Reply {
  const [, kind, name = ''] = /\/(manifests|blobs)\/([^/?]+)(?:\?|$)/.exec(target) ?? [];
  const isDigest = name.includes(':');
  const found =
    kind === 'manifests'
      ? isDigest && name !== manifest.digest
        ? undefined
        : manifest
      : [config, layer].find(({ digest }) => kind === 'blobs' && digest === name);
  if (!found) return { kind: 'reply', status: 404, headers: {}, body: Buffer.from('{"errors":[]}') };
  const headers: Record<string, string> = {
    'Content-Type': kind === 'manifests' ? found.mediaType : 'application/octet-stream',
    'Docker-Content-Digest': found.digest,
  };
  for (const [header, value] of Object.entries(changed)) {
    if (value === null) delete headers[header];
    else headers[header] = value;
  }
  return { kind: 'reply', status: 200, headers, body: found.bytes };
}

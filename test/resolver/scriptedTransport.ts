import { createHash } from 'node:crypto';
import type { HeaderField } from '../../src/hosts/hostsFile.ts';
import {
  TransportError,
  type RegistryRequest,
  type RegistryResponse,
  type Transport,
  type TransportOptions,
} from '../../src/resolver/transport.ts';

/** An answer in short: its status, header and text, or why there is none. */
export type Answer =
  | {
      readonly status?: number;
      readonly header?: Readonly<Record<string, string | readonly string[]>>;
      readonly text?: string;
    }
  | TransportError;

/** Answers requests by a function, and keeps them. */
export class ScriptedTransport implements Transport {
  readonly #answer: (request: RegistryRequest) => Answer;
  readonly requests: RegistryRequest[] = [];
  readonly options: TransportOptions[] = [];

  constructor(answer: (request: RegistryRequest) => Answer) {
    this.#answer = answer;
  }

  async send(request: RegistryRequest, options: TransportOptions): Promise<RegistryResponse> {
    await Promise.resolve();
    this.requests.push(request);
    this.options.push(options);
    const answer = this.#answer(request);
    if (answer instanceof TransportError) throw answer;
    const { status = 200, header = {}, text = '' } = answer;
    const body = new TextEncoder().encode(text);
    const fields = Object.entries({ 'content-length': `${body.length}`, ...header });
    return {
      status,
      reason: 'Reason',
      header: fields.map(([name, value]): HeaderField => ({ name, values: [value].flat() })),
      body: request.method === 'HEAD' ? new Uint8Array() : body,
    };
  }

  /** Method and URL of each request. */
  get lines(): readonly string[] {
    return this.requests.map(({ method, url }) => `${method} ${url}`);
  }
}

export const manifestType = 'application/vnd.oci.image.manifest.v1+json';
export const indexType = 'application/vnd.oci.image.index.v1+json';
export const configType = 'application/vnd.oci.image.config.v1+json';
export const layerType = 'application/vnd.oci.image.layer.v1.tar+gzip';

/** Some content with its digest. */
export interface Content {
  readonly mediaType: string;
  readonly text: string;
  readonly digest: string;
}

export function content(mediaType: string, data: unknown): Content {
  const text = typeof data === 'string' ? data : JSON.stringify(data);
  return { mediaType, text, digest: `sha256:${createHash('sha256').update(text).digest('hex')}` };
}

/** What a manifest says of some content. */
export function describe({ mediaType, text, digest }: Content, rest: object = {}): object {
  return { mediaType, digest, size: text.length, ...rest };
}

/** An image: its manifest first, then its config and layers. */
export function image(layerCount = 2): readonly [Content, ...Content[]] {
  const layers = Array.from({ length: layerCount }, (_, index) => content(layerType, `layer ${index}`));
  const config = content(configType, { rootfs: { diff_ids: layers.map(({ digest }) => digest) } });
  const manifest = content(manifestType, {
    config: describe(config),
    layers: layers.map((layer) => describe(layer)),
  });
  return [manifest, config, ...layers];
}

/** A registry that has some content; the first is what every tag stands for. */
export function registryWith(
  contents: readonly [Content, ...Content[]],
): (request: RegistryRequest) => Answer {
  return ({ url }) => {
    const name = /[^/?]*(?=\?|$)/.exec(url)?.[0] ?? '';
    const found = name.startsWith('sha256:') ? contents.find(({ digest }) => digest === name) : contents[0];
    if (!found) return { status: 404 };
    const { mediaType, text, digest } = found;
    return { text, header: { 'Content-Type': mediaType, 'Docker-Content-Digest': digest } };
  };
}

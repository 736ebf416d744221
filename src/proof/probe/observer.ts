import type { Platform } from '../../resolver/platform.ts';
import type {
  RegistryRequest,
  RegistryResponse,
  Transport,
  TransportOptions,
} from '../../resolver/transport.ts';

/** Hands requests on, and keeps what their outcome does not tell: which answers are web pages, and what an index has. */
export class Observer implements Transport {
  readonly #transport: Transport;
  /** The URLs that were answered with a web page. */
  readonly pages = new Set<string>();
  /** The platforms of the last index that was read, as `linux/arm64`; undefined where there was none. */
  platforms: readonly string[] | undefined;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  async send(request: RegistryRequest, options: TransportOptions): Promise<RegistryResponse> {
    const response = await this.#transport.send(request, options);
    if (response.status < 300) this.#look(request, response);
    return response;
  }

  #look({ url, method }: RegistryRequest, { header, body }: RegistryResponse): void {
    const fields = header.filter(({ name }) => name.toLowerCase() === 'content-type');
    const type = fields.flatMap(({ values }) => values).join();
    if (/^text\/html\b/i.test(type)) this.pages.add(url);
    if (method === 'GET' && /index|manifest\.list/.test(type)) this.platforms = readPlatforms(body);
  }
}

const maxPlatforms = 20;

function readPlatforms(body: Uint8Array): readonly string[] | undefined {
  const manifests = property(parse(body), 'manifests');
  if (!Array.isArray(manifests)) return undefined;
  const names = manifests.flatMap((child: unknown) => {
    const platform = property(child, 'platform');
    const parts = ['os', 'architecture', 'variant'].map((name) => property(platform, name));
    const words = parts.filter((part): part is string => typeof part === 'string' && part !== '');
    // Attestations say `unknown/unknown`; whatever else is no word is no platform.
    return words.length > 1 && words.every((word) => /^(?!unknown$)[\w.-]{1,32}$/.test(word))
      ? [words.join('/')]
      : [];
  });
  return [...new Set(names)].slice(0, maxPlatforms);
}

function parse(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch {
    return undefined;
  }
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

/** The name of a platform as an index has it. */
export function formatPlatform({ os, architecture }: Platform): string {
  return `${os}/${architecture}`;
}

import { splitHostPort } from '../hosts/goText.ts';
import { parseGoUrl } from '../hosts/goUrl.ts';
import { isLoopback, parseIpAddress } from '../hosts/ipAddress.ts';
import type { Capability, Sourced } from '../hosts/hostsFile.ts';
import type { DockerForm, NodeConfiguration } from './nodeConfiguration.ts';
import type { RegistryHost } from './registryHost.ts';

const pullCapabilities: readonly Capability[] = ['pull', 'resolve'];

/**
 * The registries that dockerd asks, in order. Mirrors serve Docker Hub alone; a registry that need not be
 * secure is asked by HTTPS without verification and then by HTTP. Names among the insecure registries are not
 * looked up, so that one whose address is in a CIDR block is found only where the image names the address.
 */
// moby v28 daemon/pkg/registry/service_v2.go lookupV2Endpoints
export function dockerHosts(
  configuration: NodeConfiguration,
  form: DockerForm,
  namespaceHost: string,
): readonly RegistryHost[] {
  const insecure = new InsecureRegistries(form.insecureRegistries);
  const hasCredentials = (host: string): boolean =>
    configuration.credentials.some((known) => known.host === host);
  const ask = (scheme: string, host: string, rest: Partial<RegistryHost>): RegistryHost => ({
    scheme,
    host,
    path: '/v2',
    capabilities: pullCapabilities,
    tls: { skipVerify: insecure.has(host), ca: [], client: [] },
    header: [],
    httpFallback: false,
    ownClient: true,
    rewrites: [],
    role: 'default',
    credentials: hasCredentials(host),
    ...rest,
  });
  if (namespaceHost === 'docker.io') {
    const mirrors = form.registryMirrors.flatMap(({ value, location }) => {
      const mirror = parseMirror(value);
      return mirror
        ? [ask(mirror.scheme, mirror.host, { path: mirror.path, role: 'mirror', source: location })]
        : [];
    });
    return [
      ...mirrors,
      ask('https', 'registry-1.docker.io', { tls: { skipVerify: false, ca: [], client: [] } }),
    ];
  }
  const secure = ask('https', namespaceHost, {});
  return insecure.has(namespaceHost) ? [secure, ask('http', namespaceHost, {})] : [secure];
}

/**
 * A mirror that dockerd takes: with a scheme of its own, without a login, query or fragment. With others it
 * does not start.
 */
// moby v28 daemon/pkg/registry/config.go ValidateMirror
function parseMirror(
  text: string,
): { readonly scheme: string; readonly host: string; readonly path: string } | undefined {
  const parsed = parseGoUrl(text.trim(), { refusesExtraColons: false, checksIpLiterals: true });
  if (!parsed.ok || /[?#]|\/\/[^/]*@/.test(text)) return undefined;
  const { scheme, host, path } = parsed.url;
  if ((scheme !== 'http' && scheme !== 'https') || host === '') return undefined;
  return { scheme, host, path: `${path.replace(/\/$/, '')}/v2` };
}

/** The registries that need not be secure: those named, those in a CIDR block and all loopback addresses. */
// moby v28 daemon/pkg/registry/config.go isSecureIndex, loadInsecureRegistries
class InsecureRegistries {
  readonly #names = new Set<string>();
  readonly #blocks: (readonly [address: readonly number[], bits: number])[] = [];

  constructor(entries: readonly Sourced<string>[]) {
    for (const { value } of entries) {
      const name = value.replace(/^https?:\/\//i, '');
      const block = parseBlock(name);
      if (block) this.#blocks.push(block);
      else this.#names.add(name);
    }
  }

  has(host: string): boolean {
    if (this.#names.has(host)) return true;
    const name = splitHostPort(host)?.host ?? host;
    if (name === 'localhost') return true;
    const address = parseIpAddress(name.replaceAll(/^\[|\]$/g, ''));
    if (!address) return false;
    return isLoopback(address) || this.#blocks.some(([network, bits]) => isWithin(address, network, bits));
  }
}

/** The address and the number of leading bits of a CIDR block; undefined for any other text. */
export function parseBlock(text: string): readonly [address: readonly number[], bits: number] | undefined {
  const [, written = '', bits = ''] = /^([^/]+)\/(\d{1,3})$/.exec(text) ?? [];
  const address = parseIpAddress(written);
  return address && Number(bits) <= address.length * 8 ? [address, Number(bits)] : undefined;
}

function isWithin(address: readonly number[], network: readonly number[], bits: number): boolean {
  if (address.length !== network.length) return false;
  return address.every((byte, index) => {
    const used = Math.min(Math.max(bits - index * 8, 0), 8);
    const mask = (0xff << (8 - used)) & 0xff;
    return (byte & mask) === ((network[index] ?? 0) & mask);
  });
}

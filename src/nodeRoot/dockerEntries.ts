import { splitHostPort } from '../hosts/goText.ts';
import { parseGoUrl } from '../hosts/goUrl.ts';
import { parseIpAddress } from '../hosts/ipAddress.ts';
import { isDomain } from '../registries/namespaceHost.ts';
import { parseBlock } from '../resolver/dockerHosts.ts';
import type { Profile } from '../resolver/profile.ts';

/** Why dockerd does not start with a text among its mirrors; undefined for one that it takes. Fits behind the text. */
// moby v28 daemon/pkg/registry/config.go ValidateMirror
export function findMirrorMistake(mirror: string, { version }: Profile): string | undefined {
  if (!/^[^:]+:\/\//.test(mirror)) return 'has no scheme: it must begin with `https://` or `http://`';
  const parsed = parseGoUrl(mirror, { refusesExtraColons: false, checksIpLiterals: true });
  if (!parsed.ok) return 'is no URL';
  const { scheme, path, query } = parsed.url;
  if (scheme !== 'http' && scheme !== 'https')
    return `begins with \`${scheme}://\` instead of \`https://\` or \`http://\``;
  if (query !== undefined || mirror.includes('#')) return 'has a query or a fragment';
  if (/\/\/[^/]*@/.test(mirror)) return 'has a login in it';
  const [major = ''] = version.split('.');
  const isOld = major !== '' && Number(major) < 24;
  return isOld && path !== '' && path !== '/'
    ? `has a path, which dockerd takes since version 24`
    : undefined;
}

/** Why dockerd does not start with a text among its insecure registries; undefined for a host, host:port or CIDR block. */
// moby v28 daemon/pkg/registry/config.go loadInsecureRegistries, validateHostPort
export function findInsecureRegistryMistake(registry: string): string | undefined {
  if (registry.startsWith('-') || registry.endsWith('-')) return 'it begins or ends with a hyphen';
  if (registry.includes('://')) return 'it has a scheme';
  if (parseBlock(registry)) return undefined;
  if (/\s/.test(registry)) return 'it has a space in it';
  const { host, port } = splitHostPort(registry) ?? { host: registry, port: '' };
  if (!isDomain(registry) && !parseIpAddress(host)) return `\`${host}\` is no host`;
  return port !== '' && Number(port) > 65_535 ? `${port} is no port` : undefined;
}

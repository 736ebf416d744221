import type { HostFields } from '../../hosts/hostsFile.ts';
import type { Location } from '../../source/location.ts';
import type { Check, Problem } from '../check.ts';
import { locatedHosts, type LocatedHost } from '../hostsFiles.ts';
import { writeValue } from '../writeFix.ts';

export const hostsFileHost: Check = {
  id: 'hosts-file-host',
  severity: 'error',
  summary: 'a host in hosts.toml without a scheme, with TLS settings on plain HTTP, or under a wrong name',
  documentation:
    'In hosts.toml a host without a scheme is always asked by HTTPS, and any scheme but `http://` and `https://`, in small ' +
    'letters, is taken for the name of a host. `skip_verify`, `ca` and `client` are about certificates: on an `http://` host ' +
    'they have no use, and containerd 1.7.8 and later then try HTTPS first, unless its port is 80. `https://docker.io` is ' +
    'taken as it stands, and is no registry: Docker Hub answers at `https://registry-1.docker.io`.',
  *run({ hostsFiles }) {
    for (const host of hostsFiles.flatMap(locatedHosts)) yield* hostProblems(host);
  },
};

function* hostProblems({ url, fields, location }: LocatedHost): Generator<Problem> {
  if (/^https?:\/\/docker\.io(\/|$)/.test(url)) yield dockerHub(url, location);
  if (/:\/\/.*:\/\//.test(url)) yield twoUrls(url, location);
  else if (url.startsWith('http://')) yield* tlsOnPlainHttp(url, fields, location);
  else if (!url.startsWith('https://'))
    yield url.includes('://') ? otherScheme(url, location) : withoutScheme(url, location);
}

function dockerHub(url: string, location: Location): Problem {
  const mended = url.replace('docker.io', 'registry-1.docker.io');
  return {
    severity: 'warning',
    message: `Docker Hub does not answer at \`${url}\`, so pulls that come to this host fail`,
    location,
    fix: writeValue(location, mended),
  };
}

function twoUrls(url: string, location: Location): Problem {
  return {
    message: `\`${url}\` is two URLs in one: containerd takes the second for a path of the first`,
    location,
    fix: { message: 'write one of them' },
  };
}

function withoutScheme(url: string, location: Location): Problem {
  return {
    message: `\`${url}\` has no scheme, so it is asked by HTTPS; a plain-HTTP registry answers "server gave HTTP response to HTTPS client"`,
    location,
    fix: { message: `write \`http://${url}\`, or \`https://${url}\` if the registry has TLS` },
  };
}

// containerd core/remotes/docker/config/hosts.go parseHostConfig
function otherScheme(url: string, location: Location): Problem {
  const [scheme = '', rest = ''] = url.split('://');
  return {
    message: `\`${scheme}://\` is neither http:// nor https://, so containerd looks for a host named \`${scheme}\``,
    location,
    fix: { message: `write \`https://${rest}\`, or \`http://${rest}\` if the registry has no TLS` },
  };
}

function* tlsOnPlainHttp(url: string, fields: HostFields, location: Location): Generator<Problem> {
  const setting = fields.skipVerify ? 'skip_verify' : fields.ca ? 'ca' : fields.client ? 'client' : undefined;
  if (!setting) return;
  const isPort80 = /^http:\/\/[^/]+:80(\/|$)/.test(url);
  const consequence = isPort80
    ? 'it has no effect'
    : 'containerd 1.7.8 and later try HTTPS first because of it';
  yield {
    severity: 'warning',
    message: `\`${setting}\` is about certificates, and \`${url}\` is plain HTTP: ${consequence}`,
    location: (fields.skipVerify ?? fields.ca ?? fields.client)?.location ?? location,
    fix: { message: `remove \`${setting}\`` },
  };
}

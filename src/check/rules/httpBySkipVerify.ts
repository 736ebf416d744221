import { parseEndpoint, type Endpoint } from '../../registries/endpoint.ts';
import type { Location } from '../../source/location.ts';
import type { Check, Problem } from '../check.ts';
import { groupBy } from '../../source/groupBy.ts';

export const httpBySkipVerify: Check = {
  id: 'http-by-skip-verify',
  severity: 'error',
  summary: '`insecure_skip_verify` where plain HTTP is meant, or where it does nothing',
  documentation:
    '`insecure_skip_verify` accepts any certificate of an HTTPS server. It does not switch to plain HTTP: only an endpoint that ' +
    'begins with `http://` does. Beside such an endpoint it has no use, and k3s then makes containerd try HTTPS first. A ' +
    'registry that has TLS is better named by an `https://` endpoint too; on a port that is not one of plain HTTP (5000, 80) ' +
    'this is only a warning.',
  *run({ writtenMirrors, writtenConfigs }) {
    const results = writtenMirrors.flatMap((mirror) =>
      mirror.endpoints.map(({ value }) => parseEndpoint(value)),
    );
    const endpoints = results.flatMap((result) => (result.ok ? [result.endpoint] : []));
    const byHost = groupBy(endpoints, ({ host }) => host);
    for (const { host, tls } of writtenConfigs) {
      if (!tls?.insecureSkipVerify?.value || host.value === '*') continue;
      const own = byHost.get(host.value) ?? [];
      const problem = findProblem(host.value, tls.insecureSkipVerify.location, own);
      if (problem) yield problem;
    }
  },
};

function findProblem(host: string, location: Location, endpoints: readonly Endpoint[]): Problem | undefined {
  const written = endpoints.filter(({ hasScheme }) => hasScheme);
  if (written.some(({ scheme }) => scheme === 'https')) return undefined;
  if (written.length > 0) {
    // Only k3s writes the setting beside such an endpoint into hosts.toml.
    const hasEffect = !host.endsWith(':80') && !location.file.endsWith('.toml');
    const effect = hasEffect ? '; on k3s it makes containerd try HTTPS first' : '';
    return {
      severity: 'warning',
      message: `\`${host}\` is asked by plain HTTP, where there is no certificate to skip${effect}`,
      location,
      fix: { message: 'remove `insecure_skip_verify`' },
    };
  }
  const [, port] = /:(\d+)$/.exec(host) ?? [];
  if (port === undefined || port.endsWith('443')) return undefined;
  const isLikelyHttp = port === '5000' || port === '80' || endpoints.length > 0;
  return {
    severity: isLikelyHttp ? 'error' : 'warning',
    message: `\`insecure_skip_verify\` only skips the certificate: \`${host}\` is still asked by HTTPS, and a plain-HTTP registry answers "server gave HTTP response to HTTPS client"`,
    location,
    fix: {
      message: `for plain HTTP write ${mirrorOf(host, location)}; for HTTPS write that endpoint with https://`,
    },
  };
}

/** The mirror that asks a host by plain HTTP, in the language of the file. */
function mirrorOf(host: string, { file }: Location): string {
  return file.endsWith('.toml')
    ? `\`endpoint = ["http://${host}"]\` under \`registry.mirrors."${host}"\``
    : `\`mirrors: {"${host}": {endpoint: ["http://${host}"]}}\``;
}

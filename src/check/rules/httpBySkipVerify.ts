import { parseEndpoint } from '../../registries/endpoint.ts';
import type { Check } from '../check.ts';

export const httpBySkipVerify: Check = {
  id: 'http-by-skip-verify',
  severity: 'error',
  summary: '`insecure_skip_verify` where plain HTTP is meant, or where it does nothing',
  documentation:
    '`insecure_skip_verify` accepts any certificate of an HTTPS server. It does not switch to plain HTTP: only an endpoint that ' +
    'begins with `http://` does. Beside such an endpoint it has no use, and containerd 1.7.8 and later then try HTTPS first.',
  *run({ writtenMirrors, writtenConfigs }) {
    const endpoints = writtenMirrors.flatMap((mirror) => mirror.endpoints.map(({ value }) => parseEndpoint(value)));
    const schemes = (host: string): Set<string> =>
      new Set(endpoints.flatMap((result) => (result.ok && result.endpoint.host === host && result.endpoint.hasScheme ? [result.endpoint.scheme] : [])));
    for (const { host, tls } of writtenConfigs) {
      if (!tls?.insecureSkipVerify?.value || host.value === '*') continue;
      const { location } = tls.insecureSkipVerify;
      const written = schemes(host.value);
      if (written.has('https')) continue;
      if (written.has('http')) {
        yield {
          severity: 'warning',
          message: `\`${host.value}\` is asked by plain HTTP, where there is no certificate to skip; on k3s it makes containerd try HTTPS first`,
          location,
          fix: { message: 'remove `insecure_skip_verify`' },
        };
      } else if (/:\d+$/.test(host.value)) {
        yield {
          message: `\`insecure_skip_verify\` only skips the certificate: \`${host.value}\` is still asked by HTTPS, and a plain-HTTP registry answers "server gave HTTP response to HTTPS client"`,
          location,
          fix: { message: `for plain HTTP write \`mirrors: {"${host.value}": {endpoint: ["http://${host.value}"]}}\`; for HTTPS write that endpoint with https://` },
        };
      }
    }
  },
};

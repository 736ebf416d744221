import { isLoopback, parseEndpoint } from '../../registries/endpoint.ts';
import type { Check } from '../check.ts';

export const endpointWithoutScheme: Check = {
  id: 'endpoint-without-scheme',
  severity: 'error',
  summary: 'an endpoint without `http://` or `https://`',
  documentation:
    'containerd and k3s ask an endpoint without a scheme by HTTPS, so a registry that speaks plain HTTP answers with ' +
    '`http: server gave HTTP response to HTTPS client`. Write the scheme. Where TLS settings for the host or port 443 show ' +
    'that HTTPS is meant, this is only a warning.',
  *run({ writtenMirrors, writtenConfigs }) {
    const hostsWithTls = new Set(writtenConfigs.flatMap(({ host, tls }) => (tls ? [host.value] : [])));
    for (const { value, location } of writtenMirrors.flatMap(({ endpoints }) => endpoints)) {
      const result = parseEndpoint(value);
      if (!result.ok || result.endpoint.hasScheme || isLoopback(result.endpoint.hostname)) continue;
      const { host, port } = result.endpoint;
      const isHttpsMeant = hostsWithTls.has(host) || port === 443;
      const scheme = isHttpsMeant ? 'https' : 'http';
      yield {
        severity: isHttpsMeant ? 'warning' : 'error',
        message:
          `the endpoint \`${value}\` has no scheme, so it is asked by HTTPS` +
          (isHttpsMeant ? '' : '; a plain-HTTP registry answers "server gave HTTP response to HTTPS client"'),
        location,
        fix: {
          message: `write \`${scheme}://${value}\`${isHttpsMeant ? '' : `, or \`https://${value}\` if the registry has TLS`}`,
          edit: { location, replacement: `"${scheme}://${value}"` },
        },
      };
    }
  },
};

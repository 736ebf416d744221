import { isLoopback, parseEndpoint, type Endpoint } from '../../registries/endpoint.ts';
import type { RegistryConfig } from '../../registries/registries.ts';
import type { Located } from '../../source/location.ts';
import type { Check, Problem } from '../check.ts';
import { groupBy } from '../../source/groupBy.ts';
import { isPrivateHost } from '../privateHost.ts';
import { writeValue } from '../writeFix.ts';

export const endpointWithoutScheme: Check = {
  id: 'endpoint-without-scheme',
  severity: 'error',
  summary: 'an endpoint without `http://` or `https://`',
  documentation:
    'containerd and k3s ask an endpoint without a scheme by HTTPS, so a registry that speaks plain HTTP answers with ' +
    '`http: server gave HTTP response to HTTPS client`. Write the scheme. Where a CA for the host, port 443, or a public name ' +
    'without a port show that HTTPS is meant, this is only a warning.',
  *run({ writtenMirrors, writtenConfigs }) {
    const configs = groupBy(writtenConfigs, ({ host }) => host.value);
    for (const written of writtenMirrors.flatMap(({ endpoints }) => endpoints)) {
      const result = parseEndpoint(written.value);
      if (!result.ok || result.endpoint.hasScheme || isLoopback(result.endpoint.hostname)) continue;
      yield describe(written, findMeant(result.endpoint, configs.get(result.endpoint.host) ?? []));
    }
  },
};

type Meant = 'http' | 'https' | 'unclear';

/** What the rest of the file tells of the scheme: `unclear` where only `insecure_skip_verify` speaks for HTTPS. */
function findMeant({ hostname, port }: Endpoint, configs: readonly RegistryConfig[]): Meant {
  const settings = configs.flatMap(({ tls }) => tls ?? []);
  const isPublicName = port === undefined && /\.[a-z]+$/i.test(hostname) && !isPrivateHost(hostname);
  if (port === 443 || isPublicName || settings.some(({ caFile, certFile }) => caFile ?? certFile))
    return 'https';
  // `insecure_skip_verify` is often thought to switch to HTTP, which it does not.
  if (port === 5000 || port === 80) return 'http';
  return settings.some(({ insecureSkipVerify }) => insecureSkipVerify?.value) ? 'unclear' : 'http';
}

function describe({ value, location }: Located<string>, meant: Meant): Problem {
  const message = `the endpoint \`${value}\` has no scheme, so it is asked by HTTPS`;
  const [http, https] = [`http://${value}`, `https://${value}`];
  if (meant === 'http') {
    return {
      message: `${message}; a plain-HTTP registry answers "server gave HTTP response to HTTPS client"`,
      location,
      fix: {
        message: `write \`${http}\`, or \`${https}\` if the registry has TLS`,
        edit: { location, replacement: `"${http}"` },
      },
    };
  }
  const fix =
    meant === 'https'
      ? writeValue(location, https)
      : { message: `write \`${https}\`, or \`${http}\` if the registry has no TLS` };
  return { severity: 'warning', message, location, fix };
}

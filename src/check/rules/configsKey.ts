import { parseEndpoint } from '../../registries/endpoint.ts';
import { findHostMistake } from '../../registries/namespaceHost.ts';
import type { Registries } from '../../registries/registries.ts';
import { suggest } from '../../source/suggest.ts';
import type { Check, CheckContext, Problem } from '../check.ts';
import type { RegistryConfig } from '../../registries/registries.ts';

export const configsKey: Check = {
  id: 'configs-key',
  severity: 'error',
  summary: 'a key of `configs` that is no host which is ever asked',
  documentation:
    'Login and TLS settings are looked up by the host and port that are really asked: those of the endpoint, as its URL has ' +
    'them, and not the name that is mirrored. A key with a scheme or a path never matches. Docker Hub is asked at ' +
    '`registry-1.docker.io`; k3s takes `docker.io` for it only since the middle of 2025.',
  *run(context) {
    const asked = hostsAsked(context);
    for (const config of context.writtenConfigs) {
      const problem = findProblem(config, context.registries, asked);
      if (problem) yield problem;
    }
  },
};

function findProblem({ host, auth, tls }: RegistryConfig, registries: Registries, asked: ReadonlySet<string>): Problem | undefined {
  const { value, location } = host;
  const mistake = findHostMistake(value);
  if (mistake) {
    const message = `the settings under \`${value}\` are never used: ${mistake.message}`;
    if (mistake.suggestion === undefined) return { message, location };
    const edit = { location, replacement: `"${mistake.suggestion}"` };
    return { message, location, fix: { message: `write \`${mistake.suggestion}\``, edit } };
  }
  if (value === 'docker.io' && (auth || tls)) return dockerHubKey(location);
  if (value === '*' || asked.has(value) || !(auth || tls)) return undefined;
  const near = suggest(value, [...asked]);
  const mirror = registries.mirrors.get(value);
  const used = mirror ? `the pulls of \`${value}\` go to its endpoints` : `no endpoint and no image names \`${value}\``;
  const problem = { severity: 'warning' as const, message: `these settings are not used: ${used}`, location };
  const endpointHosts = mirror?.endpoints.flatMap((endpoint) => hostOf(endpoint.value)) ?? [];
  const [meant] = endpointHosts.length > 0 ? endpointHosts : near ? [near] : [];
  return meant ? { ...problem, fix: { message: `key them by the host that is asked, \`${meant}\`` } } : problem;
}

function dockerHubKey(location: Problem['location']): Problem {
  return {
    severity: 'warning',
    message: 'Docker Hub is asked at `registry-1.docker.io`; k3s before the middle of 2025 does not use settings under `docker.io` for it',
    location,
    fix: { message: 'write `registry-1.docker.io`', edit: { location, replacement: '"registry-1.docker.io"' } },
  };
}

/** Every host that a pull may ask: those of the endpoints, and those that images name. */
function hostsAsked({ writtenMirrors, discovery }: CheckContext): ReadonlySet<string> {
  const endpoints = writtenMirrors.flatMap((mirror) => mirror.endpoints.flatMap(({ value }) => hostOf(value)));
  const direct = writtenMirrors.flatMap(({ namespaceHost, endpoints: own }) => (own.length === 0 ? [namespaceHost.value] : []));
  const named = discovery.uses.flatMap(({ reference }) => (reference ? [reference.domain] : []));
  return new Set([...endpoints, ...direct, ...named]);
}

function hostOf(endpoint: string): string[] {
  const result = parseEndpoint(endpoint);
  return result.ok ? [result.endpoint.host] : [];
}

import { parseEndpoint } from '../../registries/endpoint.ts';
import { findHostMistake } from '../../registries/namespaceHost.ts';
import type { Mirror, RegistryConfig } from '../../registries/registries.ts';
import { upstreamHostOf } from '../../render/configuredMirror.ts';
import { suggest } from '../../source/suggest.ts';
import type { Check, CheckContext, Problem } from '../check.ts';
import { replaceKey } from '../replaceKey.ts';

const dockerHub = 'registry-1.docker.io';

/** Names of Docker Hub at which nobody asks it. */
const dockerHubAliases = new Set(['docker.io', 'index.docker.io', 'registry.hub.docker.com']);

export const configsKey: Check = {
  id: 'configs-key',
  severity: 'error',
  summary: 'a key of `configs` that is no host which is ever asked',
  documentation:
    'Login and TLS settings are looked up by the host and port that are really asked: those of the endpoint, as its URL has ' +
    'them, and not the name that is mirrored. A key with a scheme or a path never matches. Docker Hub is asked at ' +
    '`registry-1.docker.io`; k3s takes `docker.io` for it only since the middle of 2025, containerd never.',
  *run(context) {
    const asked = hostsAsked(context);
    for (const config of context.writtenConfigs) {
      const problem = findProblem(config, context, asked);
      if (problem) yield problem;
    }
  },
};

function findProblem(
  config: RegistryConfig,
  context: CheckContext,
  asked: ReadonlySet<string>,
): Problem | undefined {
  const { value, location } = config.host;
  const mistake = findHostMistake(value);
  if (mistake) {
    const message = `the settings under \`${value}\` are never used: ${mistake.message}`;
    if (mistake.suggestion === undefined) return { message, location };
    const meant = dockerHubAliases.has(mistake.suggestion) ? dockerHub : mistake.suggestion;
    return { message, location, fix: replaceKey(location, meant) };
  }
  if (value === '*' || !hasSettings(config)) return undefined;
  return mirroredNameKey(config, context) ?? dockerHubKey(config) ?? unusedKey(config, asked);
}

function hasSettings({ auth, tls }: RegistryConfig): boolean {
  return auth !== undefined || tls !== undefined;
}

/** Settings for a name whose pulls go to another host, which has none: most often they are meant for that one. */
function mirroredNameKey(
  { host }: RegistryConfig,
  { writtenMirrors, writtenConfigs }: CheckContext,
): Problem | undefined {
  const { value, location } = host;
  const endpoints = writtenMirrors
    .filter(({ namespaceHost }) => namespaceHost.value === value)
    .flatMap(hostsOf);
  const [first] = endpoints;
  const isReached = endpoints.some((endpoint) => {
    const isConfigured = writtenConfigs.some((other) => other.host.value === endpoint && hasSettings(other));
    return endpoint === upstreamHostOf(value) || isConfigured;
  });
  if (first === undefined || isReached) return undefined;
  return {
    severity: 'warning',
    message: `these settings are for \`${value}\` itself: its mirror \`${first}\` is asked first, and without them`,
    location,
    fix: { message: `key them by the host that is asked, \`${first}\`` },
  };
}

function dockerHubKey({ host: { value, location } }: RegistryConfig): Problem | undefined {
  if (!dockerHubAliases.has(value)) return undefined;
  const isKnownToK3s = value === 'docker.io';
  return {
    severity: 'warning',
    message: isKnownToK3s
      ? `Docker Hub is asked at \`${dockerHub}\`: containerd, and k3s before the middle of 2025, do not use settings under \`docker.io\` for it`
      : `Docker Hub is asked at \`${dockerHub}\`, so settings under \`${value}\` are not used for it`,
    location,
    fix: replaceKey(location, dockerHub),
  };
}

function unusedKey(
  { host: { value, location } }: RegistryConfig,
  asked: ReadonlySet<string>,
): Problem | undefined {
  if (asked.has(value)) return undefined;
  const message = `these settings are not used: no endpoint and no image names \`${value}\``;
  const near = suggest(value, [...asked]);
  const problem = { severity: 'warning' as const, message, location };
  return near === undefined
    ? problem
    : { ...problem, fix: { message: `key them by the host that is asked, \`${near}\`` } };
}

/** Every host that a pull may ask: those of the endpoints, and the registries that are mirrored or that images name. */
function hostsAsked({ writtenMirrors, discovery }: CheckContext): ReadonlySet<string> {
  const mirrored = writtenMirrors.map(({ namespaceHost }) => namespaceHost.value);
  const named = discovery.uses.flatMap(({ reference }) => (reference ? [reference.domain] : []));
  return new Set([...writtenMirrors.flatMap(hostsOf), ...[...mirrored, ...named].map(upstreamHostOf)]);
}

function hostsOf({ endpoints }: Mirror): string[] {
  return endpoints.flatMap(({ value }) => {
    const result = parseEndpoint(value);
    return result.ok ? [result.endpoint.host] : [];
  });
}

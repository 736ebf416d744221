import { parseEndpoint } from '../../registries/endpoint.ts';
import { findHostMistake } from '../../registries/namespaceHost.ts';
import type { Mirror, RegistryConfig } from '../../registries/registries.ts';
import { upstreamHostOf } from '../../render/configuredMirror.ts';
import type { Location } from '../../source/location.ts';
import { suggest } from '../../source/suggest.ts';
import type { Check, CheckContext, Problem } from '../check.ts';
import { groupBy } from '../../source/groupBy.ts';
import { writeKey } from '../writeFix.ts';

const dockerHub = 'registry-1.docker.io';

/** A key is held letter by letter against no more hosts than anybody has. */
const maxCompared = 50;

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
    const hosts = readHosts(context);
    for (const config of context.writtenConfigs) {
      const problem = findProblem(config, hosts);
      if (problem) yield problem;
    }
  },
};

function findProblem(config: RegistryConfig, hosts: Hosts): Problem | undefined {
  const { value, location } = config.host;
  const mistake = findHostMistake(value);
  if (mistake) {
    const message = `the settings under \`${value}\` are never used: ${mistake.message}`;
    if (mistake.suggestion === undefined) return { message, location };
    const meant = dockerHubAliases.has(mistake.suggestion) ? dockerHub : mistake.suggestion;
    return { message, location, fix: writeKey(location, meant) };
  }
  if (value === '*' || !hasSettings(config)) return undefined;
  return mirroredNameKey(config, hosts) ?? (hosts.asked.has(value) ? undefined : unaskedKey(config, hosts));
}

function hasSettings({ auth, tls }: RegistryConfig): boolean {
  return auth !== undefined || tls !== undefined;
}

/** Settings for a name whose pulls go to another host, which has none: most often they are meant for that one. */
function mirroredNameKey(
  { host: { value, location } }: RegistryConfig,
  { mirrors, configured }: Hosts,
): Problem | undefined {
  const endpoints = (mirrors.get(value) ?? []).flatMap(hostsOf);
  const [first] = endpoints;
  const isReached = endpoints.some(
    (endpoint) => endpoint === upstreamHostOf(value) || configured.has(endpoint),
  );
  if (first === undefined || isReached) return undefined;
  return {
    severity: 'warning',
    message: `these settings are for \`${value}\` itself: its mirror \`${first}\` is asked first, and without them`,
    location,
    fix: { message: `key them by the host that is asked, \`${first}\`` },
  };
}

function unaskedKey(
  { host: { value, location } }: RegistryConfig,
  { candidates, hasImages }: Hosts,
): Problem | undefined {
  if (dockerHubAliases.has(value)) return dockerHubKey(value, location);
  const near = findNear(value, candidates);
  // Where no manifest is, the images that name this host may be in another repository.
  if (near === undefined && !hasImages) return undefined;
  const message = `these settings are not used: no endpoint and no image names \`${value}\``;
  const problem = { severity: 'warning' as const, message, location };
  if (near === undefined) return problem;
  return { ...problem, fix: { message: `key them by the host that is asked, \`${near}\`` } };
}

/** The host that was probably meant: spelt alike, or the same name in another domain. */
function findNear(host: string, asked: readonly string[]): string | undefined {
  const [name = ''] = host.split(/[.:]/, 1);
  const isName = /[a-z]/i.test(name);
  return suggest(host, asked) ?? (isName ? asked.find((other) => other.startsWith(`${name}.`)) : undefined);
}

function dockerHubKey(value: string, location: Location): Problem {
  const isKnownToK3s = value === 'docker.io';
  return {
    severity: 'warning',
    message: isKnownToK3s
      ? `Docker Hub is asked at \`${dockerHub}\`: containerd, and k3s before the middle of 2025, do not use settings under \`docker.io\` for it`
      : `Docker Hub is asked at \`${dockerHub}\`, so settings under \`${value}\` are not used for it`,
    location,
    fix: writeKey(location, dockerHub),
  };
}

/** What the key of a login or of TLS settings can be held against. */
interface Hosts {
  readonly mirrors: ReadonlyMap<string, readonly Mirror[]>;
  /** Every host that a pull may ask: those of the endpoints, and the registries that are mirrored or that images name. */
  readonly asked: ReadonlySet<string>;
  /** The first of them, for which a key may be a misspelling. */
  readonly candidates: readonly string[];
  /** The hosts that have a login or TLS settings. */
  readonly configured: ReadonlySet<string>;
  /** True when manifests or registries.yaml name images. */
  readonly hasImages: boolean;
}

function readHosts({ writtenMirrors, writtenConfigs, discovery: { uses } }: CheckContext): Hosts {
  const mirrors = groupBy(writtenMirrors, ({ namespaceHost }) => namespaceHost.value);
  const named = uses.flatMap(({ reference }) => (reference ? [reference.domain] : []));
  const asked = new Set([
    ...writtenMirrors.flatMap(hostsOf),
    ...[...mirrors.keys(), ...named].map(upstreamHostOf),
  ]);
  return {
    mirrors,
    asked,
    candidates: [...asked].slice(0, maxCompared),
    configured: new Set(writtenConfigs.filter(hasSettings).map(({ host }) => host.value)),
    hasImages: uses.some(({ from }) => from !== 'sandbox'),
  };
}

function hostsOf({ endpoints }: Mirror): string[] {
  return endpoints.flatMap(({ value }) => {
    const result = parseEndpoint(value);
    return result.ok ? [result.endpoint.host] : [];
  });
}

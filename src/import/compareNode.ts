import { upstreamHostOf } from '../render/configuredMirror.ts';
import { pullPath, type NodeConfiguration } from '../resolver/nodeConfiguration.ts';
import type { RegistryHost } from '../resolver/registryHost.ts';
import { registryHosts } from '../resolver/registryHosts.ts';
import type { Location } from '../source/location.ts';
import { anyOtherHost, apiRootOf, canPull, trustKey } from './hostChain.ts';
import type { LostKind, LostSetting } from './lostSetting.ts';

/** Hosts of which every node is asked how it treats them, besides those that are configured. */
const usualHosts = ['docker.io', 'localhost', 'localhost:80', 'localhost:443', 'localhost:5000'];

/**
 * What a node does otherwise once it is configured by registries.yaml: for images from hosts that are configured on it, from those
 * that may be treated specially with what is rendered, and from any other. What holds for any other host is said only once.
 */
export function compareNode(
  original: NodeConfiguration,
  imported: NodeConfiguration,
  hosts: { readonly configured: readonly string[]; readonly others: readonly string[] },
): readonly LostSetting[] {
  const configured = new Set(hosts.configured.filter((host) => host !== '*'));
  const others = new Set(
    [...hosts.others, ...usualHosts].filter((host) => host !== '*' && !configured.has(host)),
  );
  // Two nodes that lack the same certificate may well differ besides: first, all files are taken to be in order.
  const sound = { ...original, tlsFiles: undefined };
  const soundImported = { ...imported, tlsFiles: undefined };
  const compareHost = (host: string): readonly HostDifference[] => {
    const found = compareChainsOf(sound, soundImported, host);
    return found.length > 0 ? found : compareChainsOf(original, imported, host);
  };
  const general = compareHost(anyOtherHost);
  const isGeneral = (lost: HostDifference): boolean =>
    general.some(({ kind, what }) => kind === lost.kind && what === lost.what);
  const specific = [...others].flatMap((host) => compareHost(host)).filter((lost) => !isGeneral(lost));
  const own = [...configured].flatMap((host) => compareHost(host));
  return [
    ...comparePullPath(original, imported),
    ...compareLogins(original, imported),
    ...[...own, ...specific, ...general].map(describeHostDifference),
  ];
}

function comparePullPath(original: NodeConfiguration, imported: NodeConfiguration): LostSetting[] {
  const [was, is] = [pullPath(original), pullPath(imported)];
  if (was === is || original.registry.form === 'docker') return [];
  const message =
    was === 'local'
      ? 'settings of config.toml have containerd pull images itself, without its transfer service: they stay there'
      : 'what is rendered has containerd pull images itself, without its transfer service';
  return [{ kind: 'pull-path', message }];
}

function compareLogins(original: NodeConfiguration, imported: NodeConfiguration): LostSetting[] {
  const known = new Set(imported.credentials.map(({ host }) => host));
  return original.credentials.flatMap(({ host, location }): LostSetting[] => {
    if (known.has(host)) return [];
    const message =
      host === 'docker.io'
        ? 'the login for `docker.io`: that of Docker Hub belongs under `registry-1.docker.io`'
        : `the login for \`${host}\``;
    return [{ kind: 'login', message, location }];
  });
}

/** What is otherwise for images from one host. */
interface HostDifference extends Difference {
  readonly host: string;
}

function describeHostDifference({ kind, what, host, location }: HostDifference): LostSetting {
  const name = host === anyOtherHost ? '*' : host;
  const images = name === '*' ? 'images from any other host' : `images from \`${host}\``;
  return { kind, host: name, message: `${images}: ${what}`, location };
}

function compareChainsOf(
  original: NodeConfiguration,
  imported: NodeConfiguration,
  host: string,
): readonly HostDifference[] {
  const [was, is] = [registryHosts(original, host), registryHosts(imported, host)];
  if (!was.ok) {
    if (!is.ok && is.error === was.error) return [];
    const location = locationOf(original, host);
    return [{ kind: 'refused', host, what: `no pull succeeds on the node: ${was.error}`, location }];
  }
  if (!is.ok) return [{ kind: 'refused', host, what: `no pull succeeds with what is rendered: ${is.error}` }];
  return compareChains(was.hosts, is.hosts, upstreamHostOf(host)).map((difference) => ({
    ...difference,
    host,
  }));
}

/** The file in which a host that cannot be used is configured is not known to the resolver; any place in it will do. */
function locationOf({ registry }: NodeConfiguration, host: string): Location | undefined {
  if (registry.form !== 'inline') return undefined;
  return (registry.mirrors.get(host) ?? registry.mirrors.get('*'))?.endpoints[0]?.location;
}

interface Difference {
  readonly kind: LostKind;
  /** Fits behind the images that it is about. */
  readonly what: string;
  readonly location?: Location | undefined;
}

/** @param upstream - the host of the registry itself */
function compareChains(
  was: readonly RegistryHost[],
  is: readonly RegistryHost[],
  upstream: string,
): readonly Difference[] {
  const nameOf = (host: RegistryHost): string =>
    host.host === upstream ? 'the registry itself' : `\`${keyOf(host)}\``;
  const compare = (a: RegistryHost, b: RegistryHost): Difference[] => compareFields(a, b, nameOf(a));
  const same = was.length === is.length && was.every((host, index) => keyOf(host) === keyOf(is[index]));
  if (same) return was.flatMap((host, index) => compare(host, is[index] ?? host));
  const [had, has] = [new Set(was.map(keyOf)), new Set(is.map(keyOf))];
  const missing = was
    .filter((host) => !has.has(keyOf(host)))
    .map((host) => describeMissing(host, nameOf(host)));
  const surplus = is
    .filter((host) => !had.has(keyOf(host)))
    .map((host) => describeSurplus(host, nameOf(host)));
  const shared = was.flatMap((host) => {
    const other = is.find((candidate) => keyOf(candidate) === keyOf(host));
    return other ? compare(host, other) : [];
  });
  const order: Difference[] =
    missing.length + surplus.length === 0
      ? [{ kind: 'order', what: 'the node asks its endpoints in another order, or one of them twice' }]
      : [];
  return [...missing, ...surplus, ...order, ...shared];
}

/** Where a host is: HTTPS first and HTTP afterwards is told apart from both by {@link compareFields}. */
function keyOf(host: RegistryHost | undefined): string {
  if (!host) return '';
  const scheme = host.httpFallback ? 'http' : host.scheme;
  return `${scheme}://${host.host}${apiRootOf(host)}`;
}

function describeMissing(host: RegistryHost, name: string): Difference {
  const kind: LostKind = canPull(host) ? 'endpoint' : 'capabilities';
  const why = canPull(host) ? 'cannot be written as an endpoint' : 'may not be pulled from';
  return { kind, what: `${name} ${why}, and is left out`, location: host.source };
}

function describeSurplus(host: RegistryHost, name: string): Difference {
  const what = `${name} is asked with what is rendered, and not on the node`;
  return { kind: 'fallback', what, location: host.source };
}

/** What of a host that is asked on both is not the same. */
function compareFields(was: RegistryHost, is: RegistryHost, at: string): Difference[] {
  const differences: (readonly [LostKind, string])[] = [];
  if (was.httpFallback !== is.httpFallback)
    differences.push([
      'https-first',
      was.httpFallback
        ? `${at} is asked by HTTPS first, because of a TLS setting that has no other effect`
        : `${at} is asked by HTTPS first with what is rendered`,
    ]);
  else if (was.scheme === 'https' && trustKey(was.tls) !== trustKey(is.tls))
    differences.push([
      'tls',
      trustKey(was.tls) === noTrust
        ? `the trust that the node has in ${at} for other images holds for these too with what is rendered`
        : `the trust in ${at}, or the certificate that is shown to it, is another one`,
    ]);
  if (canDo(was) !== canDo(is))
    differences.push(['capabilities', `${at} has the capabilities ${was.capabilities.join(', ')}`]);
  if (JSON.stringify(was.header) !== JSON.stringify(is.header))
    differences.push(['header', `${at} gets the headers ${was.header.map(({ name }) => name).join(', ')}`]);
  if (was.dialTimeout !== is.dialTimeout)
    differences.push(['dial-timeout', `${at} has a time limit of its own (\`dial_timeout\`)`]);
  if (rewritesOf(was) !== rewritesOf(is))
    differences.push(['rewrite', `the repositories on ${at} are rewritten otherwise`]);
  if (was.credentials !== is.credentials) differences.push(['login', `the login for ${at}`]);
  if (differences.length === 0 && was.ownClient !== is.ownClient)
    differences.push([
      'client',
      `${at} shares ${was.ownClient ? 'no' : 'its'} connections and logins with other endpoints on the node`,
    ]);
  return differences.map(([kind, what]) => ({ kind, what, location: was.source }));
}

/** That of a host without any TLS setting. */
const noTrust = trustKey({ skipVerify: false, ca: [], client: [] });

/** What matters to a pull. */
function canDo(host: RegistryHost): string {
  return `${canPull(host)} ${host.capabilities.includes('resolve')}`;
}

function rewritesOf({ rewrites }: RegistryHost): string {
  return JSON.stringify(rewrites.map(({ pattern, replacement }) => [pattern, replacement]));
}

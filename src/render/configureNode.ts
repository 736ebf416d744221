import type { HostsDirectory } from '../hosts/hostsDirectory.ts';
import type { ClusterNode } from '../node/clusterNode.ts';
import { urlOf } from '../registries/endpoint.ts';
import { findHostMistake } from '../registries/namespaceHost.ts';
import type { RegistryConfigs } from '../registries/registries.ts';
import type {
  Credential,
  DockerForm,
  HostsDirectoryForm,
  InlineConfig,
  InlineForm,
  NodeConfiguration,
} from '../resolver/nodeConfiguration.ts';
import { profileFor, type Profile } from '../resolver/profile.ts';
import { configuredMirrors, upstreamHostOf, type ConfiguredMirror } from './configuredMirror.ts';
import { hostsFileFor, k3sHostsFileFor } from './hostsFiles.ts';
import { withPrefixInPaths } from './prefixRewrite.ts';

/** Where containerd's hosts directories are kept unless the node says otherwise. */
const defaultConfigPath = '/etc/containerd/certs.d';

/** The configuration that a node has once the files that are rendered for it are in place. */
export function configureNode(node: ClusterNode): NodeConfiguration {
  const profile = profileFor(node.runtime);
  const mirrors = configuredMirrors(node.mirrors, node.configs);
  return {
    profile,
    registry: registryForm(node, profile, mirrors),
    credentials: credentials(node.configs, profile),
    forcesLocalPull: false,
  };
}

function registryForm(
  node: ClusterNode,
  profile: Profile,
  mirrors: readonly ConfiguredMirror[],
): NodeConfiguration['registry'] {
  if (profile.runtime === 'docker') return dockerForm(mirrors, node.configs);
  if (isK3s(profile)) return k3sForm(profile, mirrors, node.configs);
  const withPaths = mirrors.map(withPrefixInPaths);
  if (node.configPath?.value === '') return inlineForm(withPaths, node.configs, profile);
  const configPath = node.configPath?.value ?? defaultConfigPath;
  return hostsDirectoryForm(
    configPath,
    withPaths,
    (mirror) => hostsFileFor(mirror, node.configs),
    portableName,
  );
}

/** True for the runtimes that make containerd's configuration from registries.yaml themselves. */
export function isK3s(profile: Profile): boolean {
  return profile.runtime === 'k3s' || profile.runtime === 'rke2';
}

function k3sForm(
  profile: Profile,
  mirrors: readonly ConfiguredMirror[],
  configs: RegistryConfigs,
): HostsDirectoryForm {
  const configPath = `/var/lib/rancher/${profile.runtime}/agent/etc/containerd/certs.d`;
  return hostsDirectoryForm(
    configPath,
    mirrors,
    (mirror) => k3sHostsFileFor(mirror, configs),
    (host) => host,
  );
}

function hostsDirectoryForm(
  configPath: string,
  mirrors: readonly ConfiguredMirror[],
  hostsFile: (mirror: ConfiguredMirror) => ReturnType<typeof hostsFileFor>,
  directoryName: (host: string) => string,
): HostsDirectoryForm {
  const directories = mirrors.flatMap((mirror): [string, HostsDirectory][] => {
    const file = hostsFile(mirror);
    const name = mirror.namespaceHost === '*' ? '_default' : directoryName(mirror.namespaceHost);
    return file ? [[name, { kind: 'hosts-file', hostsFile: file }]] : [];
  });
  // Of several folders the first is looked at first, so it is the one that gets the files.
  const [path = defaultConfigPath] = configPath.split(':');
  return { form: 'hosts-directory', configPath, roots: [{ path, directories: new Map(directories) }] };
}

/** `10.10.1.106_5000_`: the form that containerd looks for first, and the only one that every file system can hold. */
// containerd core/remotes/docker/config/config_unix.go hostPaths
function portableName(host: string): string {
  const colon = host.lastIndexOf(':');
  return colon > 0 && !host.endsWith(']') ? `${host.slice(0, colon)}_${host.slice(colon + 1)}_` : host;
}

function inlineForm(
  mirrors: readonly ConfiguredMirror[],
  configs: RegistryConfigs,
  { knowsInlineTls }: Profile,
): InlineForm {
  const withEndpoints = mirrors.filter(({ endpoints }) => endpoints.length > 0);
  return {
    form: 'inline',
    mirrors: new Map(
      withEndpoints.map(({ namespaceHost, endpoints }) => [
        namespaceHost,
        { endpoints: endpoints.map(({ endpoint, location }) => ({ value: urlOf(endpoint), location })) },
      ]),
    ),
    configs: new Map(
      knowsInlineTls ? [...configs.keys()].flatMap((host) => inlineConfig(host, configs)) : [],
    ),
  };
}

function inlineConfig(host: string, configs: RegistryConfigs): [string, InlineConfig][] {
  const tls = configs.get(host)?.tls;
  if (!tls || findHostMistake(host)) return [];
  const inline = {
    skipVerify: tls.insecureSkipVerify?.value ?? false,
    ...(tls.caFile && { caFile: tls.caFile.value }),
    ...(tls.certFile && { certFile: tls.certFile.value }),
    ...(tls.keyFile && { keyFile: tls.keyFile.value }),
  };
  return [[upstreamHostOf(host), { tls: inline, location: configs.get(host)?.host.location }]];
}

function dockerForm(mirrors: readonly ConfiguredMirror[], configs: RegistryConfigs): DockerForm {
  const hub = mirrors.find(({ namespaceHost }) => namespaceHost === 'docker.io');
  const plainHttp = mirrors.flatMap(({ endpoints, upstreamHost }) =>
    endpoints.filter(({ endpoint }) => endpoint.scheme === 'http' && endpoint.host === upstreamHost),
  );
  const unverified = [...configs.values()].filter(
    ({ host, tls }) => tls?.insecureSkipVerify?.value && !findHostMistake(host.value),
  );
  const insecure = new Map([
    ...plainHttp.map(
      ({ endpoint, location }) => [endpoint.host, { value: endpoint.host, location }] as const,
    ),
    ...unverified.map(({ host }) => [host.value, host] as const),
  ]);
  return {
    form: 'docker',
    registryMirrors: (hub?.endpoints ?? []).map(({ endpoint, location }) => ({
      value: urlOf(endpoint),
      location,
    })),
    insecureRegistries: [...insecure.values()],
  };
}

// k3s pkg/agent/containerd/config.go: the key of a login goes into config.toml as it is written
function credentials(configs: RegistryConfigs, profile: Profile): Credential[] {
  const hostOf = isK3s(profile) ? (host: string): string => host : upstreamHostOf;
  return [...configs.values()]
    .filter(({ auth, host }) => auth && Object.keys(auth).length > 0 && !findHostMistake(host.value))
    .map(({ host }) => ({ host: hostOf(host.value), location: host.location }));
}

import { isLocalhost } from '../resolver/localhost.ts';
import type { NodeFiles } from '../files/nodeFiles.ts';
import { joinPath } from '../hosts/goPath.ts';
import { containerdNode, type ContainerdNode } from '../nodeRoot/containerdNode.ts';
import { canBeNamespace, findHostMistake } from '../registries/namespaceHost.ts';
import type { RegistryConfigs } from '../registries/registries.ts';
import { upstreamHostOf } from '../render/configuredMirror.ts';
import type {
  HostsDirectoryForm,
  InlineForm,
  InlineTls,
  NodeConfiguration,
} from '../resolver/nodeConfiguration.ts';
import type { Profile } from '../resolver/profile.ts';
import type { RegistryHost } from '../resolver/registryHost.ts';
import { registryHosts } from '../resolver/registryHosts.ts';
import { startOfFile, type Located } from '../source/location.ts';
import { anyOtherHost, canPull, endpointFor, hostsToName, tlsFor } from './hostChain.ts';
import { unreadSettings, type LostSetting } from './lostSetting.ts';
import type { DraftConfig, DraftMirror, DraftSettings, DraftTls, NodeDraft } from './nodeDraft.ts';

/** What registries.yaml can say of a node with containerd. */
export type RuntimeDraft = Omit<NodeDraft, 'name' | 'runtime' | 'resolves'>;

const usualConfigPath = '/etc/containerd/certs.d';

/** Reads a node's files as its containerd does, and says what it does in the words of registries.yaml. */
export function containerdDraft(files: NodeFiles, profile: Profile): RuntimeDraft {
  const node = containerdNode(files, profile);
  const { configuration, config, startupError } = node;
  const lost = [...lostSettings(node), ...unusedDirectories(files, configuration)];
  const common = { original: configuration, lost };
  if (startupError) return { ...common, mirrors: new Map(), configs: new Map(), images: [] };
  const sandboxImage = chosenSandboxImage(node);
  // Certificates that are not in the copy of its files are named all the same.
  const { mirrors, configs } = settingsOf({ ...configuration, tlsFiles: undefined });
  return {
    ...common,
    mirrors,
    configs: withLogins(configs, config.configs, configuration),
    configPath: configPathOf(configuration),
    images: sandboxImage ? [sandboxImage.value] : [],
  };
}

function configPathOf({ registry }: NodeConfiguration): string {
  if (registry.form !== 'hosts-directory') return '';
  const paths = registry.configPath.split(':');
  const absolute = paths.filter((path) => path.startsWith('/'));
  return paths.includes(usualConfigPath) ? usualConfigPath : (absolute[0] ?? usualConfigPath);
}

function lostSettings(node: ContainerdNode): LostSetting[] {
  const { file } = node.config;
  const sandboxImage = chosenSandboxImage(node);
  const headers = (node.configuration.headers ?? []).map(({ name }) => name).join(', ');
  const lost = unreadSettings(node);
  if (headers !== '') {
    const message = `the headers that every registry gets: ${headers}`;
    lost.push({ kind: 'header', message, location: startOfFile(file) });
  }
  if (sandboxImage) {
    const message = 'the sandbox image is listed under `images`, and stays a setting of config.toml';
    lost.push({ kind: 'setting', message, location: sandboxImage.location });
  }
  return lost;
}

/** The sandbox image, where it is another than containerd's own. */
function chosenSandboxImage({ config, configuration }: ContainerdNode): Located<string> | undefined {
  const image = config.sandboxImage;
  return image?.value === configuration.profile.config.pauseImage ? undefined : image;
}

/** Directories under the names of which containerd looks for nothing. */
function* unusedDirectories(files: NodeFiles, { registry }: NodeConfiguration): Generator<LostSetting> {
  if (registry.form !== 'hosts-directory') return;
  for (const { path, directories } of registry.roots) {
    for (const name of directories.keys()) {
      if (namespacesIn(name).length > 0) continue;
      yield {
        kind: 'ignored',
        message: `no image is from a host for which containerd looks into the directory \`${name}\``,
        location: startOfFile(files.nameOf(joinPath(path, name))),
      };
    }
  }
}

function settingsOf(configuration: NodeConfiguration): DraftSettings {
  const { registry } = configuration;
  if (registry.form === 'docker') return { mirrors: new Map(), configs: new Map() };
  return registry.form === 'inline'
    ? inlineSettings(configuration, registry)
    : directorySettings(configuration, registry);
}

/** `registry.mirrors` and `registry.configs`: the same rules hold for what is rendered from registries.yaml. */
function inlineSettings(configuration: NodeConfiguration, registry: InlineForm): DraftSettings {
  const mirrors = [...registry.mirrors.keys()]
    .filter((key) => !findHostMistake(key))
    .map((key): [string, DraftMirror] => {
      const hosts = hostsOf(configuration, key).filter(({ role }) => role === 'mirror');
      const named = hosts.length > 0 ? endpointsFor(hosts) : [`https://${upstreamHostOf(key)}`];
      return [key, { endpoints: named, rewrites: [] }];
    });
  const configs = [...registry.configs].flatMap(([host, { tls }]): [string, DraftConfig][] => {
    const written = tls && inlineTls(tls);
    return written && !findHostMistake(host) ? [[host, { tls: written }]] : [];
  });
  return { mirrors: new Map(mirrors), configs: new Map(configs) };
}

function inlineTls({
  skipVerify,
  caFile = '',
  certFile = '',
  keyFile = '',
}: InlineTls): DraftTls | undefined {
  const tls: DraftTls = {
    ...(caFile !== '' && { caFile }),
    ...(certFile !== '' && { certFile }),
    ...(keyFile !== '' && { keyFile }),
    ...(skipVerify && { insecureSkipVerify: true }),
  };
  return Object.keys(tls).length > 0 ? tls : undefined;
}

/** Hosts directories, by what containerd makes of them: whatever their spelling, only their effect is carried over. */
function directorySettings(configuration: NodeConfiguration, registry: HostsDirectoryForm): DraftSettings {
  const names = registry.roots.flatMap(({ directories }) => [...directories.keys()]);
  const namespaces = [...new Set(names.flatMap(namespacesIn))];
  const chains = new Map(namespaces.map((key) => [key, hostsOf(configuration, key)]));
  const tls = trustByHost(chains);
  const others = chains.get('*') ?? [];
  const wildcard = endpointsFor(hostsToName(anyOtherHost, others));
  const mirrors = new Map<string, DraftMirror>();
  const add = (key: string, endpoints: readonly string[]): unknown =>
    mirrors.set(key, { endpoints, rewrites: [] });
  for (const [key, hosts] of chains) {
    const endpoints = key === '*' ? wildcard : endpointsFor(hostsToName(key, hosts));
    const hidesWildcard = wildcard.length > 0 && key !== '*' && !tls.has(upstreamHostOf(key));
    // Its directory keeps the wildcard away from it.
    const named = endpoints.length === 0 && hidesWildcard ? endpointsFor(hosts) : endpoints;
    if (named.length > 0) add(key, named);
  }
  // Trust in a host gives it a directory of its own, where all others are for its images too.
  for (const host of tls.keys())
    if (!chains.has(namespaceOf(host)) && wildcard.length > 0) add(namespaceOf(host), wildcard);
  return { mirrors, configs: new Map([...tls].map(([host, settings]) => [host, { tls: settings }])) };
}

function namespaceOf(upstreamHost: string): string {
  return upstreamHost === 'registry-1.docker.io' ? 'docker.io' : upstreamHost;
}

/** The hosts for whose images a directory of this name may be looked up. */
// containerd v2.3.4 core/remotes/docker/config/config_unix.go hostPaths
export function namespacesIn(name: string): readonly string[] {
  if (name === '_default') return ['*'];
  const withPort = /^(.+)_([^_]*)_$/.exec(name);
  const hosts = withPort ? [`${withPort[1]}:${withPort[2]}`, name] : [name];
  return hosts.filter((host) => host !== '*' && !findHostMistake(host) && canBegin(host));
}

/** A single word is a host only where it has a capital. */
// distribution/reference normalize.go splitDockerDomain
function canBegin(host: string): boolean {
  return canBeNamespace(host) || /[A-Z]/.test(host);
}

/** The hosts that are asked for images of a namespace; `*` stands for any other. None where every pull ends in an error. */
function hostsOf(configuration: NodeConfiguration, namespace: string): readonly RegistryHost[] {
  const result = registryHosts(configuration, namespace === '*' ? anyOtherHost : namespace);
  return result.ok ? result.hosts : [];
}

function endpointsFor(hosts: readonly RegistryHost[]): readonly string[] {
  return [...new Set(hosts.filter(canPull).flatMap((host) => endpointFor(host) ?? []))];
}

/** In registries.yaml trust is by host: the first that a host has is the one that is carried over. */
function trustByHost(chains: ReadonlyMap<string, readonly RegistryHost[]>): ReadonlyMap<string, DraftTls> {
  const byHost = new Map<string, DraftTls>();
  for (const [key, hosts] of chains) {
    for (const host of hosts) {
      const tls = tlsFor(host);
      const isWritable = host.host !== anyOtherHost && !findHostMistake(host.host);
      // An own registry on the node itself is trusted by rule, without any setting.
      const isByRule = host.role === 'default' && isLocalhost(key);
      if (tls && isWritable && !isByRule && !byHost.has(host.host)) byHost.set(host.host, tls);
    }
  }
  return byHost;
}

function withLogins(
  configs: DraftSettings['configs'],
  written: RegistryConfigs,
  { credentials }: NodeConfiguration,
): DraftSettings['configs'] {
  const all = new Map(configs);
  for (const { host } of credentials) {
    const config = written.get(host);
    // containerd never asks for the login of docker.io: that of Docker Hub is under registry-1.docker.io.
    if (!config?.auth || findHostMistake(host) || upstreamHostOf(host) !== host) continue;
    const { username, password, auth, identityToken } = config.auth;
    all.set(host, {
      ...all.get(host),
      location: config.host.location,
      auth: {
        ...(username?.value && { username: username.value }),
        ...(password?.value && { password: password.value }),
        ...(auth?.value && { auth: auth.value }),
        ...(identityToken?.value && { identityToken: identityToken.value }),
      },
    });
  }
  return all;
}

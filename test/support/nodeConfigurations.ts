import { loadHostDir, type HostsDirectory } from '../../src/hosts/hostsDirectory.ts';
import type { InlineConfig, NodeConfiguration } from '../../src/resolver/nodeConfiguration.ts';
import type { Profile } from '../../src/resolver/profile.ts';

type Rest = Partial<Pick<NodeConfiguration, 'credentials' | 'forcesLocalPull' | 'tlsFiles'>>;

/** A node with hosts directories, given as the text of their `hosts.toml`. */
export function hostsDirectoryNode(
  profile: Profile,
  texts: Readonly<Record<string, string>>,
  rest: Rest & { readonly configPath?: string } = {},
): NodeConfiguration {
  const { configPath = '/etc/containerd/certs.d', ...others } = rest;
  const directories = new Map<string, HostsDirectory>();
  for (const [name, text] of Object.entries(texts)) {
    directories.set(name, loadHostDir(`certs.d/${name}`, new Map([['hosts.toml', text]]), profile));
  }
  return {
    profile,
    registry: {
      form: 'hosts-directory',
      configPath,
      roots: [{ path: '/etc/containerd/certs.d', directories }],
    },
    credentials: [],
    forcesLocalPull: false,
    ...others,
  };
}

/** A node with `registry.mirrors` and `registry.configs`. */
export function inlineNode(
  profile: Profile,
  mirrors: Readonly<Record<string, readonly string[]>>,
  configs: Readonly<Record<string, InlineConfig>> = {},
  rest: Rest = {},
): NodeConfiguration {
  const endpointsOf = (urls: readonly string[]): { endpoints: { value: string }[] } => ({
    endpoints: urls.map((value) => ({ value })),
  });
  return {
    profile,
    registry: {
      form: 'inline',
      mirrors: new Map(Object.entries(mirrors).map(([host, urls]) => [host, endpointsOf(urls)])),
      configs: new Map(Object.entries(configs)),
    },
    credentials: [],
    forcesLocalPull: false,
    ...rest,
  };
}

/** A node with dockerd. */
export function dockerNode(
  profile: Profile,
  registryMirrors: readonly string[],
  insecureRegistries: readonly string[],
): NodeConfiguration {
  return {
    profile,
    registry: {
      form: 'docker',
      registryMirrors: registryMirrors.map((value) => ({ value })),
      insecureRegistries: insecureRegistries.map((value) => ({ value })),
    },
    credentials: [],
    forcesLocalPull: false,
  };
}

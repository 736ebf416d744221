import type { HostsDirectory } from '../hosts/hostsDirectory.ts';
import { configureHosts, findDirectory } from './configureHosts.ts';
import { dockerHosts } from './dockerHosts.ts';
import { inlineHosts } from './inlineHosts.ts';
import {
  pullPath,
  type HostsDirectoryForm,
  type HostsRoot,
  type NodeConfiguration,
} from './nodeConfiguration.ts';
import type { RegistryHost } from './registryHost.ts';

/**
 * The registry hosts of a namespace in the order in which they are asked, or the error with which every pull
 * ends. A crash is the end of containerd itself, and the error the words of its panic.
 */
export type RegistryHostsResult =
  | { readonly ok: true; readonly hosts: readonly RegistryHost[] }
  | { readonly ok: false; readonly error: string; readonly isCrash?: boolean };

/** What was worked out before: a cluster has few configurations and few namespaces, and many references. */
const known = new WeakMap<NodeConfiguration, Map<string, RegistryHostsResult>>();

/** Whom a node asks for images of a namespace. Worked out once for the same object and namespace. */
export function registryHosts(configuration: NodeConfiguration, namespaceHost: string): RegistryHostsResult {
  const results = known.get(configuration) ?? new Map<string, RegistryHostsResult>();
  const found = results.get(namespaceHost);
  if (found) return found;
  const result = findHosts(configuration, namespaceHost);
  known.set(configuration, results.set(namespaceHost, result));
  return result;
}

// containerd v2.2.7 internal/cri/server/images/image_pull.go registryHosts,
// core/transfer/registry/registry.go NewOCIRegistry
function findHosts(configuration: NodeConfiguration, namespaceHost: string): RegistryHostsResult {
  const { registry } = configuration;
  if (registry.form === 'docker')
    return { ok: true, hosts: dockerHosts(configuration, registry, namespaceHost) };
  const isLocal = pullPath(configuration) === 'local';
  if (registry.form === 'inline' && isLocal) return inlineHosts(configuration, registry, namespaceHost);
  const roots = registry.form === 'hosts-directory' ? rootsOf(registry, isLocal) : [];
  return configureHosts(configuration, roots, namespaceHost);
}

/** The hosts directory that a node looks at for a namespace; undefined where it has none. */
export function hostsDirectoryFor(
  configuration: NodeConfiguration,
  namespaceHost: string,
): HostsDirectory | undefined {
  const { registry, profile } = configuration;
  if (registry.form !== 'hosts-directory') return undefined;
  const roots = rootsOf(registry, pullPath(configuration) === 'local');
  return findDirectory(roots, namespaceHost, profile)?.directory;
}

/**
 * The folders of the config path that the node has. The transfer service takes the whole text for one folder.
 */
function rootsOf({ configPath, roots }: HostsDirectoryForm, isLocal: boolean): readonly HostsRoot[] {
  const paths = isLocal ? configPath.split(':') : [configPath];
  return paths.flatMap((path) => roots.find((root) => root.path === path) ?? []);
}

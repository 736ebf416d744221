import { splitHostPort } from '../hosts/goText.ts';
import { allCapabilities, parseHostConfig, type HostConfig } from '../hosts/hostConfig.ts';
import { hostPaths, type HostsDirectory } from '../hosts/hostsDirectory.ts';
import type { HostFields, HostsFile, Rewrite } from '../hosts/hostsFile.ts';
import { joinPath } from '../hosts/goPath.ts';
import type { Location } from '../source/location.ts';
import { isLocalhost } from './localhost.ts';
import type { HostsRoot, NodeConfiguration, TlsFile } from './nodeConfiguration.ts';
import type { HttpsFirst, Profile } from './profile.ts';
import type { RegistryHost } from './registryHost.ts';
import type { RegistryHostsResult } from './registryHosts.ts';
import { tlsFilesError } from './tlsFiles.ts';

/** A host on its way from the `hosts.toml` to a registry host. */
interface Draft {
  readonly config: HostConfig;
  readonly rewrites: readonly Rewrite[];
  readonly role: RegistryHost['role'];
  readonly source?: Location | undefined;
}

/** The registry hosts of a namespace by its directory under the first of the roots that has one. */
// containerd v2.3.4 core/remotes/docker/config/hosts.go ConfigureHosts
export function configureHosts(
  configuration: NodeConfiguration,
  roots: readonly HostsRoot[],
  namespaceHost: string,
): RegistryHostsResult {
  const { profile } = configuration;
  const found = findDirectory(roots, namespaceHost, profile);
  if (found?.directory.kind === 'unreadable') return { ok: false, error: found.directory.error };
  if (found?.directory.kind === 'crash') {
    return { ok: false, error: found.directory.crash.message, isCrash: true };
  }
  const drafts = found ? loadDrafts(found.directory, found.path, profile) : [defaultDraft({}, '', profile)];
  const hosts: RegistryHost[] = [];
  for (const [index, draft] of drafts.entries()) {
    const isUpstream = index === drafts.length - 1 && draft.config.host === '';
    const { config, ...rest } = isUpstream ? upstream(draft, namespaceHost, profile) : draft;
    const error = tlsFilesError(config.ca ?? [], config.client, (path) =>
      tlsFile(configuration, path, found?.path),
    );
    if (error !== undefined) return { ok: false, error };
    const credentials = configuration.credentials.some(({ host }) => host === config.host);
    hosts.push({ ...registryHost(config, profile), ...rest, credentials });
  }
  return { ok: true, hosts };
}

/** The first directory of a namespace that the roots have. */
// containerd v2.3.4 internal/cri/server/images/image_pull.go hostDirFromRoots
export function findDirectory(
  roots: readonly HostsRoot[],
  namespaceHost: string,
  profile: Profile,
): { readonly directory: HostsDirectory; readonly path: string } | undefined {
  const names = hostPaths(namespaceHost, profile);
  for (const root of roots) {
    for (const name of names) {
      const directory = root.directories.get(name);
      if (directory) return { directory, path: joinPath(root.path, name) };
    }
  }
  return undefined;
}

// containerd v2.3.4 core/remotes/docker/config/hosts.go loadHostDir
function loadDrafts(
  directory: Extract<HostsDirectory, { readonly kind: 'hosts-file' | 'certificates' }>,
  path: string,
  profile: Profile,
): readonly Draft[] {
  if (directory.kind === 'certificates') {
    const fields = { ca: listed(directory.ca), client: listed(directory.client) };
    return [defaultDraft(fields, path, profile)];
  }
  const drafts = draftsOf(directory.hostsFile, path, profile);
  // One host that containerd cannot read makes it drop the file.
  return drafts ?? [defaultDraft({}, path, profile)];
}

function listed<T>(values: readonly T[]): { readonly value: readonly T[] } | undefined {
  return values.length > 0 ? { value: values } : undefined;
}

/** The host without a URL, which becomes the upstream of the namespace. */
function defaultDraft(fields: HostFields, path: string, profile: Profile): Draft {
  const result = parseHostConfig('', fields, path, profile);
  if (!result.ok) throw new Error(`fields that were read before are refused: ${result.error}`);
  return { config: result.hostConfig, rewrites: [], role: 'default' };
}

// containerd v2.3.4 core/remotes/docker/config/hosts.go parseHostsFile
function draftsOf(
  { server, root, hosts }: HostsFile,
  path: string,
  profile: Profile,
): readonly Draft[] | undefined {
  const drafts: Draft[] = [];
  for (const entry of hosts) {
    const result = parseHostConfig(entry.url, entry, path, profile);
    if (!result.ok) return undefined;
    drafts.push({
      config: result.hostConfig,
      rewrites: rewritesOf(entry, profile),
      role: 'mirror',
      source: entry.location,
    });
  }
  // The containerd of k3s and RKE2 appends the root only where it has a server key, empty or not.
  const hasRoot = !profile.serverKeyEnablesUpstream || server !== undefined || hosts.length === 0;
  const result = parseHostConfig(server?.value ?? '', root, path, profile);
  if (!result.ok) return undefined;
  if (hasRoot) {
    drafts.push({
      config: result.hostConfig,
      rewrites: rewritesOf(root, profile),
      role: 'server',
      source: server?.location,
    });
  }
  return drafts;
}

function rewritesOf({ rewrites }: HostFields, profile: Profile): readonly Rewrite[] {
  return profile.knowsRewrites ? (rewrites ?? []) : [];
}

/**
 * Gives the last host without a name that of the upstream. It keeps its TLS settings, header and time limit.
 */
// containerd v2.3.4 core/remotes/docker/config/hosts.go ConfigureHosts
function upstream(draft: Draft, namespaceHost: string, profile: Profile): Draft {
  const at = upstreamAddress(namespaceHost, profile);
  const config = { ...draft.config, ...at, path: '/v2', capabilities: allCapabilities(profile) };
  return { config, rewrites: draft.rewrites, role: 'default' };
}

function upstreamAddress(
  namespaceHost: string,
  profile: Profile,
): { readonly scheme: string; readonly host: string; readonly skipVerify?: boolean } {
  if (namespaceHost === 'docker.io') return { scheme: 'https', host: 'registry-1.docker.io' };
  if (!isLocalhost(namespaceHost) || profile.localhostDefault === 'https') {
    return { scheme: 'https', host: namespaceHost };
  }
  if (profile.localhostDefault === 'http') return { scheme: 'http', host: namespaceHost, skipVerify: true };
  const port = portOf(namespaceHost);
  const scheme = port === '' || port === '443' ? 'https' : 'http';
  return { scheme, host: namespaceHost, ...(port !== '80' && { skipVerify: true }) };
}

function portOf(host: string): string {
  return splitHostPort(host)?.port ?? '';
}

function registryHost(
  config: HostConfig,
  profile: Profile,
): Omit<RegistryHost, 'rewrites' | 'role' | 'source' | 'credentials'> {
  const isHttpsFirst =
    config.scheme === 'http' &&
    hasTlsSetting(config, profile) &&
    httpsFirstPorts[profile.httpsFirst](portOf(config.host));
  return {
    scheme: isHttpsFirst ? 'https' : config.scheme,
    host: config.host,
    path: config.path,
    capabilities: config.capabilities,
    tls: { skipVerify: config.skipVerify === true, ca: config.ca ?? [], client: config.client },
    header: config.header,
    httpFallback: isHttpsFirst,
    dialTimeout: config.dialTimeout,
    ownClient: hasOwnClient(config, profile),
  };
}

function hasTlsSetting({ ca, client, skipVerify, dialTimeout }: HostConfig, profile: Profile): boolean {
  if (ca !== undefined || client.length > 0 || skipVerify !== undefined) return true;
  return profile.dialTimeoutCountsAsTls && dialTimeout !== undefined;
}

function hasOwnClient(config: HostConfig, profile: Profile): boolean {
  if (hasTlsSetting(config, profile)) return true;
  return profile.headersMakeOwnClient && (config.header.length > 0 || config.dialTimeout !== undefined);
}

const httpsFirstPorts: Readonly<Record<HttpsFirst, (port: string) => boolean>> = {
  none: () => false,
  any: () => true,
  'explicit but 80': (port) => port !== '' && port !== '80',
  'any but 80': (port) => port !== '80',
};

/** What is known of a TLS file. An empty name stands for the directory itself. */
function tlsFile(
  { tlsFiles }: NodeConfiguration,
  path: string,
  directory: string | undefined,
): TlsFile | undefined {
  return path === directory ? { kind: 'directory' } : tlsFiles?.get(path);
}

import type { HostEntry, HostFields, HostsFile, Sourced } from '../hosts/hostsFile.ts';
import { urlOf } from '../registries/endpoint.ts';
import type { RegistryConfigs, Tls } from '../registries/registries.ts';
import {
  configForHost,
  isLoopbackHost,
  type ConfiguredEndpoint,
  type ConfiguredMirror,
} from './configuredMirror.ts';

/**
 * The `hosts.toml` that says to containerd what registries.yaml says of a namespace host. Undefined where there is nothing to
 * say. When the registry itself is among the endpoints, nothing else is asked after them.
 */
export function hostsFileFor(mirror: ConfiguredMirror, configs: RegistryConfigs): HostsFile | undefined {
  const entries = mirror.endpoints.map((configured) => hostEntry(configured, configs));
  const last = entries.at(-1);
  if (last && mirror.endpoints.some(({ endpoint }) => endpoint.host === mirror.upstreamHost)) {
    const { url, location, capabilities: _, ...root } = last;
    return { server: { value: url, location }, root, hosts: entries.slice(0, -1) };
  }
  const root = tlsFields(configForHost(configs, mirror.upstreamHost)?.tls);
  if (entries.length === 0 && Object.keys(root).length === 0) return undefined;
  // Without a server containerd asks each namespace's own registry last, and knows how to ask one on the node itself.
  if (mirror.namespaceHost === '*' || isLoopbackHost(mirror.namespaceHost))
    return { root: {}, hosts: entries };
  return { server: { value: `https://${mirror.upstreamHost}` }, root, hosts: entries };
}

function hostEntry({ endpoint, location }: ConfiguredEndpoint, configs: RegistryConfigs): HostEntry {
  // On an http:// host every TLS setting makes containerd try HTTPS first, so it gets none.
  const fields = endpoint.scheme === 'https' ? tlsFields(configForHost(configs, endpoint.host)?.tls) : {};
  return {
    url: urlOf(endpoint),
    location,
    capabilities: { value: ['pull', 'resolve'] },
    ...(endpoint.path !== '/v2' && { overridePath: { value: true } }),
    ...fields,
  };
}

function tlsFields(tls: Tls | undefined): HostFields {
  if (!tls) return {};
  const { caFile, certFile, keyFile, insecureSkipVerify } = tls;
  return {
    ...(caFile && { ca: { value: [caFile.value], location: caFile.location } }),
    ...(certFile &&
      keyFile && {
        client: { value: [{ cert: certFile.value, key: keyFile.value }], location: certFile.location },
      }),
    ...(insecureSkipVerify?.value && { skipVerify: insecureSkipVerify }),
  };
}

/** The `hosts.toml` that k3s and RKE2 write themselves from their registries.yaml. */
// k3s pkg/agent/containerd/config.go getHostConfigs, pkg/agent/templates/templates.go HostsTomlTemplate
export function k3sHostsFileFor(mirror: ConfiguredMirror, configs: RegistryConfigs): HostsFile | undefined {
  const isWildcard = mirror.namespaceHost === '*';
  const defaultUrl = `https://${mirror.upstreamHost}/v2`;
  const entries = mirror.endpoints.map((configured) => k3sHostEntry(configured, mirror, configs));
  const root = k3sTlsFields(configForHost(configs, mirror.upstreamHost)?.tls);
  if (entries.length === 0 && Object.keys(root).length === 0) return undefined;
  if (isWildcard)
    return entries.length > 0 ? { server: { value: '' }, root: {}, hosts: entries } : { root, hosts: [] };
  const last = entries.at(-1);
  const lastIsDefault = last?.url === defaultUrl;
  const server: Sourced<string> = lastIsDefault
    ? { value: defaultUrl, location: last.location }
    : { value: defaultUrl };
  return { server, root, hosts: lastIsDefault ? entries.slice(0, -1) : entries };
}

function k3sHostEntry(
  { endpoint, location }: ConfiguredEndpoint,
  { rewrites }: ConfiguredMirror,
  configs: RegistryConfigs,
): HostEntry {
  return {
    url: `${endpoint.scheme}://${endpoint.host}${endpoint.path}`,
    location,
    capabilities: { value: ['pull', 'resolve'] },
    ...(endpoint.path !== '/v2' && { overridePath: { value: true } }),
    ...k3sTlsFields(configForHost(configs, endpoint.host)?.tls),
    ...(rewrites.length > 0 && {
      rewrites: rewrites.map(({ pattern, replacement }) => ({
        pattern: pattern.value,
        replacement: replacement.value,
        location: pattern.location,
      })),
    }),
  };
}

function k3sTlsFields(tls: Tls | undefined): HostFields {
  if (!tls) return {};
  const { caFile, certFile, keyFile, insecureSkipVerify } = tls;
  const pair = { cert: certFile?.value ?? '', key: keyFile?.value ?? '' };
  return {
    ...(caFile && { ca: { value: [caFile.value], location: caFile.location } }),
    ...((certFile || keyFile) && { client: { value: [pair], location: (certFile ?? keyFile)?.location } }),
    ...(insecureSkipVerify?.value && { skipVerify: insecureSkipVerify }),
  };
}

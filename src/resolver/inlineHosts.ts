import { quote } from '../hosts/goText.ts';
import { parseGoUrl } from '../hosts/goUrl.ts';
import type { Capability } from '../hosts/hostsFile.ts';
import type { Location } from '../source/location.ts';
import { isLocalhost } from './localhost.ts';
import type { InlineConfig, InlineForm, InlineTls, NodeConfiguration } from './nodeConfiguration.ts';
import type { Profile } from './profile.ts';
import type { RegistryHost, TlsOptions } from './registryHost.ts';
import type { RegistryHostsResult } from './registryHosts.ts';
import { readError } from './tlsFiles.ts';

interface Endpoint {
  readonly url: string;
  readonly role: RegistryHost['role'];
  readonly location?: Location | undefined;
}

type EndpointsResult =
  | { readonly ok: true; readonly endpoints: readonly Endpoint[] }
  | { readonly ok: false; readonly error: string };

/** The registry hosts of a namespace by `registry.mirrors` and `registry.configs`. */
// containerd v1.7.34 pkg/cri/sbserver/image_pull.go registryHosts
export function inlineHosts(
  configuration: NodeConfiguration,
  form: InlineForm,
  namespaceHost: string,
): RegistryHostsResult {
  const { profile } = configuration;
  const result = registryEndpoints(form, namespaceHost, profile);
  if (!result.ok) return { ok: false, error: `get registry endpoints: ${result.error}` };
  const hosts: RegistryHost[] = [];
  for (const endpoint of result.endpoints) {
    const host = inlineHost(configuration, form, namespaceHost, endpoint);
    if ('error' in host) return { ok: false, error: host.error };
    hosts.push(host);
  }
  return { ok: true, hosts };
}

function inlineHost(
  configuration: NodeConfiguration,
  form: InlineForm,
  namespaceHost: string,
  { url, role, location }: Endpoint,
): RegistryHost | { readonly error: string } {
  const { profile } = configuration;
  const parsed = parseGoUrl(url, profile);
  if (!parsed.ok) return { error: `parse registry endpoint ${quote(url)} from mirrors: ${parsed.error}` };
  const { scheme, host, path } = parsed.url;
  const settings = profile.knowsInlineTls ? form.configs.get(host)?.tls : undefined;
  const error = settings && tlsError(settings, configuration);
  if (error !== undefined) return { error: `get TLSConfig for registry ${quote(url)}: ${error}` };
  const skipsLocalhost = scheme === 'http' && isLocalhost(namespaceHost);
  return {
    scheme,
    host,
    path: path === '' ? '/v2' : path,
    capabilities: inlineCapabilities(profile),
    tls: tlsOptions(settings, skipsLocalhost),
    header: [],
    httpFallback: false,
    ownClient: true,
    rewrites: [],
    role,
    source: location,
    credentials: configuration.credentials.some((credential) => credential.host === host),
  };
}

/**
 * The endpoints of a namespace: those of its mirror or of `*`, and the registry itself unless one of them is
 * on its host.
 */
// containerd v1.7.34 pkg/cri/sbserver/image_pull.go registryEndpoints
function registryEndpoints(form: InlineForm, namespaceHost: string, profile: Profile): EndpointsResult {
  const mirror = form.mirrors.get(namespaceHost) ?? form.mirrors.get('*');
  const endpoints: Endpoint[] = [];
  for (const { value, location } of mirror?.endpoints ?? []) {
    const url = addDefaultScheme(value, profile);
    if (!url.ok) return { ok: false, error: `parse endpoint url: ${url.error}` };
    endpoints.push({ url: url.url, role: 'mirror', location });
  }
  for (const { url } of endpoints) {
    const parsed = parseGoUrl(url, profile);
    if (!parsed.ok) return { ok: false, error: `parse endpoint url: ${parsed.error}` };
    if (parsed.url.host === namespaceHost) return { ok: true, endpoints };
  }
  const host = namespaceHost === 'docker.io' ? 'registry-1.docker.io' : namespaceHost;
  return {
    ok: true,
    endpoints: [...endpoints, { url: `${defaultScheme(host)}://${host}`, role: 'default' }],
  };
}

// containerd v1.7.34 pkg/cri/sbserver/image_pull.go addDefaultScheme
function addDefaultScheme(
  endpoint: string,
  profile: Profile,
): { readonly ok: true; readonly url: string } | { readonly ok: false; readonly error: string } {
  if (endpoint.includes('://')) return { ok: true, url: endpoint };
  const parsed = parseGoUrl(`dummy://${endpoint}`, profile);
  return parsed.ok ? { ok: true, url: `${defaultScheme(parsed.url.host)}://${endpoint}` } : parsed;
}

function defaultScheme(host: string): string {
  return isLocalhost(host) ? 'http' : 'https';
}

function inlineCapabilities(profile: Profile): readonly Capability[] {
  return profile.knowsReferrers ? ['pull', 'resolve', 'referrers'] : ['pull', 'resolve'];
}

function tlsOptions(settings: InlineConfig['tls'], skipsLocalhost: boolean): TlsOptions {
  if (!settings) return { skipVerify: skipsLocalhost, ca: [], client: [] };
  const { skipVerify, caFile, certFile, keyFile } = settings;
  return {
    skipVerify,
    ca: caFile ? [caFile] : [],
    client: certFile && keyFile ? [{ cert: certFile, key: keyFile }] : [],
  };
}

// containerd v1.7.34 pkg/cri/sbserver/image_pull.go getTLSConfig
function tlsError(
  { caFile = '', certFile = '', keyFile = '' }: InlineTls,
  { tlsFiles }: NodeConfiguration,
): string | undefined {
  if (certFile !== '' && keyFile === '') {
    return `cert file ${quote(certFile)} was specified, but no corresponding key file was specified`;
  }
  if (certFile === '' && keyFile !== '') {
    return `key file ${quote(keyFile)} was specified, but no corresponding cert file was specified`;
  }
  for (const path of [certFile, keyFile]) {
    const error = readError(path, tlsFiles?.get(path));
    if (error !== undefined) return `failed to load cert file: ${error}`;
  }
  const error = readError(caFile, tlsFiles?.get(caFile));
  return error === undefined ? undefined : `failed to load CA file: ${error}`;
}

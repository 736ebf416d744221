import { parseGoDuration } from './goDuration.ts';
import { cleanPath, joinPath } from './goPath.ts';
import { parseGoUrl } from './goUrl.ts';
import type { Capability, ClientPair, HeaderField, HostFields } from './hostsFile.ts';
import type { HostsProfile } from './hostsProfile.ts';

/** A host of a `hosts.toml` as containerd understands it. */
export interface HostConfig {
  readonly scheme: string;
  /** Empty where the text names no host, which stands for the upstream of the namespace. */
  readonly host: string;
  readonly path: string;
  readonly capabilities: readonly Capability[];
  /** Absolute paths. Absent and empty differ: an empty list counts as a TLS setting. */
  readonly ca?: readonly string[] | undefined;
  readonly client: readonly ClientPair[];
  readonly skipVerify?: boolean | undefined;
  readonly header: readonly HeaderField[];
  /** In milliseconds. */
  readonly dialTimeout?: number | undefined;
}

/** A host, or the text of containerd's error, for which it drops the whole file. */
export type HostConfigResult =
  { readonly ok: true; readonly hostConfig: HostConfig } | { readonly ok: false; readonly error: string };

/** Scheme, host and path of a server or host entry, or the text of containerd's error. */
export type ServerUrlResult =
  | { readonly ok: true; readonly scheme: string; readonly host: string; readonly path: string }
  | { readonly ok: false; readonly error: string };

const withoutReferrers: readonly Capability[] = ['pull', 'resolve', 'push'];
const withReferrers: readonly Capability[] = [...withoutReferrers, 'referrers'];

/** The capabilities of a host that names none. */
export function allCapabilities(profile: HostsProfile): readonly Capability[] {
  return profile.knowsReferrers ? withReferrers : withoutReferrers;
}

/**
 * What containerd makes of one host: `server` is its URL, `directory` the absolute path that its files are
 * relative to.
 */
// containerd v2.3.4 core/remotes/docker/config/hosts.go parseHostConfig
export function parseHostConfig(
  server: string,
  fields: HostFields,
  directory: string,
  profile: HostsProfile,
): HostConfigResult {
  const overridePath = profile.knowsOverridePath && fields.overridePath?.value === true;
  const url = parseServerUrl(server, overridePath, profile);
  if (!url.ok) return url;
  const capabilities = fields.capabilities?.value ?? [];
  if (!profile.knowsReferrers && capabilities.includes('referrers')) return unknownCapability('referrers');
  const dialTimeout = parseDialTimeout(fields, profile);
  if (dialTimeout && !dialTimeout.ok) return dialTimeout;
  const absolute = (path: string): string => (path.startsWith('/') ? path : joinPath(directory, path));
  const hostConfig: HostConfig = {
    scheme: url.scheme,
    host: url.host,
    path: url.path,
    capabilities: capabilities.length > 0 ? capabilities : allCapabilities(profile),
    ca: fields.ca?.value.map(absolute),
    client: (fields.client?.value ?? []).map(({ cert, key }) => absolutePair(absolute, cert, key)),
    skipVerify: fields.skipVerify?.value,
    header: fields.header?.value ?? [],
    dialTimeout: dialTimeout?.milliseconds,
  };
  return { ok: true, hostConfig };
}

/** The error of a capability that this containerd does not know. */
export function unknownCapability(name: string): { readonly ok: false; readonly error: string } {
  return { ok: false, error: `unknown capability ${name}` };
}

function absolutePair(absolute: (path: string) => string, cert: string, key: string | undefined): ClientPair {
  return { cert: absolute(cert), ...(key !== undefined && { key: absolute(key) }) };
}

function parseDialTimeout(
  fields: HostFields,
  profile: HostsProfile,
): ReturnType<typeof parseGoDuration> | undefined {
  const text = fields.dialTimeout?.value ?? '';
  return text === '' || !profile.knowsDialTimeout ? undefined : parseGoDuration(text);
}

/** Reads the URL of a server or host entry. An empty text is an empty host. */
// containerd v2.3.4 core/remotes/docker/config/hosts.go parseHostConfig
export function parseServerUrl(
  server: string,
  overridePath: boolean,
  profile: HostsProfile,
): ServerUrlResult {
  if (server === '') return { ok: true, scheme: '', host: '', path: '' };
  const text = server.startsWith('http') ? server : `https://${server}`;
  const parsed = parseGoUrl(text, profile);
  if (!parsed.ok) return { ok: false, error: `unable to parse server ${text}: ${parsed.error}` };
  const { scheme, host, path } = parsed.url;
  return { ok: true, scheme, host, path: apiRoot(path, overridePath) };
}

function apiRoot(path: string, overridePath: boolean): string {
  if (path === '') return overridePath ? '' : '/v2';
  const clean = cleanPath(path);
  return overridePath || clean.endsWith('/v2') ? clean : `${clean}/v2`;
}

import type { HostsDirectory } from '../hosts/hostsDirectory.ts';
import type { HeaderField, Sourced } from '../hosts/hostsFile.ts';
import type { Location } from '../source/location.ts';
import type { Profile } from './profile.ts';

/** All that decides where a node pulls images from. Plain data. */
export interface NodeConfiguration {
  readonly profile: Profile;
  readonly registry: HostsDirectoryForm | InlineForm | DockerForm;
  /**
   * The hosts with a login in the runtime's configuration: `registry.configs."host:port".auth`. Never the
   * login itself.
   */
  readonly credentials: readonly Credential[];
  /** `registry.headers`: sent to every registry. */
  readonly headers?: readonly HeaderField[] | undefined;
  /**
   * A setting besides the registry's forces the local pull path (containerd 2.1 and later):
   * `use_local_image_pull`, `discard_unpacked_layers`, `max_concurrent_downloads` and others.
   */
  readonly forcesLocalPull: boolean;
  /**
   * What is known of certificate files on the node, by absolute path. A file that is not here is taken to be
   * in order.
   */
  readonly tlsFiles?: ReadonlyMap<string, TlsFile> | undefined;
}

/** containerd with a `config_path`. */
export interface HostsDirectoryForm {
  readonly form: 'hosts-directory';
  /** As in `config.toml`: one folder, or several with colons between. */
  readonly configPath: string;
  /** The folders that the node has, under their own path; not those of `configPath` that do not exist. */
  readonly roots: readonly HostsRoot[];
}

export interface HostsRoot {
  /** Absolute path on the node: `/etc/containerd/certs.d`. */
  readonly path: string;
  /** By name: `docker.io`, `10.10.1.106:5000`, `10.10.1.106_5000_`, `_default`. */
  readonly directories: ReadonlyMap<string, HostsDirectory>;
}

/** containerd without a `config_path`: `registry.mirrors` and `registry.configs`. */
export interface InlineForm {
  readonly form: 'inline';
  /** By host or `*`. */
  readonly mirrors: ReadonlyMap<string, InlineMirror>;
  /** By host and port of an endpoint. */
  readonly configs: ReadonlyMap<string, InlineConfig>;
}

export interface InlineMirror {
  readonly endpoints: readonly Sourced<string>[];
}

export interface InlineConfig {
  readonly tls?: InlineTls | undefined;
  readonly location?: Location | undefined;
}

export interface InlineTls {
  readonly skipVerify: boolean;
  readonly caFile?: string | undefined;
  readonly certFile?: string | undefined;
  readonly keyFile?: string | undefined;
}

/** dockerd: `daemon.json`. */
export interface DockerForm {
  readonly form: 'docker';
  readonly registryMirrors: readonly Sourced<string>[];
  /** Hosts with or without a port, and CIDR blocks. */
  readonly insecureRegistries: readonly Sourced<string>[];
}

export interface Credential {
  /** Host and port of the registry host that asks for the login, as its URL has them. */
  readonly host: string;
  readonly location?: Location | undefined;
}

/** What is known of a certificate file. `blocks` are the labels of its PEM blocks, as `CERTIFICATE`. */
export type TlsFile =
  | { readonly kind: 'missing' }
  | { readonly kind: 'directory' }
  | { readonly kind: 'file'; readonly blocks: readonly string[] };

/** The pull path that a node takes. */
// containerd v2.2.7 internal/cri/config/config.go CheckLocalImagePullConfigs
export function pullPath(configuration: NodeConfiguration): 'local' | 'transfer' {
  const { profile, registry, credentials, forcesLocalPull } = configuration;
  const hasInlineSettings =
    registry.form === 'inline' && (registry.mirrors.size > 0 || registry.configs.size > 0);
  return forcesLocalPull || hasInlineSettings || credentials.length > 0 ? 'local' : profile.pullPath;
}

/** A text that is equal for configurations with which nodes pull alike, wherever they are written. */
export function configurationKey(configuration: NodeConfiguration): string {
  const { credentials, ...rest } = configuration;
  const hosts = [...new Set(credentials.map(({ host }) => host))].sort();
  return JSON.stringify(withoutPlaces({ ...rest, credentials: hosts }));
}

const places: ReadonlySet<string> = new Set(['location', 'ignored', 'dropped']);

/** The data in an order of its own, without what says where it was written. */
function withoutPlaces(data: unknown): unknown {
  if (Array.isArray(data)) return data.map(withoutPlaces);
  if (data instanceof Map) {
    return [...data]
      .map(([key, value]): [string, unknown] => [String(key), withoutPlaces(value)])
      .sort(([a], [b]) => (a < b ? -1 : 1));
  }
  if (typeof data !== 'object' || data === null) return data;
  const entries = Object.entries(data).filter(([key, value]) => !places.has(key) && value !== undefined);
  return entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, value]) => [key, withoutPlaces(value)]);
}

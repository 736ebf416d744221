import type { Location } from '../source/location.ts';

/** What a registry host may be asked for. */
export type Capability = 'pull' | 'resolve' | 'push' | 'referrers';

/** A value and, where somebody wrote it down, the place where it stands. */
export interface Sourced<T> {
  readonly value: T;
  readonly location?: Location | undefined;
}

/**
 * A client certificate. Without `key` the private key is in the same file; an empty `key` is a path like any
 * other.
 */
export interface ClientPair {
  readonly cert: string;
  readonly key?: string | undefined;
}

/** A header that is sent with every request, named as written: containerd does not change its case. */
export interface HeaderField {
  readonly name: string;
  readonly values: readonly string[];
}

/**
 * A regular expression (Go, RE2) on the repository and its replacement. Only the containerd of k3s and RKE2
 * knows it.
 */
export interface Rewrite {
  readonly pattern: string;
  readonly replacement: string;
  readonly location?: Location | undefined;
}

/** What a `hosts.toml` can say about one host. Nothing is inherited from the root by the hosts. */
export interface HostFields {
  /** Absent or empty: every capability. */
  readonly capabilities?: Sourced<readonly Capability[]> | undefined;
  /** Certificate files, absolute or relative to the directory of the `hosts.toml`. */
  readonly ca?: Sourced<readonly string[]> | undefined;
  readonly client?: Sourced<readonly ClientPair[]> | undefined;
  /** Absent and false differ: even false makes containerd try HTTPS first on an `http://` host. */
  readonly skipVerify?: Sourced<boolean> | undefined;
  readonly header?: Sourced<readonly HeaderField[]> | undefined;
  readonly overridePath?: Sourced<boolean> | undefined;
  /** A Go duration, as `200ms`. */
  readonly dialTimeout?: Sourced<string> | undefined;
  /** In the order in which they are tried. */
  readonly rewrites?: readonly Rewrite[] | undefined;
}

/** A `[host."URL"]` table. */
export interface HostEntry extends HostFields {
  /** As written: `https://mirror.example:5000/v2/proxy`, or without a scheme. */
  readonly url: string;
  /** The endpoint in `registries.yaml` that it was made from, or the table header in `hosts.toml`. */
  readonly location?: Location | undefined;
}

/**
 * A `hosts.toml`: the hosts in the order in which they are tried, then the server with the fields of the
 * root.
 */
export interface HostsFile {
  /** Absent where the file has no such key; the containerd of k3s then makes no request to the upstream. */
  readonly server?: Sourced<string> | undefined;
  readonly root: HostFields;
  readonly hosts: readonly HostEntry[];
}

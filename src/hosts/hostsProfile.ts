import type { GoTomlRelease } from './goToml/goTomlRelease.ts';

/** What differs between containerd versions in how a hosts directory is found and read. */
export interface HostsProfile {
  /** The TOML library. Version 1 orders hosts by line, version 2 by table header. */
  readonly tomlLibrary: 'go-toml v1' | 'go-toml v2';
  /** The release of that library, which decides what it refuses, and in which words. */
  readonly goToml: GoTomlRelease;
  /** A file without any `host` table is dropped. */
  readonly requiresHostTable: boolean;
  /** The directory `_default` serves hosts without one of their own. */
  readonly knowsDefaultDirectory: boolean;
  readonly knowsOverridePath: boolean;
  readonly knowsDialTimeout: boolean;
  readonly knowsReferrers: boolean;
  /** `rewrite` tables are read: the containerd of k3s and RKE2. */
  readonly knowsRewrites: boolean;
  /** `host:1:2` is refused, as Go does since 1.26. */
  readonly refusesExtraColons: boolean;
  /** So are a URL with text before the bracket of an IPv6 address, and one with no IPv6 address in brackets. */
  readonly checksIpLiterals: boolean;
}

import type { GoTomlRelease } from '../hosts/goToml/goTomlRelease.ts';
import type { HostsProfile } from '../hosts/hostsProfile.ts';
import type { ReferenceGrammar } from '../reference/parseReference.ts';
import { configProfile, type ConfigProfile } from './configProfile.ts';
import {
  hasFeature,
  lines,
  pick,
  type Alternatives,
  type Feature,
  type Line,
  type Version,
} from './release.ts';
import { requestProfile, type RequestProfile } from './requestProfile.ts';
import type { Runtime, RuntimeKind } from './runtime.ts';

/** How `localhost` without configuration is asked. `http` and `by-port` do not verify certificates. */
export type LocalhostDefault = 'https' | 'http' | 'by-port';

/** Which `http://` hosts with TLS settings are asked by HTTPS first, by their port. */
export type HttpsFirst = 'none' | 'any' | 'explicit but 80' | 'any but 80';

/** How a version of a runtime behaves, as data. */
export interface Profile extends HostsProfile {
  readonly runtime: RuntimeKind;
  /** The version that is emulated, as it is printed: `1.6.20`, or `2.3` where the patch is not known. */
  readonly version: string;
  /** The containerd that is emulated; that of dockerd is not known, and counts as the newest. */
  readonly containerd: Version;
  /** The runtime's own version is not known, or no version of its line was examined. */
  readonly assumed: boolean;
  /** False for a runtime that this profile only stands in for, as CRI-O. */
  readonly emulated: boolean;
  readonly referenceGrammar: ReferenceGrammar;
  readonly localhostDefault: LocalhostDefault;
  readonly httpsFirst: HttpsFirst;
  /** `dial_timeout` is taken for a TLS setting. */
  readonly dialTimeoutCountsAsTls: boolean;
  /**
   * The upstream is asked only where the `hosts.toml` has a `server` key or no host: the containerd of k3s
   * and RKE2.
   */
  readonly serverKeyEnablesUpstream: boolean;
  /** `registry.configs."host".tls` is read. */
  readonly knowsInlineTls: boolean;
  /** The pull path where nothing forces the local one. */
  readonly pullPath: 'local' | 'transfer';
  /** A host with a header or a time limit of its own has its own connections and logins. */
  readonly headersMakeOwnClient: boolean;
  readonly config: ConfigProfile;
  readonly requests: RequestProfile;
}

/**
 * What came with which version, from the patch of each release line on; lines after the last one named have it too. Read from
 * all tags of containerd/containerd from 1.5.0 to 2.3.4.
 */
export const features = {
  defaultDirectory: {
    description: 'the directory `_default` serves hosts without one of their own',
    source: 'remotes/docker/config/config_unix.go hostPaths',
    since: [
      { line: '1.6', from: 17 },
      { line: '1.7', from: 0 },
    ],
  },
  overridePath: {
    description: '`override_path` in hosts.toml',
    source: 'remotes/docker/config/hosts.go hostFileConfig',
    since: [{ line: '1.6', from: 0 }],
  },
  dialTimeout: {
    description: '`dial_timeout` in hosts.toml',
    source: 'core/remotes/docker/config/hosts.go hostFileConfig',
    since: [
      { line: '2.0', from: 7 },
      { line: '2.1', from: 0 },
    ],
  },
  dialTimeoutCountsAsTls: {
    description: '`dial_timeout` on an `http://` host makes it be asked by HTTPS first',
    source: 'core/remotes/docker/config/hosts.go ConfigureHosts',
    since: [{ line: '2.0', from: 7, onlyThisLine: true }],
  },
  referrers: {
    description: 'the capability `referrers`; others drop a hosts.toml that names it',
    source: 'core/remotes/docker/registry.go HostCapabilityReferrers',
    since: [{ line: '2.2', from: 0 }],
  },
  hostTableOptional: {
    description: 'a hosts.toml without any `host` table is read; others drop it ("invalid `host` tree")',
    source: 'remotes/docker/config/hosts.go getSortedHosts',
    since: [
      { line: '1.7', from: 32 },
      { line: '2.0', from: 0 },
    ],
  },
  goTomlVersion2: {
    description:
      'hosts.toml is read by go-toml version 2: hosts in the order of their table headers, no inline tables',
    source: 'core/remotes/docker/config/hosts.go parseHostsFile',
    since: [{ line: '2.0', from: 0 }],
  },
  refusesExtraColons: {
    description: 'a URL with a host like `reg:5000:5000` is refused (built with Go 1.26)',
    source: 'Go net/url parseHost',
    since: [{ line: '2.3', from: 0 }],
  },
  checksIpLiterals: {
    description: 'a URL with anything but an IPv6 address in brackets is refused (built with a late Go 1.25)',
    source: 'Go net/url parseHost',
    since: [{ line: '2.0', from: 0 }],
  },
  withoutInlineTls: {
    description: '`registry.configs."host".tls` is ignored',
    source: 'internal/cri/config/config.go Registry',
    since: [{ line: '2.0', from: 0 }],
  },
  transferService: {
    description: 'images are pulled by the transfer service, which takes `config_path` for one directory',
    source: 'internal/cri/server/images/image_pull.go PullImage',
    since: [{ line: '2.1', from: 0 }],
  },
  headersMakeOwnClient: {
    description:
      'a host with `header` or `dial_timeout` shares no connection and no login with the other hosts',
    source: 'core/remotes/docker/config/hosts.go ConfigureHosts',
    since: [{ line: '2.1', from: 0 }],
  },
} as const satisfies Readonly<Record<string, Feature>>;

export const referenceGrammars: Alternatives<ReferenceGrammar> = {
  description: 'grammar of image references',
  source: 'reference/docker/reference.go, then distribution/reference',
  choices: [
    [
      'v0.6.0',
      [
        { line: '1.7', from: 19 },
        { line: '2.0', from: 0 },
      ],
    ],
    ['copy in 1.7', [{ line: '1.7', from: 0 }]],
    ['copy in 1.5', [{ line: '1.5', from: 0 }]],
  ],
};

export const localhostDefaults: Alternatives<LocalhostDefault> = {
  description: 'how localhost without a hosts.toml is asked',
  source: 'remotes/docker/config/hosts.go ConfigureHosts',
  choices: [
    [
      'by-port',
      [
        { line: '1.6', from: 25 },
        { line: '1.7', from: 8 },
        { line: '2.0', from: 0 },
      ],
    ],
    [
      'http',
      [
        { line: '1.6', from: 9 },
        { line: '1.7', from: 0 },
      ],
    ],
    ['https', [{ line: '1.5', from: 0 }]],
  ],
};

export const goTomlReleases: Alternatives<GoTomlRelease> = {
  description: 'release of pelletier/go-toml: what is no TOML for it, and its words about that',
  source: 'go.mod, remotes/docker/config/hosts.go parseHostsFile',
  choices: [
    ['2.3.0', [{ line: '2.3', from: 0 }]],
    ['2.2', [{ line: '2.0', from: 0 }]],
    [
      '1.9.5',
      [
        { line: '1.6', from: 16 },
        { line: '1.7', from: 0 },
      ],
    ],
    ['1.9.3', [{ line: '1.6', from: 0 }]],
    ['1.8.1', [{ line: '1.5', from: 0 }]],
  ],
};

export const httpsFirstRules: Alternatives<HttpsFirst> = {
  description: 'ports on which an `http://` host with TLS settings is asked by HTTPS first',
  source: 'remotes/docker/config/hosts.go ConfigureHosts',
  choices: [
    [
      'any but 80',
      [
        { line: '1.7', from: 24 },
        { line: '2.0', from: 0 },
      ],
    ],
    [
      'explicit but 80',
      [
        { line: '1.6', from: 25, onlyThisLine: true },
        { line: '1.7', from: 8, onlyThisLine: true },
      ],
    ],
    ['any', [{ line: '1.7', from: 7, onlyThisLine: true }]],
    ['none', [{ line: '1.5', from: 0 }]],
  ],
};

/** The behaviour of a runtime. One whose version is not known is taken for the newest that was examined. */
export function profileFor(runtime: Runtime): Profile {
  const { version, assumed } = emulatedVersion(runtime);
  const has = (feature: keyof typeof features): boolean => hasFeature(version, features[feature].since);
  const isFork = runtime.kind === 'k3s' || runtime.kind === 'rke2';
  return {
    runtime: runtime.kind,
    version: runtime.kind === 'docker' ? (runtime.version ?? '') : printVersion(version),
    containerd: version,
    assumed,
    emulated: runtime.kind !== 'other',
    tomlLibrary: has('goTomlVersion2') ? 'go-toml v2' : 'go-toml v1',
    goToml: pick(version, goTomlReleases.choices),
    requiresHostTable: !has('hostTableOptional'),
    knowsDefaultDirectory: has('defaultDirectory'),
    knowsOverridePath: has('overridePath'),
    knowsDialTimeout: has('dialTimeout'),
    knowsReferrers: has('referrers'),
    knowsRewrites: isFork,
    refusesExtraColons: has('refusesExtraColons'),
    checksIpLiterals: has('checksIpLiterals'),
    referenceGrammar: pick(version, referenceGrammars.choices),
    localhostDefault: pick(version, localhostDefaults.choices),
    httpsFirst: pick(version, httpsFirstRules.choices),
    dialTimeoutCountsAsTls: has('dialTimeoutCountsAsTls'),
    serverKeyEnablesUpstream: isFork,
    knowsInlineTls: !has('withoutInlineTls'),
    pullPath: has('transferService') ? 'transfer' : 'local',
    headersMakeOwnClient: has('headersMakeOwnClient'),
    config: configProfile(version),
    requests: requestProfile(version),
  };
}

const newestLine: Line = '2.3';
const newest: Version = { line: newestLine, patch: undefined };

/**
 * The containerd version that is emulated. For dockerd it only fills the fields that dockerd does not have.
 */
function emulatedVersion({ kind, version: text }: Runtime): {
  readonly version: Version;
  readonly assumed: boolean;
} {
  if (kind === 'docker') return { version: newest, assumed: false };
  const [major = '', minor, patch] = (kind === 'other' ? '' : (text ?? '')).split('.');
  const line = lines.find((known) => known === `${major}.${minor}`);
  if (line)
    return {
      version: { line, patch: patch === undefined ? undefined : Number(patch) },
      assumed: patch === undefined,
    };
  const isOlder = major === '0' || (major === '1' && Number(minor) < 5);
  return { version: isOlder ? { line: '1.5', patch: 0 } : newest, assumed: true };
}

function printVersion({ line, patch }: Version): string {
  return patch === undefined ? line : `${line}.${patch}`;
}

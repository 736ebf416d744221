import type { HostsProfile } from '../hosts/hostsProfile.ts';
import type { ReferenceGrammar } from '../reference/parseReference.ts';
import { configProfile, type ConfigProfile } from './configProfile.ts';
import { hasFeature, lines, pick, type Choice, type Line, type Since, type Version } from './release.ts';
import type { Runtime, RuntimeKind } from './runtime.ts';

/** How `localhost` without configuration is asked. `http` and `by-port` do not verify certificates. */
export type LocalhostDefault = 'https' | 'http' | 'by-port';

/** Which `http://` hosts with TLS settings are asked by HTTPS first, by their port. */
export type HttpsFirst = 'none' | 'any' | 'explicit but 80' | 'any but 80';

/** How a version of a runtime behaves, as data. */
export interface Profile extends HostsProfile {
  readonly runtime: RuntimeKind;
  /** The version that is emulated: `1.6.20`, or `2.3` where the patch is not known. */
  readonly version: string;
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
  readonly config: ConfigProfile;
}

// The patch of each release line since which it has a feature; lines after the last one named have it too.
// Read from the tags of containerd/containerd, 1.5.0 to 2.3.4; the comment names the file and function.
const features = {
  // remotes/docker/config/config_unix.go hostPaths
  defaultDirectory: [
    { line: '1.6', from: 17 },
    { line: '1.7', from: 0 },
  ],
  // remotes/docker/config/hosts.go hostFileConfig
  overridePath: [{ line: '1.6', from: 0 }],
  dialTimeout: [
    { line: '2.0', from: 7 },
    { line: '2.1', from: 0 },
  ],
  // core/remotes/docker/config/hosts.go ConfigureHosts
  dialTimeoutCountsAsTls: [{ line: '2.0', from: 7, onlyThisLine: true }],
  // core/remotes/docker/registry.go HostCapabilityReferrers
  referrers: [{ line: '2.2', from: 0 }],
  // remotes/docker/config/hosts.go getSortedHosts: "invalid `host` tree" before
  hostTableOptional: [
    { line: '1.7', from: 32 },
    { line: '2.0', from: 0 },
  ],
  goTomlVersion2: [{ line: '2.0', from: 0 }],
  // Built with Go 1.26, net/url parseHost
  refusesExtraColons: [{ line: '2.3', from: 0 }],
  // internal/cri/config/config.go Registry: TLSConfig is gone
  withoutInlineTls: [{ line: '2.0', from: 0 }],
  // internal/cri/server/images/image_pull.go PullImage
  transferService: [{ line: '2.1', from: 0 }],
} as const satisfies Readonly<Record<string, readonly Since[]>>;

// reference/docker until 1.7.18, then distribution/reference
const referenceGrammars: readonly [Choice<ReferenceGrammar>, ...Choice<ReferenceGrammar>[]] = [
  [
    'v0.6.0',
    [
      { line: '1.7', from: 19 },
      { line: '2.0', from: 0 },
    ],
  ],
  ['copy in 1.7', [{ line: '1.7', from: 0 }]],
  ['copy in 1.5', [{ line: '1.5', from: 0 }]],
];

// remotes/docker/config/hosts.go ConfigureHosts
const localhostDefaults: readonly [Choice<LocalhostDefault>, ...Choice<LocalhostDefault>[]] = [
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
];

// remotes/docker/config/hosts.go ConfigureHosts
const httpsFirstRules: readonly [Choice<HttpsFirst>, ...Choice<HttpsFirst>[]] = [
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
];

/** The behaviour of a runtime. One whose version is not known is taken for the newest that was examined. */
export function profileFor(runtime: Runtime): Profile {
  const { version, assumed } = emulatedVersion(runtime);
  const has = (feature: keyof typeof features): boolean => hasFeature(version, features[feature]);
  const isFork = runtime.kind === 'k3s' || runtime.kind === 'rke2';
  return {
    runtime: runtime.kind,
    version: runtime.kind === 'docker' ? (runtime.version ?? '') : printVersion(version),
    assumed,
    emulated: runtime.kind !== 'other',
    tomlLibrary: has('goTomlVersion2') ? 'go-toml v2' : 'go-toml v1',
    requiresHostTable: !has('hostTableOptional'),
    knowsDefaultDirectory: has('defaultDirectory'),
    knowsOverridePath: has('overridePath'),
    knowsDialTimeout: has('dialTimeout'),
    knowsReferrers: has('referrers'),
    knowsRewrites: isFork,
    refusesExtraColons: has('refusesExtraColons'),
    referenceGrammar: pick(version, referenceGrammars),
    localhostDefault: pick(version, localhostDefaults),
    httpsFirst: pick(version, httpsFirstRules),
    dialTimeoutCountsAsTls: has('dialTimeoutCountsAsTls'),
    serverKeyEnablesUpstream: isFork,
    knowsInlineTls: !has('withoutInlineTls'),
    pullPath: has('transferService') ? 'transfer' : 'local',
    config: configProfile(version),
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

import type { Severity } from '../source/severity.ts';
import type { FixableProblem } from '../source/fix.ts';
import type { Located, Location } from '../source/location.ts';

/** A regular expression on the repository and what replaces its match: done by k3s and RKE2 only. */
export interface Rewrite {
  readonly pattern: Located<string>;
  readonly replacement: Located<string>;
}

/** The mirrors of one registry host. */
export interface Mirror {
  /** The host that images name, or `*`. */
  readonly namespaceHost: Located<string>;
  readonly endpoints: readonly Located<string>[];
  readonly rewrites: readonly Rewrite[];
  /** A file with the images that the mirrors hold, relative to registries.yaml. */
  readonly catalog?: Located<string>;
}

/** Login for a registry host. A value is the text of the file: `${NAME}` or a literal. */
export interface Auth {
  readonly username?: Located<string>;
  readonly password?: Located<string>;
  readonly auth?: Located<string>;
  readonly identityToken?: Located<string>;
}

/** TLS settings for a registry host. Paths are those on the node. */
export interface Tls {
  readonly caFile?: Located<string>;
  readonly certFile?: Located<string>;
  readonly keyFile?: Located<string>;
  readonly insecureSkipVerify?: Located<boolean>;
}

/** Login and TLS settings of the host that is really asked. */
export interface RegistryConfig {
  readonly host: Located<string>;
  readonly auth?: Auth;
  readonly tls?: Tls;
}

export type Mirrors = ReadonlyMap<string, Mirror>;
export type RegistryConfigs = ReadonlyMap<string, RegistryConfig>;

/** Which nodes an entry of `nodes` is about. */
export type NodeSelection =
  | { readonly kind: 'from'; readonly file: Located<string> }
  | { readonly kind: 'match'; readonly labels: Readonly<Record<string, string>> }
  | { readonly kind: 'name'; readonly name: Located<string> };

/** One entry of `nodes`: a selection of nodes, and what is set on them. */
export interface NodeEntry {
  readonly selection: NodeSelection;
  readonly location: Location;
  readonly runtime?: Located<string>;
  readonly configPath?: Located<string>;
  readonly containerdConfig?: Located<string>;
  readonly resolves: readonly { readonly name: Located<string>; readonly address: Located<string> }[];
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly Located<string>[];
  readonly architecture?: string;
  readonly mirrors: Mirrors;
  readonly configs: RegistryConfigs;
}

/** Findings to leave alone. A text may hold `*`, which stands for any text. */
export interface IgnoreEntry {
  readonly file?: string;
  readonly image?: string;
  readonly node?: string;
  readonly reason: string;
  readonly location: Location;
}

/** What the user says of one check. */
export interface CheckSettings {
  readonly id: Located<string>;
  readonly severity?: Severity | 'off';
  readonly ignore: readonly IgnoreEntry[];
}

/** What is wrong with registries.yaml as a text, before anything is resolved with it. */
export interface RegistriesProblem extends FixableProblem {
  readonly kind: 'syntax' | 'unknown-key' | 'wrong-value' | 'duplicate-key';
}

/** A field of custom resources that is an image, because the user says so. */
export interface ImagePathEntry {
  /** API group; empty for the core group. */
  readonly group: string;
  readonly kind: string;
  /** `spec.steps[].image`: `[]` stands for every item of a list, and `*` for every key of a mapping. */
  readonly path: string;
}

/** A registries.yaml: the input model of everything else. */
export interface Registries {
  /** Path of the file; undefined when the repository has none. */
  readonly file?: string;
  readonly mirrors: Mirrors;
  readonly configs: RegistryConfigs;
  readonly nodes: readonly NodeEntry[];
  readonly images: readonly Located<string>[];
  readonly imagePaths: readonly ImagePathEntry[];
  readonly checks: ReadonlyMap<string, CheckSettings>;
  readonly problems: readonly RegistriesProblem[];
}

/** What a repository without a registries.yaml says: nothing. */
export const noRegistries: Registries = {
  mirrors: new Map(),
  configs: new Map(),
  nodes: [],
  images: [],
  imagePaths: [],
  checks: new Map(),
  problems: [],
};

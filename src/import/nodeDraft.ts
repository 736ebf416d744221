import type { NodeConfiguration } from '../resolver/nodeConfiguration.ts';
import type { Location } from '../source/location.ts';
import type { LostSetting } from './lostSetting.ts';

/** A login as the node has it: the secrets themselves. Never printed. */
export interface DraftAuth {
  readonly username?: string;
  readonly password?: string;
  readonly auth?: string;
  readonly identityToken?: string;
}

export interface DraftTls {
  readonly insecureSkipVerify?: boolean;
  readonly caFile?: string;
  readonly certFile?: string;
  readonly keyFile?: string;
}

export interface DraftMirror {
  readonly endpoints: readonly string[];
  readonly rewrites: readonly (readonly [pattern: string, replacement: string])[];
}

export interface DraftConfig {
  readonly auth?: DraftAuth;
  readonly tls?: DraftTls;
  /** Where the login stands. */
  readonly location?: Location | undefined;
}

/** Mirrors by the host that images name, and logins and trust by the host that is asked. */
export interface DraftSettings {
  readonly mirrors: ReadonlyMap<string, DraftMirror>;
  readonly configs: ReadonlyMap<string, DraftConfig>;
}

/** A node as registries.yaml can say it, beside what it really is. */
export interface NodeDraft extends DraftSettings {
  readonly name: string;
  /** As `kubectl get nodes -o wide` prints it; absent where nobody named it, or where the inventory does. */
  readonly runtime?: string | undefined;
  /** Absent where the runtime decides. */
  readonly configPath?: string;
  /** Of the names that a pull needs. */
  readonly resolves: ReadonlyMap<string, string>;
  /** Images that only the node's own files name. */
  readonly images: readonly string[];
  /** What the node really does. */
  readonly original: NodeConfiguration;
  /** What is known to be lost before anything is compared. */
  readonly lost: readonly LostSetting[];
}

import type { NodeReading } from '../nodeRoot/nodeReading.ts';
import type { Location } from '../source/location.ts';

/** Why a part of a node's files is not in the registries.yaml. */
export type LostKind =
  /** The runtime does not start with the node's files. */
  | 'startup'
  /** The runtime ignores it, so it has no effect to carry over. */
  | 'ignored'
  /** Pulls end in an error before the first request. */
  | 'refused'
  /** An endpoint that registries.yaml cannot write. */
  | 'endpoint'
  /** The order in which endpoints are asked, or that one is asked twice. */
  | 'order'
  /** The upstream is asked at last, where the node does not. */
  | 'fallback'
  /** What an endpoint may be asked for. */
  | 'capabilities'
  /** HTTPS first, HTTP afterwards. */
  | 'https-first'
  | 'tls'
  | 'header'
  | 'dial-timeout'
  | 'rewrite'
  | 'login'
  /** Connections and logins that an endpoint shares with others, or does not. */
  | 'client'
  /** Local pull or transfer service. */
  | 'pull-path'
  /** A setting of the runtime that is not about registries. */
  | 'setting';

/** Something that a node does and that the registries.yaml cannot say, or says differently. */
export interface LostSetting {
  readonly kind: LostKind;
  readonly message: string;
  /** Of images, as they name it; `*` for all that no entry is for; absent for all images. */
  readonly host?: string;
  readonly location?: Location | undefined;
}

/** What is lost of a node's files because the runtime itself has no use for it. */
export function unreadSettings({ startupError, ignored }: NodeReading): LostSetting[] {
  const failure: LostSetting[] = startupError
    ? [{ kind: 'startup', message: startupError.message, location: startupError.location }]
    : [];
  return [
    ...failure,
    ...ignored.map(({ message, location }): LostSetting => ({ kind: 'ignored', message, location })),
  ];
}

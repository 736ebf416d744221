import type { Capability, ClientPair, HeaderField, Rewrite } from '../hosts/hostsFile.ts';
import type { Location } from '../source/location.ts';

/** How the certificate of a registry host is judged and which one is shown to it. Paths are absolute. */
export interface TlsOptions {
  readonly skipVerify: boolean;
  /** Trusted besides the system's certificates. */
  readonly ca: readonly string[];
  readonly client: readonly ClientPair[];
}

/** A registry host as the runtime will ask it. */
export interface RegistryHost {
  /** `http` or `https`; anything else comes from a URL that was not meant so, and fails at once. */
  readonly scheme: string;
  /** Host and port as written. */
  readonly host: string;
  /** The root of the API on the host: `/v2`. */
  readonly path: string;
  readonly capabilities: readonly Capability[];
  readonly tls: TlsOptions;
  readonly header: readonly HeaderField[];
  /** HTTPS is tried first, and HTTP where the server turns out to speak that. */
  readonly httpFallback: boolean;
  /** In milliseconds; absent where the runtime's own 30 s hold. */
  readonly dialTimeout?: number | undefined;
  /** It shares its connections, its logins and what it learned about HTTP with no other host. */
  readonly ownClient: boolean;
  readonly rewrites: readonly Rewrite[];
  /**
   * A mirror is named for this namespace, a server was set as its upstream, a default is the registry that
   * the reference names.
   */
  readonly role: 'mirror' | 'server' | 'default';
  /** Where it is configured; absent for a default. */
  readonly source?: Location | undefined;
  /** The runtime's configuration has a login for this host. */
  readonly credentials: boolean;
}

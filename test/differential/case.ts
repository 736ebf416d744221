import type { AuthConfig } from '../../src/proof/containerd/cri.ts';
import type { GrpcCode } from '../../src/proof/containerd/grpc.ts';
import type { DnsAnswer } from '../../src/proof/standIn/nameServer.ts';
import type { RegistryDouble } from '../support/registryRules.ts';

/**
 * A node, the registries around it, and an image that the kubelet asks it to pull: all that decides what containerd does.
 * Plain data, so that a failing case can be kept as it is.
 */
export interface Case {
  /** The node's files by absolute path. The placeholders below stand for what is made anew in each run. */
  readonly files: Readonly<Record<string, string>>;
  /** Folders of the node without any file. */
  readonly folders?: readonly string[];
  /** What the node's name server knows. Any other name does not exist. */
  readonly names: Readonly<Record<string, DnsAnswer>>;
  /** Nothing else listens. */
  readonly registries: readonly RegistryDouble[];
  /** As in the Pod. `{{manifest}}` stands for the digest of the image that the registries have. */
  readonly reference: string;
  /** The login that the kubelet passes along. */
  readonly auth?: AuthConfig;
  /** How long the pull may take, in milliseconds; {@link defaultDeadline} where it is absent. */
  readonly deadline?: number;
}

/** In milliseconds. Only a pull that hangs needs more. */
export const defaultDeadline = 8000;

/** What may stand in the files of a case for a certificate or key that differs from run to run. */
export const placeholders = {
  privateAuthority: '{{private-authority}}',
  clientCertificate: '{{client-certificate}}',
  clientKey: '{{client-key}}',
} as const;

/** What containerd did with a case. */
export interface Observation {
  readonly startup: Startup;
  /** In the order in which they came, over all registries. */
  readonly requests: readonly ObservedRequest[];
  /** Absent where containerd did not start. */
  readonly result?: Result;
  /** Why containerd dropped `hosts.toml` files, as it logged it. */
  readonly dropped: readonly string[];
}

/** `ended`: containerd went away. `without-cri`: it runs, and its CRI plugin does not. The text is containerd's reason. */
export type Startup =
  { readonly kind: 'ok' } | { readonly kind: 'ended' | 'without-cri'; readonly text: string };

export type Result =
  | { readonly kind: 'pulled' }
  | { readonly kind: 'failed'; readonly code: GrpcCode; readonly message: string }
  /** There was no end before the deadline. */
  | { readonly kind: 'hung' }
  /** containerd itself came to an end over the pull. */
  | { readonly kind: 'crashed'; readonly panic: string };

/** A request that a registry saw. Digests of the image are `<manifest>`, `<config>` and `<layer>`. */
export interface ObservedRequest {
  readonly method: string;
  /** Scheme, the Host header, path and query. */
  readonly url: string;
  /** Address and port of the registry. */
  readonly server: string;
  readonly authorization?: string;
  /** Those that containerd does not send by itself. */
  readonly headers?: readonly (readonly [name: string, value: string])[];
  /** Of a request for a token. */
  readonly body?: string;
  /** The status, or the fault. */
  readonly answer: string;
}

/** One line for a request, for people. */
export function printRequest({
  method,
  url,
  authorization,
  headers = [],
  body,
  answer,
}: ObservedRequest): string {
  const extras = [
    ...(authorization === undefined ? [] : [`Authorization: ${authorization}`]),
    ...headers.map(([name, value]) => `${name}: ${value}`),
    ...(body === undefined ? [] : [body]),
  ];
  return `${method} ${url}${extras.map((extra) => ` [${extra}]`).join('')} -> ${answer}`;
}

/** One line for the end of a pull, for people. */
export function printResult(result: Result): string {
  if (result.kind === 'failed') return `${result.code}: ${result.message}`;
  return result.kind === 'crashed' ? `containerd crashed: ${result.panic}` : result.kind;
}

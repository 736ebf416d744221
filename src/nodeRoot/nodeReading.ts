import type { AuthConfig } from '../resolver/credentials.ts';
import type { NodeConfiguration } from '../resolver/nodeConfiguration.ts';
import type { Fix } from '../source/fix.ts';
import type { SourceProblem } from '../source/location.ts';

/** Something in a node's own files that has no effect, and why. */
export interface IgnoredPart extends SourceProblem {
  readonly fix?: Fix;
}

/** Why the runtime of a node does not start, or starts without serving Kubernetes. */
export interface RuntimeStartupError extends IgnoredPart {
  /** The error itself, as the program prints it where that is known. */
  readonly error: string;
}

/** What a node's own files make of it. */
export interface NodeReading {
  /** With a start-up error: what the node would do without the file that is refused. */
  readonly configuration: NodeConfiguration;
  /** The login that the files have for a registry host. */
  readonly configuredAuth: (host: string) => AuthConfig | undefined;
  readonly startupError?: RuntimeStartupError;
  readonly ignored: readonly IgnoredPart[];
}

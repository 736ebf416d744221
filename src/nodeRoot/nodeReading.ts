import type { StartupError } from '../config/startupError.ts';
import type { AuthConfig } from '../resolver/credentials.ts';
import type { NodeConfiguration } from '../resolver/nodeConfiguration.ts';
import type { FixableProblem } from '../source/fix.ts';

/** What a node's own files make of it. */
export interface NodeReading {
  /** With a start-up error: what the node would do without the file that is refused. */
  readonly configuration: NodeConfiguration;
  /** The login that the files have for a registry host. */
  readonly configuredAuth: (host: string) => AuthConfig | undefined;
  readonly startupError?: StartupError;
  /** What in the files has no effect, and why. */
  readonly ignored: readonly FixableProblem[];
}

import type { RepositoryFiles } from '../files/repositoryFiles.ts';
import type { Discovery } from '../manifest/discovery.ts';
import type { ClusterNode } from '../node/clusterNode.ts';
import type { OwnConfig } from '../nodeRoot/ownConfigs.ts';
import type { NodeCase, Pull } from '../pull/pull.ts';
import type { RefusedNodes } from '../render/renderNodes.ts';
import type { Mirror, Registries, RegistryConfig } from '../registries/registries.ts';
import type { Fix, Related } from '../source/fix.ts';
import type { Location, SourceProblem } from '../source/location.ts';
import type { Severity } from '../source/severity.ts';
import type { ReadHostsFile } from './hostsFiles.ts';
import type { IgnoreComment } from './ignoreComments.ts';

/** Everything that a check may look at; all of it is finished before the first check runs. */
export interface CheckContext {
  readonly files: RepositoryFiles;
  readonly registries: Registries;
  /** Every mirror that is written anywhere: in registries.yaml for all nodes or for some, and in a node's own config.toml. */
  readonly writtenMirrors: readonly Mirror[];
  /** Every login or TLS setting that is written anywhere. */
  readonly writtenConfigs: readonly RegistryConfig[];
  readonly nodes: readonly ClusterNode[];
  /** What is wrong with the entries of `nodes`. */
  readonly nodeProblems: readonly SourceProblem[];
  /** One for each distinct pair of a file and a containerd version that reads it. */
  readonly ownConfigs: readonly OwnConfig[];
  /** Every hosts.toml of the repository. */
  readonly hostsFiles: readonly ReadHostsFile[];
  readonly discovery: Discovery;
  readonly cases: readonly NodeCase[];
  readonly pulls: readonly Pull[];
  /** Nodes for which nothing can be rendered. */
  readonly refused: readonly RefusedNodes[];
  /** Ids of all checks. */
  readonly checkIds: readonly string[];
  /** The comments that say what to ignore. Only for checks that run last. */
  readonly ignoreComments: readonly IgnoreComment[];
  /** What says to ignore something that no check has found. Only for checks that run last. */
  readonly unusedIgnores: readonly SourceProblem[];
}

/** What a check has found; its id and, unless it says otherwise, its severity are the check's own. */
export interface Problem {
  readonly message: string;
  readonly location: Location;
  readonly severity?: Severity;
  readonly nodes?: readonly string[];
  readonly image?: string;
  readonly related?: readonly Related[];
  readonly fix?: Fix;
}

/** One rule: a pure function from the context to problems, and its documentation. */
export interface Check {
  /** Stable, kebab-case. */
  readonly id: string;
  readonly severity: Severity;
  /** One line for the table of checks. */
  readonly summary: string;
  /** Why it matters and what to do, in Markdown, for the page of checks. */
  readonly documentation: string;
  /** True for a check on what the others have found, and on what of it is ignored. */
  readonly isLast?: true;
  run(context: CheckContext): Iterable<Problem>;
}

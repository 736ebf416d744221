import type { Finding } from '../check/finding.ts';
import type { ImageUse } from '../manifest/imageUse.ts';

/** A node as the report names it. */
export interface NodeSummary {
  readonly name: string;
  /** The runtime as `kubectl get nodes -o wide` prints it: `containerd://1.6.20`. */
  readonly runtime: string;
  /** As Kubernetes names it: `amd64`, `arm64`. Absent when nothing says it. */
  readonly architecture?: string;
  /** True when nothing in the repository says the version, so that a default stands in for it. */
  readonly assumedVersion: boolean;
}

/**
 * Where a pull starts: at an endpoint that registries.yaml names, at the registry that the reference names, nowhere
 * because the node's containerd refuses the configuration or the reference or every attempt is bound to fail, or not at
 * all because no Pod with this image may run on the node.
 */
export type PullOutcome = 'mirror' | 'upstream' | 'refused' | 'not-scheduled';

/** Nodes whose configuration is the same, so that every pull takes the same path on each of them. */
export interface NodeGroup {
  /** Name of the group for people: the node's own name where it is alone. */
  readonly name: string;
  readonly nodes: readonly string[];
}

/** What a pull of one image does on one group of nodes. */
export interface MatrixCell {
  readonly outcome: PullOutcome;
  /** Origins of the attempts (`http://10.10.1.106:5000`) in the order in which containerd makes them. */
  readonly attempts: readonly string[];
  /** One sentence, where the outcome needs a reason. */
  readonly note?: string;
}

/** One distinct image and what becomes of its pull on each group of nodes. */
export interface MatrixRow {
  /** The reference as the manifests write it. */
  readonly image: string;
  /** How many places name it. */
  readonly uses: number;
  /** One cell for each of the matrix's columns, in their order. */
  readonly cells: readonly MatrixCell[];
}

/** Every image against every distinct node configuration. */
export interface Matrix {
  readonly columns: readonly NodeGroup[];
  /** Sorted by {@link compareMatrixRows}. */
  readonly rows: readonly MatrixRow[];
}

/** How much was looked at. */
export interface Statistics {
  /** Files of the repository that were read. */
  readonly files: number;
  /** Distinct references. */
  readonly references: number;
  readonly nodeConfigurations: number;
  /** Distinct pairs of a node configuration and a reference. */
  readonly pairs: number;
}

/** The older state with which findings were compared, to report only those that are new. */
export interface ChangedSince {
  /** As the user named it. */
  readonly revision: string;
  /** How many findings both states have; the report leaves them out. */
  readonly olderFindings: number;
}

/** Everything that one run found out: what each of the report formats is made from. */
export interface Report {
  readonly tool: { readonly name: 'mirrorproof'; readonly version: string };
  /** Path of the registries.yaml that was read; absent when there is none. */
  readonly registriesFile?: string;
  /** Other files of that name, which were not read. */
  readonly otherRegistriesFiles: readonly string[];
  readonly nodes: readonly NodeSummary[];
  readonly images: readonly ImageUse[];
  /** Sorted by `compareFindings`. */
  readonly findings: readonly Finding[];
  /** How many findings the user says to leave alone, in registries.yaml or in a comment. */
  readonly ignored: number;
  /** Present where the report has only the findings that a change causes. */
  readonly changedSince?: ChangedSince;
  readonly matrix: Matrix;
  /** Path in the rendered tree (`nodes/worker-3/etc/containerd/...`) to the text of that file. */
  readonly rendered: ReadonlyMap<string, string>;
  readonly statistics: Statistics;
}

const troubleOrder: readonly PullOutcome[] = ['refused', 'upstream', 'mirror', 'not-scheduled'];

function worstOutcome(row: MatrixRow): number {
  return Math.min(...row.cells.map((cell) => troubleOrder.indexOf(cell.outcome)), troubleOrder.length);
}

/** Orders matrix rows by trouble, worst first, then by how often an image is used, then by name. */
export function compareMatrixRows(a: MatrixRow, b: MatrixRow): number {
  return (
    worstOutcome(a) - worstOutcome(b) ||
    b.uses - a.uses ||
    (a.image < b.image ? -1 : a.image > b.image ? 1 : 0)
  );
}

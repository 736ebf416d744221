import type { Report } from '../report/report.ts';
import { compareFiles, treeOf } from './compareFiles.ts';
import { compareImages } from './compareImages.ts';
import { comparePulls, type Pulls } from './comparePulls.ts';
import type { Changes, Difference } from './difference.ts';

/** A state of a repository that was read, resolved and rendered. */
export interface State extends Pulls {
  readonly report: Pick<Report, 'images' | 'nodes' | 'rendered'>;
}

/** What differs between two states of a repository. */
export function compareStates(before: State, after: State): Difference {
  return {
    files: compareFiles(treeOf(before.report.rendered), treeOf(after.report.rendered)),
    pulls: comparePulls(before, after),
    images: compareImages(before.report.images, after.report.images),
    nodes: compareNodes(before, after),
  };
}

function compareNodes(before: State, after: State): Changes<string> {
  const [old, now] = [before, after].map(({ report }) => new Set(report.nodes.map(({ name }) => name)));
  const missing = (names: Set<string> | undefined, others: Set<string> | undefined): string[] =>
    [...(names ?? [])].filter((name) => !others?.has(name)).sort();
  return { added: missing(now, old), removed: missing(old, now) };
}

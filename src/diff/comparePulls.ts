import type { ImageUse } from '../manifest/imageUse.ts';
import { caseKey } from '../pull/planPulls.ts';
import type { NodeCase, Pull } from '../pull/pull.ts';
import { formatReference } from '../reference/parseReference.ts';
import { pullPathOf, type PullPath } from './pullPath.ts';

/** An image whose pull path changes. */
export interface ChangedImage {
  /** In full: `docker.io/library/nginx:1.27`. */
  readonly image: string;
  /** How many workloads that may run on these nodes name it. */
  readonly workloads: number;
}

/** Images that take another path than before on some nodes. */
export interface PathChange {
  readonly before: PullPath;
  readonly after: PullPath;
  /** Names of the nodes, sorted. */
  readonly nodes: readonly string[];
  /** Those that the most workloads name first. */
  readonly images: readonly ChangedImage[];
  /** How many distinct workloads name any of them. */
  readonly workloads: number;
}

/** What of an analysis decides about pulls. */
export interface Pulls {
  readonly cases: readonly NodeCase[];
  readonly pulls: readonly Pull[];
}

/**
 * Which images that both states name take another path on nodes that both have. Images that change alike on the same nodes are
 * one change; those that touch the most workloads come first, then those on the most nodes.
 */
export function comparePulls(before: Pulls, after: Pulls): readonly PathChange[] {
  const pairs = changedPairs(before.cases, after.cases);
  if (pairs.length === 0) return [];
  const old = byImage(before.pulls);
  const groups = new Map<string, Group>();
  for (const [image, pulls] of byImage(after.pulls)) {
    for (const pair of pairs) {
      const [was, is] = [old.get(image)?.get(pair.before), pulls.get(pair.after)];
      if (was && is) compare(image, was, is, pair.nodes, groups);
    }
  }
  return [...mergeNodes(groups.values())].map(finish).sort(compareChanges);
}

/** Nodes that had one configuration and have another one now. */
interface CasePair {
  readonly before: NodeCase;
  readonly after: NodeCase;
  readonly nodes: ReadonlySet<string>;
}

function changedPairs(before: readonly NodeCase[], after: readonly NodeCase[]): CasePair[] {
  const caseOf = new Map(
    before.flatMap((nodeCase) => nodeCase.members.map(({ node }) => [node.name, nodeCase] as const)),
  );
  const keys = new Map([...before, ...after].map((nodeCase) => [nodeCase, caseKey(nodeCase)]));
  return after.flatMap((nodeCase) => {
    const byOld = new Map<NodeCase, Set<string>>();
    for (const { node } of nodeCase.members) {
      const old = caseOf.get(node.name);
      if (!old || keys.get(old) === keys.get(nodeCase)) continue;
      const nodes = byOld.get(old) ?? new Set();
      byOld.set(old, nodes.add(node.name));
    }
    return [...byOld].map(([old, nodes]): CasePair => ({ before: old, after: nodeCase, nodes }));
  });
}

function byImage(pulls: readonly Pull[]): ReadonlyMap<string, ReadonlyMap<NodeCase, Pull>> {
  const images = new Map<string, Map<NodeCase, Pull>>();
  for (const pull of pulls) {
    const image = formatReference(pull.reference);
    const byCase = images.get(image) ?? new Map<NodeCase, Pull>();
    images.set(image, byCase.set(pull.nodeCase, pull));
  }
  return images;
}

/** One image that takes one other path, and where. */
interface Group {
  readonly image: string;
  readonly path: string;
  readonly before: PullPath;
  readonly after: PullPath;
  /** Together the nodes; one and the same set for images that change on all nodes of a pair. */
  readonly nodeSets: ReadonlySet<string>[];
  readonly uses: Set<ImageUse>;
}

function compare(
  image: string,
  was: Pull,
  is: Pull,
  candidates: ReadonlySet<string>,
  groups: Map<string, Group>,
): void {
  const [before, after] = [was, is].map(({ reference, result }) => pullPathOf(reference, result));
  if (!before || !after || JSON.stringify(before) === JSON.stringify(after)) return;
  const old = new Set(was.nodes.map(({ node }) => node.name));
  const found = is.nodes.map(({ node }) => node.name).filter((name) => candidates.has(name) && old.has(name));
  if (found.length === 0) return;
  const path = JSON.stringify([before, after]);
  const key = `${image} ${path}`;
  const group = groups.get(key) ?? { image, path, before, after, nodeSets: [], uses: new Set() };
  groups.set(key, group);
  group.nodeSets.push(found.length === candidates.size ? candidates : new Set(found));
  for (const use of is.uses) group.uses.add(use);
}

/** Images that change alike on the same nodes. */
interface Merged {
  /** Sorted. */
  readonly nodes: readonly string[];
  readonly groups: [Group, ...Group[]];
}

function mergeNodes(groups: Iterable<Group>): Iterable<Merged> {
  const merged = new Map<string, Merged>();
  const sorted = new Map<ReadonlySet<string>, { readonly nodes: readonly string[]; readonly text: string }>();
  const sort = (sets: readonly ReadonlySet<string>[]): { nodes: readonly string[]; text: string } => {
    const nodes = [...new Set(sets.flatMap((set) => [...set]))].sort();
    return { nodes, text: JSON.stringify(nodes) };
  };
  for (const group of groups) {
    const [only, ...others] = group.nodeSets;
    const known = only && others.length === 0 ? sorted.get(only) : undefined;
    const { nodes, text } = known ?? sort(group.nodeSets);
    if (only && others.length === 0) sorted.set(only, { nodes, text });
    const key = `${group.path} ${text}`;
    const same = merged.get(key);
    if (same) same.groups.push(group);
    else merged.set(key, { nodes, groups: [group] });
  }
  return merged.values();
}

function finish({ nodes, groups }: Merged): PathChange {
  const [{ before, after }] = groups;
  const images = groups.map(({ image, uses }) => ({ image, workloads: countWorkloads(uses) }));
  return {
    before,
    after,
    nodes,
    images: images.sort((a, b) => b.workloads - a.workloads || (a.image < b.image ? -1 : 1)),
    workloads: countWorkloads(groups.flatMap(({ uses }) => [...uses])),
  };
}

function countWorkloads(uses: Iterable<ImageUse>): number {
  const names = new Set<string>();
  for (const { workload } of uses)
    if (workload) names.add(JSON.stringify([workload.namespace, workload.kind, workload.name]));
  return names.size;
}

function compareChanges(a: PathChange, b: PathChange): number {
  return (
    b.workloads - a.workloads ||
    b.nodes.length - a.nodes.length ||
    b.images.length - a.images.length ||
    ((a.images[0]?.image ?? '') < (b.images[0]?.image ?? '') ? -1 : 1)
  );
}

import type { ImageUse } from '../manifest/imageUse.ts';
import { mayRunOn } from '../node/placement.ts';
import { formatReference } from '../reference/parseReference.ts';
import type { Reference } from '../reference/reference.ts';
import type { ConfiguredNode } from '../render/target.ts';
import { attempts, type AttemptsResult } from '../resolver/attempts.ts';
import { configurationKey } from '../resolver/nodeConfiguration.ts';
import { groupBy } from '../source/groupBy.ts';
import type { NodeCase, Pull } from './pull.ts';

/** Groups nodes that pull alike, in the order in which the configurations first appear. */
export function groupNodes(nodes: readonly ConfiguredNode[]): NodeCase[] {
  const groups = groupBy(nodes, (node) => caseKey(caseOf(node)));
  return [...groups.values()].map((members) => ({ ...caseOf(members[0]), members }));
}

function caseOf({ configuration, own }: ConfiguredNode): Omit<NodeCase, 'members'> {
  const startupError = own?.startupError?.message;
  return { configuration, ...(startupError !== undefined && { startupError }) };
}

/** A text that is equal for cases in which every pull takes the same path. */
export function caseKey({ configuration, startupError }: Omit<NodeCase, 'members'>): string {
  return JSON.stringify([configurationKey(configuration), startupError]);
}

/** The distinct pairs of a reference and a node configuration that really meet, each resolved once. */
export function planPulls(cases: readonly NodeCase[], uses: readonly ImageUse[]): Pull[] {
  const landings = new Landings(cases);
  const drafts = new Map<string, Map<NodeCase, Draft>>();
  for (const use of uses) {
    if (!use.reference || !isNodePull(use)) continue;
    const name = formatReference(use.reference);
    const byCase = drafts.get(name) ?? new Map<NodeCase, Draft>();
    drafts.set(name, byCase);
    for (const { nodeCase, nodes } of landings.of(use)) {
      const draft = byCase.get(nodeCase) ?? { reference: use.reference, nodeSets: new Set(), uses: [] };
      byCase.set(nodeCase, draft);
      draft.uses.push(use);
      draft.nodeSets.add(nodes);
    }
  }
  return [...drafts.values()].flatMap((byCase) =>
    [...byCase].map(([nodeCase, { reference, nodeSets, uses }]) => ({
      reference,
      nodeCase,
      nodes: unionOf(nodeSets),
      uses,
      result: resolve(nodeCase, reference),
    })),
  );
}

/** Thousands of pulls land on the same nodes, and share one array then. */
function unionOf(nodeSets: ReadonlySet<readonly ConfiguredNode[]>): readonly ConfiguredNode[] {
  const [first = [], ...others] = nodeSets;
  return others.length === 0 ? first : [...new Set([...nodeSets].flat())];
}

/** What only looks like an image is never judged, nor is what somebody else pulls. */
function isNodePull({ confidence, pulledBy }: ImageUse): boolean {
  return confidence !== 'possible' && pulledBy.includes('node');
}

/** What the nodes of a case do for a reference: the requests in their order, or why they make none. */
export function resolve({ configuration, startupError }: NodeCase, reference: Reference): AttemptsResult {
  return startupError === undefined ? attempts(configuration, reference) : { ok: false, error: startupError };
}

interface Draft {
  readonly reference: Reference;
  /** Uses of equal placement share one array of nodes, so few sets are merged in the end. */
  readonly nodeSets: Set<readonly ConfiguredNode[]>;
  readonly uses: ImageUse[];
}

interface Landing {
  readonly nodeCase: NodeCase;
  readonly nodes: readonly ConfiguredNode[];
}

/** Where image uses may land, worked out once for each distinct placement. */
class Landings {
  readonly #cases: readonly NodeCase[];
  readonly #byPlacement = new Map<string, readonly Landing[]>();

  constructor(cases: readonly NodeCase[]) {
    this.#cases = cases;
  }

  of(use: ImageUse): readonly Landing[] {
    const placement = use.workload?.placement;
    const key = JSON.stringify([use.onlyNodes, placement]);
    const known = this.#byPlacement.get(key);
    if (known) return known;
    const mayPull = ({ node }: ConfiguredNode): boolean =>
      (!use.onlyNodes || use.onlyNodes.includes(node.name)) && (!placement || mayRunOn(placement, node));
    const landings = this.#cases.flatMap((nodeCase): Landing[] => {
      const nodes = nodeCase.members.filter(mayPull);
      return nodes.length > 0 ? [{ nodeCase, nodes }] : [];
    });
    this.#byPlacement.set(key, landings);
    return landings;
  }
}

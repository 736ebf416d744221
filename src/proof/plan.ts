import { groupBy } from '../source/groupBy.ts';
import type { Discovery } from '../manifest/discovery.ts';
import type { NodeCase, Pull } from '../pull/pull.ts';
import { formatReference } from '../reference/parseReference.ts';
import type { Registries } from '../registries/registries.ts';
import type { ConfiguredNode } from '../render/target.ts';
import type { RuntimeKind } from '../resolver/runtime.ts';
import type { Catalog } from './catalog.ts';
import { cutOffHosts } from './cutOff.ts';
import type { PlannedPull } from './proof.ts';
import { pullLogins, pullSecrets, type Login, type PullSecret } from './pullLogins.ts';
import { RegistryWorld } from './registryWorld.ts';
import { surround, type Surroundings, type World } from './surroundings.ts';

/** A pull on a node with everything that an engine needs for it. */
export interface NodePull extends PlannedPull {
  /** As the kubelet passes them: each is tried until one works. Without any the pull is anonymous. */
  readonly logins: readonly Login[];
  /** Pull secrets that its Pods name and that the repository does not have. */
  readonly missingSecrets: readonly string[];
  /** Those that it has. */
  readonly secrets: readonly PullSecret[];
  /** The URLs of the requests by which registries are asked for it, in their order; none where it fails before the first. */
  readonly asked: readonly string[];
  /** Why it would prove nothing on any node like this. */
  readonly unprovable?: string;
}

/** Nodes that are the same in everything that a pull depends on, and what they pull. */
export interface PlannedNode {
  /** Their names. The first one stands for them all. */
  readonly nodes: readonly string[];
  readonly runtime: RuntimeKind;
  /** Of containerd, as `1.6.20` or `2.3`. */
  readonly version: string;
  /** Nobody says the version. */
  readonly isVersionAssumed: boolean;
  readonly architecture?: string;
  /** The first of them, with the configuration that is rendered for it. */
  readonly configured: ConfiguredNode;
  /** Hosts, as `name:port`, that they cannot reach, whatever the machine reaches on which an engine runs. */
  readonly cutOff: readonly string[];
  /** Or why nothing can be tried on them. */
  readonly setting:
    | { readonly ok: true; readonly surroundings: Surroundings }
    | { readonly ok: false; readonly reason: string };
  readonly pulls: readonly NodePull[];
}

/** All that is to be proved of a repository. Plain data. */
export interface ProofPlan {
  readonly nodes: readonly PlannedNode[];
}

/** What is known of a repository once it is read and resolved. */
export interface Planned {
  readonly registries: Registries;
  readonly cases: readonly NodeCase[];
  readonly pulls: readonly Pull[];
  readonly discovery: Discovery;
}

export interface PlanOptions {
  readonly catalogs: readonly Catalog[];
  /** Public registries cannot be reached; also where `checks` makes `leaves-mirrors` an error. */
  readonly isAirGapped: boolean;
}

/** What one run may try. A repository that asks for more gets no answer for the rest. */
export const planLimits = { nodes: 100, pulls: 20_000 } as const;

/**
 * Plans the proofs: each distinct reference with the same logins on each distinct node. Nodes whose configuration is the same can
 * still differ in the names that they resolve.
 */
export function planProofs(
  { registries, cases, pulls, discovery }: Planned,
  { catalogs, isAirGapped }: PlanOptions,
): ProofPlan {
  const world: World = {
    registries: new RegistryWorld(cases, discovery.services),
    secrets: discovery.secrets,
    catalogs,
    configs: [...new Set(cases.flatMap(({ members }) => members.map(({ node }) => node.configs)))],
    isAirGapped: isAirGapped || registries.checks.get('leaves-mirrors')?.severity === 'error',
  };
  const counter = { nodes: 0, pulls: 0 };
  const numbers = new Map(cases.map((nodeCase, index) => [nodeCase, `${index}`]));
  const byCase = groupBy(pulls, ({ nodeCase }) => numbers.get(nodeCase) ?? '');
  const nodes = cases.flatMap((nodeCase) =>
    groupAlike(nodeCase.members).flatMap((members) => {
      const names = new Set(members.map(({ node }) => node.name));
      const own = (byCase.get(numbers.get(nodeCase) ?? '') ?? []).filter((pull) =>
        pull.nodes.some(({ node }) => names.has(node.name)),
      );
      const [first] = members;
      return first && own.length > 0 ? [planNode(first, members, own, world, discovery, counter)] : [];
    }),
  );
  return { nodes };
}

function planNode(
  first: ConfiguredNode,
  members: readonly ConfiguredNode[],
  pulls: readonly Pull[],
  world: World,
  discovery: Discovery,
  counter: { nodes: number; pulls: number },
): PlannedNode {
  const { node, configuration } = first;
  const { runtime, version, assumed, emulated } = configuration.profile;
  const id = counter.nodes;
  const names = members.map((member) => member.node.name);
  const planned = pulls.flatMap((pull) => planPull(pull, names, discovery, `${id}`));
  counter.nodes += 1;
  counter.pulls += planned.length;
  const reason = refuse(runtime, emulated, counter);
  return {
    nodes: names,
    runtime,
    version,
    isVersionAssumed: assumed,
    ...(node.architecture !== undefined && { architecture: node.architecture }),
    configured: first,
    cutOff: cutOffHosts(first, pulls, world),
    setting: reason === undefined ? surround(first, pulls, world) : { ok: false, reason },
    pulls: planned,
  };
}

function refuse(
  runtime: RuntimeKind,
  isEmulated: boolean,
  { nodes, pulls }: { readonly nodes: number; readonly pulls: number },
): string | undefined {
  if (runtime === 'docker')
    return 'its images are pulled by dockerd, which reads other files than containerd';
  if (!isEmulated) return 'its runtime is not containerd, and its files are not written here';
  if (nodes > planLimits.nodes)
    return `there are more than ${planLimits.nodes} different node configurations`;
  return pulls > planLimits.pulls ? `there are more than ${planLimits.pulls} different pulls` : undefined;
}

/** Nodes of one case that have the same names to resolve, the same architecture and the same files of their own. */
function groupAlike(members: readonly ConfiguredNode[]): readonly (readonly ConfiguredNode[])[] {
  const groups = groupBy(members, ({ node, sandboxImage }) =>
    JSON.stringify([
      [...node.resolves].map(([name, { value }]) => `${name} ${value}`).sort(),
      node.architecture,
      node.containerdConfig?.value,
      sandboxImage?.value,
    ]),
  );
  return [...groups.values()];
}

function planPull(
  { reference, nodes, uses, result }: Pull,
  members: readonly string[],
  discovery: Discovery,
  prefix: string,
): NodePull[] {
  const own = new Set(members);
  const rewrites = result.ok && result.attempts.some(({ host }) => host.rewrites.length > 0);
  const byLogins = groupBy(uses, (use) => JSON.stringify(pullLogins(reference, use.workload, discovery)));
  return [...byLogins.values()].map((group, index) => {
    const [first] = group;
    const { logins, missing } = pullLogins(reference, first.workload, discovery);
    return {
      id: `${prefix} ${formatReference(reference)} ${index}`,
      reference,
      image: first.text,
      nodes: nodes.flatMap(({ node: { name } }) => (own.has(name) ? [name] : [])),
      uses: group,
      logins,
      missingSecrets: missing,
      secrets: pullSecrets(first.workload, discovery),
      asked: result.ok ? result.attempts.map(({ url }) => url) : [],
      ...(rewrites && {
        unprovable: 'its repository is rewritten, which only the containerd of k3s and RKE2 does',
      }),
    };
  });
}

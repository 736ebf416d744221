import type { ImageUse } from '../manifest/imageUse.ts';
import type { NodeCase, Pull } from '../pull/pull.ts';
import type { Reference } from '../reference/reference.ts';
import { isLoopbackHost } from '../render/configuredMirror.ts';
import type { ConfiguredNode } from '../render/target.ts';
import { isConfigured } from './configured.ts';

/** Nodes of one configuration that may pull an image and know nothing of its registry. */
export interface UnawareNodes {
  readonly nodeCase: NodeCase;
  readonly nodes: readonly ConfiguredNode[];
  /** Scheme and host that they ask first. */
  readonly asked: string;
}

/** An image whose registry is configured on none, or not on all, of the nodes that may pull it. */
export interface RegistryGap {
  readonly use: ImageUse & { readonly reference: Reference };
  /** Never empty. */
  readonly unaware: readonly UnawareNodes[];
  /** True when other nodes that may pull it do know its registry: then the nodes drift apart. */
  readonly isConfiguredElsewhere: boolean;
}

/** One gap for each place that names such an image. Registries on the node itself need no configuration. */
export function findRegistryGaps(pulls: readonly Pull[]): RegistryGap[] {
  const remote = pulls.filter(({ reference }) => !isLoopbackHost(reference.domain));
  const unconfigured = new Set(remote.filter((pull) => !isConfigured(pull)));
  // Most uses have no gap, and there are very many.
  const uses = new Set([...unconfigured].flatMap((pull) => (pull.nodes.length > 0 ? pull.uses : [])));
  const byUse = new Map<ImageUse, { unaware: UnawareNodes[]; isConfiguredElsewhere: boolean }>();
  for (const pull of uses.size > 0 ? remote : []) {
    const isUnaware = unconfigured.has(pull);
    const nodes = isUnaware ? pull.nodes : [];
    const unaware = nodes.length > 0 ? [{ nodeCase: pull.nodeCase, nodes, asked: askedFirst(pull) }] : [];
    for (const use of pull.uses) {
      if (!uses.has(use)) continue;
      const gap = byUse.get(use) ?? { unaware: [], isConfiguredElsewhere: false };
      byUse.set(use, gap);
      gap.unaware.push(...unaware);
      gap.isConfiguredElsewhere ||= nodes.length < pull.nodes.length;
    }
  }
  return [...byUse].flatMap(([use, gap]): RegistryGap[] => {
    const { reference } = use;
    return reference ? [{ use: { ...use, reference }, ...gap }] : [];
  });
}

function askedFirst({ reference, result }: Pull): string {
  const [first] = result.ok ? result.attempts : [];
  return first ? `${first.host.scheme}://${first.host.host}` : `https://${reference.domain}`;
}

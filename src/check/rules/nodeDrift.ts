import type { Check, Problem } from '../check.ts';
import type { NodeCase } from '../../pull/pull.ts';
import { listNames, nodeNames, relatedUses, userOf } from '../people.ts';
import { isPrivateHost } from '../privateHost.ts';
import { findRegistryGaps, type RegistryGap, type UnawareNodes } from '../registryGaps.ts';

export const nodeDrift: Check = {
  id: 'node-drift',
  severity: 'error',
  summary: 'a node without the mirror that other nodes have, on which a workload may land',
  documentation:
    'The scheduler is free to put a Pod on any node that its nodeName, nodeSelector, affinity and tolerations allow. When only ' +
    'some of these nodes can pull its image, it works until the day it is moved. For a public registry, which may be ' +
    'reachable without the mirror, this is a warning.',
  *run({ pulls }) {
    for (const [domain, byCase] of groupByDomain(findRegistryGaps(pulls))) {
      for (const gaps of byCase.values()) {
        const problem = describe(domain, gaps);
        if (problem) yield problem;
      }
    }
  },
};

interface DriftingUse {
  readonly use: RegistryGap['use'];
  readonly unaware: UnawareNodes;
}

/** The uses that some of their nodes cannot serve, by registry and by the configuration of those nodes. */
function groupByDomain(gaps: readonly RegistryGap[]): Map<string, Map<NodeCase, DriftingUse[]>> {
  const groups = new Map<string, Map<NodeCase, DriftingUse[]>>();
  for (const { use, unaware, isConfiguredElsewhere } of gaps) {
    if (!isConfiguredElsewhere) continue;
    const byCase = groups.get(use.reference.domain) ?? new Map<NodeCase, DriftingUse[]>();
    groups.set(use.reference.domain, byCase);
    for (const nodes of unaware) {
      const uses = byCase.get(nodes.nodeCase) ?? [];
      byCase.set(nodes.nodeCase, uses);
      uses.push({ use, unaware: nodes });
    }
  }
  return groups;
}

function describe(domain: string, drifting: readonly DriftingUse[]): Problem | undefined {
  const nodes = [...new Set(drifting.flatMap(({ unaware }) => unaware.nodes))];
  const [first] = drifting;
  const [node] = nodes;
  if (!first || !node) return undefined;
  const names = nodeNames(nodes);
  const workloads = [...new Set(drifting.map(({ use }) => userOf(use)))];
  return {
    severity: isPrivateHost(domain) ? 'error' : 'warning',
    message: `${listNames(names)} ${names.length === 1 ? 'has' : 'have'} no mirror for ${domain}, other nodes have one: ${listNames(workloads)} may run here, where ${first.unaware.asked} is asked instead`,
    location: node.node.location,
    nodes: names,
    image: first.use.text,
    related: relatedUses(drifting.map(({ use }) => use)),
    fix: {
      message: `give ${listNames(names)} the mirror for \`${domain}\` too, or move it to the top level of registries.yaml`,
    },
  };
}

import { testRoutes } from '../support/testNetwork.ts';
import { dirname } from 'node:path';
import { debianContainerd, missingForPackages, type ContainerdLine } from '../support/debianPackages.ts';
import {
  missingForNamespaces,
  removeLeftovers,
  startNode,
  type SimulatedNode,
} from '../../src/proof/containerd/namespace.ts';
import type { Case, Observation } from './case.ts';
import type { CaseRequest } from './nodeProcess.ts';

/** Why real containerd cannot be observed on this machine; undefined where it can. */
export function missingForRig(): string | undefined {
  return missingForNamespaces() ?? missingForPackages();
}

/** Simulated nodes with one version of containerd, on which cases are tried. */
export interface Rig {
  /** As `1.6.20`. */
  readonly version: string;
  /** Tries a case on the next node that is free. */
  observe(given: Case): Promise<Observation>;
  /** Ends all nodes. */
  close(): Promise<void>;
}

const nodeProcess = `${import.meta.dirname}/nodeProcess.ts`;

/** Makes simulated nodes. They end with this process, however it ends. */
export async function openRig(line: ContainerdLine, nodes: number): Promise<Rig> {
  await removeLeftovers();
  const containerd = (await debianContainerd([line])).get(line);
  if (!containerd) throw new Error(`there is no containerd ${line}`);
  const start = (): Promise<SimulatedNode> =>
    startNode({ module: nodeProcess, programs: dirname(containerd.path), routes: testRoutes });
  const all = new Set<SimulatedNode>(await Promise.all(Array.from({ length: nodes }, start)));
  const free = [...all];
  const waiting: ((node: SimulatedNode) => void)[] = [];
  let label = 0;
  const take = (): Promise<SimulatedNode> => {
    const node = free.pop();
    return node ? Promise.resolve(node) : new Promise((resolve) => waiting.push(resolve));
  };
  const giveBack = (node: SimulatedNode): void => {
    const next = waiting.shift();
    if (next) next(node);
    else free.push(node);
  };
  return {
    version: containerd.version,
    observe: async (given) => {
      const node = await take();
      label += 1;
      // All images are of one size, as that of the prediction is: errors name it.
      const request: CaseRequest = { case: given, label: `${label}`.padStart('prediction'.length, '0') };
      try {
        return readAnswer(await node.call(request));
      } finally {
        giveBack(node);
      }
    },
    close: async () => {
      await Promise.all([...all].map((node) => node.stop()));
    },
  };
}

function readAnswer(answer: unknown): Observation {
  const { observation, failure } = answer as {
    readonly observation?: Observation;
    readonly failure?: string;
  };
  if (!observation) throw new Error(`the simulated node failed: ${failure ?? 'it gave no answer'}`);
  return observation;
}

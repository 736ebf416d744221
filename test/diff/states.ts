import { compareStates } from '../../src/diff/compareStates.ts';
import type { Difference } from '../../src/diff/difference.ts';
import { filesInMemory } from '../../src/files/repositoryFiles.ts';
import { analyse } from '../../src/pipeline/run.ts';

/** Files of a repository by path. */
export type Files = Readonly<Record<string, string>>;

/** What differs between two states of a repository. */
export function compare(before: Files, after: Files): Difference {
  const [old, now] = [before, after].map((files) =>
    analyse(filesInMemory(files), { substitutions: new Map() }),
  );
  if (!old || !now) throw new Error('there are two states');
  return compareStates(old, now);
}

/** A Deployment with one image. */
export function deployment(name: string, image: string, node?: string): string {
  const placement = node === undefined ? '' : `nodeName: ${JSON.stringify(node)}, `;
  return `apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}}
spec:
  template:
    spec: {${placement}containers: [{name: a, image: ${JSON.stringify(image)}}]}
`;
}

/** A registries.yaml with a mirror of Docker Hub, and nodes. */
export function registries(endpoint: string, nodes: readonly string[], more = ''): string {
  const list = nodes.map(
    (name) => `- {name: ${JSON.stringify(name)}, runtime: "containerd://1.7.27"${more}}\n`,
  );
  return `mirrors: {docker.io: {endpoint: [${JSON.stringify(endpoint)}]}}\nnodes:\n${list.join('')}`;
}

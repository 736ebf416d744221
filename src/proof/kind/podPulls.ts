import { setTimeout as sleep } from 'node:timers/promises';
import type { KindNode } from './cluster.ts';
import {
  namespace,
  namespaceObjects,
  objectList,
  podObjects,
  readEvents,
  type KubeletPull,
  type KubernetesObject,
  type PodTask,
} from './pods.ts';
import { isForPods } from './pullKinds.ts';
import type { Tools } from './tools.ts';

/** A kubelet allows 110 Pods on its node, and some are Kubernetes' own. */
const podsAtOnce = 60;
/** How long nothing may happen before the rest is given up, in milliseconds. */
const patience = 60_000;

/** Lets the kubelets of the nodes pull, by a Pod for each image, and hands over what they say. */
export async function pullByPods(
  nodes: readonly KindNode[],
  tools: Tools,
  onPull: (id: string, pull: KubeletPull) => void,
  signal: AbortSignal,
): Promise<void> {
  const waiting = nodes.map(({ name, pulls }, number) =>
    pulls
      .filter(isForPods)
      .map((pull, index): PodTask => ({ name: `pull-${number}-${index}`, node: name, pull })),
  );
  let objects = namespaceObjects();
  while (waiting.some((tasks) => tasks.length > 0) && !signal.aborted) {
    const batch = waiting.flatMap((tasks) => tasks.splice(0, podsAtOnce));
    await pullBatch(batch, [...objects, ...podObjects(batch)], tools, onPull, signal);
    if (waiting.every((tasks) => tasks.length === 0)) return;
    const own = ['--namespace', namespace];
    const now = ['--force', '--grace-period=0', '--wait=false'];
    await tools.call('kubectl', ['delete', 'pods,secrets', '--all', ...own, ...now]);
    objects = [];
  }
}

async function pullBatch(
  batch: readonly PodTask[],
  objects: readonly KubernetesObject[],
  tools: Tools,
  onPull: (id: string, pull: KubeletPull) => void,
  signal: AbortSignal,
): Promise<void> {
  await tools.call('kubectl', ['create', '--filename', '-'], { input: objectList(objects) });
  const open = new Map(batch.map(({ name, pull }) => [name, pull.id]));
  let last = performance.now();
  while (open.size > 0 && !signal.aborted && performance.now() - last < patience) {
    await sleep(500);
    const events = await tools.call('kubectl', [
      'get',
      'events',
      '--namespace',
      namespace,
      '--output',
      'json',
    ]);
    for (const [pod, pull] of readEvents(events)) {
      const id = open.get(pod);
      if (id === undefined) continue;
      open.delete(pod);
      last = performance.now();
      onPull(id, pull);
    }
  }
}

import { chooseNearest } from '../nearestVersion.ts';
import type { KindNode } from './cluster.ts';

/** The default image of the last release of kind with each line of containerd, by the version of that. */
// kind pkg/apis/config/defaults/image.go and images/base/Dockerfile of v0.19.0, v0.26.0, v0.27.0, v0.30.0, v0.31.0 and v0.32.0
const images: Readonly<Record<string, string>> = {
  '1.6.21': 'kindest/node:v1.27.1@sha256:b7d12ed662b873bd8510879c1846e87c7e676a79fefc93e17b2a52989d3ff42b',
  '1.7.24': 'kindest/node:v1.32.0@sha256:c48c62eac5da28cdadcf560d1d8616cfa6783b58f0d94cf63ad1bf49600cb027',
  '2.0.2': 'kindest/node:v1.32.2@sha256:f226345927d7e348497136874b6d207e0b32cc52154ad8323129352923a3142f',
  '2.1.4': 'kindest/node:v1.34.0@sha256:7416a61b42b1662ca6ca89f02028ac133a309a2a30ba309614e8ec94d976dc5a',
  '2.2.0': 'kindest/node:v1.35.0@sha256:452d707d4862f52530247495d180205e029056831160e22870e37e3f6c1ac31f',
  '2.3.1': 'kindest/node:v1.36.1@sha256:3489c7674813ba5d8b1a9977baea8a6e553784dab7b84759d1014dbd78f7ebd5',
};

/**
 * The image that has the containerd of most nodes, or one near to it. All nodes have the same one: a cluster with several versions
 * of Kubernetes fails for reasons that are no business of a pull. Undefined where no node says its version.
 */
export function chooseNodeImage(nodes: readonly KindNode[]): string | undefined {
  const known = nodes.filter(({ planned }) => !planned.isVersionAssumed);
  const candidates = Object.keys(images).map((version) => ({ version }));
  const counts = new Map<string, number>();
  for (const { planned } of known) {
    const version = chooseNearest(planned.version, candidates)?.version ?? '';
    counts.set(version, (counts.get(version) ?? 0) + 1);
  }
  const [first] = [...counts].sort(([, a], [, b]) => b - a);
  return first && images[first[0]];
}

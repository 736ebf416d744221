import type { ImageUse } from '../manifest/imageUse.ts';
import type { ConfiguredNode } from '../render/target.ts';
import type { Related } from '../source/fix.ts';

/** How many names a sentence holds before the rest is only counted. */
const namesInSentence = 3;

/** `k8s1`, `k8s1 and k8s2`, `k8s1, k8s2, k8s3 and 4 more`. */
export function listNames(names: readonly string[]): string {
  if (names.length <= 1) return names[0] ?? '';
  const shown = names.length <= namesInSentence ? names.slice(0, -1) : names.slice(0, namesInSentence);
  const last = names.length <= namesInSentence ? names.at(-1) : `${names.length - namesInSentence} more`;
  return `${shown.join(', ')} and ${last}`;
}

/** `on node k8s2`, `on nodes k8s1 and k8s2`; nothing for the one node that stands for all when none are listed. */
export function onNodes(names: readonly string[]): string {
  if (names.length === 1 && names[0] === 'default') return '';
  return ` on node${names.length === 1 ? '' : 's'} ${listNames(names)}`;
}

export function nodeNames(nodes: readonly ConfiguredNode[]): string[] {
  return nodes.map(({ node }) => node.name);
}

/** Who names an image: `Deployment/web`, or the field where there is no workload. */
export function userOf(use: ImageUse): string {
  return use.workload ? `${use.workload.kind}/${use.workload.name}` : use.field;
}

/** ` of Deployment/web`; nothing for an image that belongs to nobody, as in registries.yaml and config.toml. */
export function ofUser(use: ImageUse): string {
  return use.workload ? ` of ${userOf(use)}` : '';
}

/** The first places that name an image, as related locations. */
export function relatedUses(uses: readonly ImageUse[]): Related[] {
  return uses
    .slice(0, namesInSentence)
    .map((use) => ({ message: `${userOf(use)} names ${use.text}`, location: use.location }));
}

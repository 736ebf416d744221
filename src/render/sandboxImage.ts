import { parseReference } from '../reference/parseReference.ts';
import type { Located } from '../source/location.ts';
import { isK3s } from './configureNode.ts';
import type { ConfiguredNode } from './target.ts';

/**
 * The nodes with the sandbox ("pause") image that is to be set on them: the one that `images` in registries.yaml names. A node
 * that pulls one of those named already keeps it. Where several are named and a node pulls none of them, nothing says which one
 * is meant, and nothing is set.
 */
export function withSandboxImages(
  nodes: readonly ConfiguredNode[],
  images: readonly Located<string>[],
): readonly ConfiguredNode[] {
  const named = images.flatMap((image) => {
    const name = pauseName(image.value);
    return name === undefined ? [] : [{ name, image }];
  });
  if (named.length === 0) return nodes;
  return nodes.map((configured) => {
    const sandboxImage = choose(configured, named);
    return sandboxImage ? { ...configured, sandboxImage } : configured;
  });
}

interface NamedImage {
  readonly name: string;
  readonly image: Located<string>;
}

function choose(
  { configuration: { profile }, own }: ConfiguredNode,
  named: readonly NamedImage[],
): Located<string> | undefined {
  if (profile.runtime === 'docker' || !profile.emulated) return undefined;
  const current =
    own?.sandboxImage?.value ?? (isK3s(profile) || profile.assumed ? undefined : profile.config.pauseImage);
  if (named.some(({ image }) => image.value === current)) return undefined;
  // The images that k3s and RKE2 bring along are called so.
  const usual = isK3s(profile) ? 'mirrored-pause' : 'pause';
  const preferred = named.filter(({ name }) => name === usual);
  const candidates = preferred.length > 0 ? preferred : named;
  const [first, ...others] = candidates;
  return others.every(({ image }) => image.value === first?.image.value) ? first?.image : undefined;
}

/** The last part of the repository, where it is that of a sandbox image. */
function pauseName(image: string): string | undefined {
  const result = parseReference(image);
  const name = result.ok ? result.reference.path.split('/').at(-1) : undefined;
  return name === 'pause' || name === 'mirrored-pause' ? name : undefined;
}

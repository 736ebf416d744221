import type { ImageUse } from '../manifest/imageUse.ts';
import type { ConfiguredNode } from '../render/target.ts';
import { parseReference } from '../reference/parseReference.ts';
import type { Registries } from '../registries/registries.ts';
import type { Located } from '../source/location.ts';

/** The images that registries.yaml lists because no manifest names them. Any node may pull them. */
export function listedImages({ images }: Registries): ImageUse[] {
  return images.map((image, index) => imageUse(image, 'imageList', `images[${index}]`));
}

/**
 * The sandbox ("pause") image of each node: what is to be set, what its own config.toml names, or the default of its containerd. Nodes whose
 * version is not known have none, and neither have those of other runtimes. One use for each distinct image.
 */
export function sandboxImages(nodes: readonly ConfiguredNode[]): ImageUse[] {
  const byImage = new Map<string, { image: Located<string>; names: string[] }>();
  for (const { node, configuration, own: config, sandboxImage } of nodes) {
    const { runtime, assumed, config: defaults } = configuration.profile;
    const own = sandboxImage ?? config?.sandboxImage;
    if (!own && (runtime !== 'containerd' || assumed || !node.writtenRuntime)) continue;
    const image = own ?? {
      value: defaults.pauseImage,
      location: node.writtenRuntime?.location ?? node.location,
    };
    const known = byImage.get(image.value) ?? { image, names: [] };
    byImage.set(image.value, known);
    known.names.push(node.name);
  }
  return [...byImage.values()].map(({ image, names }) => ({
    ...imageUse(image, 'sandbox', 'sandbox image'),
    onlyNodes: names,
  }));
}

function imageUse({ value, location }: Located<string>, from: ImageUse['from'], field: string): ImageUse {
  const result = parseReference(value);
  const common = {
    text: value,
    location,
    status: 'resolved',
    confidence: 'certain',
    from,
    field,
    pulledBy: ['node'],
  } as const;
  return result.ok ? { ...common, reference: result.reference } : { ...common, invalid: result.error };
}

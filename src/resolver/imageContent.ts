import { unmarshalJson } from './goJson.ts';
import { isIndexType, isLayerType, isManifestType } from './mediaTypes.ts';
import { platformVector, rankOf, type Platform } from './platform.ts';
import { NotEmulated, PullError } from './pullError.ts';
import { fieldOf } from './registryError.ts';
import type { Descriptor } from './resolver.ts';

/** What a manifest names: its config, and its layers in their order. */
export interface ManifestChildren {
  readonly config: Descriptor;
  readonly layers: readonly Descriptor[];
}

/** A manifest that an index names. */
export interface IndexChild extends Descriptor {
  readonly platform?: Platform | undefined;
}

/** Reads a manifest. Throws {@link PullError}. */
// containerd v2.3.4 core/images/image.go Children
export function readManifest(descriptor: Descriptor, content: Uint8Array): ManifestChildren {
  const data = readDocument(descriptor, content);
  const layers = listOf(fieldOf(data, 'layers')).map(readDescriptor);
  if (layers.some(({ mediaType }) => !isLayerType(mediaType)))
    throw new NotEmulated('a layer of another kind');
  return { config: readDescriptor(fieldOf(data, 'config')), layers };
}

/** Reads an index. Throws {@link PullError}. */
// containerd v2.3.4 core/images/image.go Children
export function readIndex(descriptor: Descriptor, content: Uint8Array): readonly IndexChild[] {
  const data = readDocument(descriptor, content);
  return listOf(fieldOf(data, 'manifests')).map((child) => ({
    ...readDescriptor(child),
    platform: readPlatform(fieldOf(child, 'platform')),
  }));
}

/** The manifests of an index that a node fetches: the best alone, or all of the very platform. */
// containerd v2.3.4 core/images/handlers.go FilterPlatforms, LimitManifests; core/transfer/image/imagestore.go
// ImageFilter
export function selectManifests(
  children: readonly IndexChild[],
  platform: Platform,
  isTransfer: boolean,
): readonly Descriptor[] {
  const vector = platformVector(platform);
  const usable = isTransfer ? vector.slice(0, 1) : vector;
  const ranked = children
    .map((child) => ({ child, rank: child.platform ? rankOf(child.platform, usable) : usable.length }))
    .filter(({ rank }) => rank >= 0);
  if (isTransfer) return ranked.map(({ child }) => child);
  return ranked
    .toSorted((a, b) => a.rank - b.rank)
    .slice(0, 1)
    .map(({ child }) => child);
}

/** The layers of an image, if its config knows as many. Throws {@link PullError}. */
// containerd v2.3.4 core/unpack/unpacker.go unpack
export function layersOf({ layers }: ManifestChildren, config: Uint8Array): readonly Descriptor[] {
  if (layers.length === 0) return [];
  const result = unmarshalJson(new TextDecoder().decode(config));
  if (!result.ok) throw new PullError(`unmarshal image config: ${result.error}`);
  const { length } = listOf(fieldOf(fieldOf(result.value, 'rootfs'), 'diff_ids'));
  if (length !== layers.length) {
    throw new PullError(`number of layers and diffIDs don't match: ${layers.length} != ${length}`);
  }
  return layers;
}

// containerd v2.3.4 core/images/image.go validateMediaType
function readDocument({ mediaType, digest }: Descriptor, content: Uint8Array): unknown {
  const invalid = (reason: string): PullError => new PullError(`children: invalid desc ${digest}: ${reason}`);
  const result = unmarshalJson(new TextDecoder().decode(content));
  if (!result.ok) throw invalid(result.error);
  const has = (name: string): boolean => fieldOf(result.value, name) !== undefined;
  const own = fieldOf(result.value, 'mediaType');
  const claimed = typeof own === 'string' ? own : '';
  if (has('fsLayers')) throw invalid('media-type: schema 1 not supported');
  if (isManifestType(mediaType) && (has('manifests') || isIndexType(claimed))) {
    throw invalid(`media-type: expected manifest but found index (${mediaType})`);
  }
  if (isIndexType(mediaType) && (has('config') || has('layers') || isManifestType(claimed))) {
    throw invalid(`media-type: expected index but found manifest (${mediaType})`);
  }
  return result.value;
}

function listOf(data: unknown): readonly unknown[] {
  if (data === undefined || data === null) return [];
  if (Array.isArray(data)) return data;
  throw new NotEmulated('the image has no list where one belongs');
}

function readDescriptor(data: unknown): Descriptor {
  const mediaType = fieldOf(data, 'mediaType') ?? '';
  const digest = fieldOf(data, 'digest') ?? '';
  const size = fieldOf(data, 'size') ?? 0;
  if (typeof mediaType !== 'string' || typeof digest !== 'string' || typeof size !== 'number') {
    throw new NotEmulated('the image has a descriptor that is none');
  }
  return { mediaType, digest, size };
}

function readPlatform(data: unknown): Platform | undefined {
  if (data === undefined || data === null) return undefined;
  const text = (name: string): string => {
    const value = fieldOf(data, name);
    return typeof value === 'string' ? value : '';
  };
  return { os: text('os'), architecture: text('architecture'), variant: text('variant') };
}

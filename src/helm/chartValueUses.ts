import { createImageUse } from '../manifest/imageReader.ts';
import type { ImageParts, ImageUse } from '../manifest/imageUse.ts';
import type { KubernetesObject } from '../manifest/manifest.ts';
import { readNestedImages } from '../manifest/objectImages.ts';
import { findEmbeddedImages } from '../manifest/text/embeddedImages.ts';
import type { Located } from '../source/location.ts';
import { findValueImages, type ValueImage } from './valueImages.ts';
import { findTexts } from './valueTexts.ts';
import { locateValue, type YamlText } from './yamlText.ts';

/** What else is known where values are read. */
export interface ValueContext {
  /** Path of the values in their object, with a dot at its end; empty for a file of values. */
  readonly prefix: string;
  /** The appVersion of the chart that the values below an outermost key are for: most charts take it for a tag that is missing. */
  readonly appVersionOf?: (key: string) => Located<string> | undefined;
  readonly substitutions: ReadonlyMap<string, string>;
}

/** The images that values name by the conventions of charts. */
export function readValueUses(yaml: YamlText, context: ValueContext): readonly ImageUse[] {
  return [
    ...findValueImages(yaml.root).map((image) => createValueUse(image, yaml, context)),
    ...findTextUses(yaml, context),
  ];
}

/** The images in values that are files of their own: manifests, and the settings of programs. */
function findTextUses(
  { file, text, root, locate }: YamlText,
  { prefix, substitutions }: ValueContext,
): readonly ImageUse[] {
  const object = { apiVersion: '', kind: '', root, document: { file, index: 0, root, locate }, source: text };
  const embedded = {
    from: 'chartValues',
    substitutions,
    readNested: (nested: KubernetesObject) => readNestedImages(nested, substitutions),
  } as const;
  return findTexts(root).flatMap(({ scalar, path }) =>
    findEmbeddedImages(object, scalar, prefix + path, embedded).filter(
      // What only looks like an image, or is put together by the chart, is found where the chart is rendered.
      ({ confidence, status }) => confidence !== 'possible' && status === 'resolved',
    ),
  );
}

function createValueUse(image: ValueImage, yaml: YamlText, context: ValueContext): ImageUse {
  const { prefix, appVersionOf, substitutions } = context;
  const parts = locateParts(image, yaml);
  const found = {
    text: image.text,
    location: locateValue(yaml, image.main),
    confidence: image.confidence,
    from: 'chartValues' as const,
    field: prefix + image.path,
    ...(Object.keys(parts).length > 0 && { parts }),
  };
  const use = createImageUse(found, substitutions);
  if (!image.lacksTag || use.status === 'unresolved') return use;
  const appVersion = appVersionOf?.(/^[^.[]*/.exec(image.path)?.[0] ?? '');
  // The chart has the tag, and the chart is not known: nobody can say what is pulled.
  if (!appVersion) return markUnresolved(use);
  const guess = createImageUse({ ...found, text: `${image.text}:${appVersion.value}` }, substitutions);
  return {
    ...guess,
    text: use.text,
    confidence: image.confidence === 'certain' ? 'likely' : image.confidence,
    parts: { ...parts, tag: appVersion.location },
  };
}

function locateParts({ parts }: ValueImage, yaml: YamlText): ImageParts {
  const { registry, repository, tag, digest } = parts;
  return {
    ...(registry && { registry: locateValue(yaml, registry) }),
    ...(repository && { repository: locateValue(yaml, repository) }),
    ...(tag && { tag: locateValue(yaml, tag) }),
    ...(digest && { digest: locateValue(yaml, digest) }),
  };
}

function markUnresolved(use: ImageUse): ImageUse {
  const { text, location, confidence, from, pulledBy, field, parts } = use;
  return { text, location, status: 'unresolved', confidence, from, pulledBy, field, ...(parts && { parts }) };
}

import type { Location } from '../../source/location.ts';
import type { ScalarNode } from '../../source/tree.ts';
import type { ImageSource, ImageUse } from '../imageUse.ts';
import type { KubernetesObject, Manifest } from '../manifest.ts';
import { readTemplateLines } from '../templateLines.ts';
import { readEmbedded, type EmbeddedFile } from './embedded.ts';
import { findLineImages } from './lineImages.ts';
import { mayHoldImages } from './mayHoldImages.ts';
import { findTreeImages } from './treeImages.ts';

/** What a search in values of an object needs to know of what is around. */
export interface EmbeddedContext {
  readonly from: ImageSource;
  readonly substitutions: ReadonlyMap<string, string>;
  readonly isAboutImages?: boolean;
  /** Reads an object that stands in a value. */
  readonly readNested: (object: KubernetesObject) => readonly ImageUse[];
}

/** The images in a file that is the value of an object: manifests, settings, templates of either, or just lines. */
export function findEmbeddedImages(
  object: KubernetesObject,
  scalar: ScalarNode,
  field: string,
  context: EmbeddedContext,
): readonly ImageUse[] {
  if (!mayHoldImages(scalar.text)) return [];
  const file = readEmbedded(object, scalar);
  const place = { object, isProse: true, ...context };
  if (!file) return findLineImages(scalar, field, place);
  const settings = file.settings.filter(({ root }) => root.kind !== 'scalar');
  const templates = readTemplates(file, context.substitutions);
  if (settings.length === 0 && file.manifest.objects.length === 0 && templates.length === 0) {
    return findLineImages(scalar, field, place);
  }
  return [
    ...file.manifest.objects.flatMap(context.readNested),
    ...settings.flatMap((document) => findSettings(document, field, context)),
    ...templates.map((use) => ({ ...use, field: `${field}: ${use.field}` })),
  ];
}

function findSettings(
  document: KubernetesObject,
  field: string,
  context: EmbeddedContext,
): readonly ImageUse[] {
  const uses = findTreeImages(document.root, {
    ...context,
    object: document,
    claimed: new Set(),
    readText: (scalar, _name, at) => findEmbeddedImages(document, scalar, at, context),
  });
  return uses.map((use) => ({ ...use, field: `${field}: ${use.field}` }));
}

/** The lines of templates, with the places that they have in the outer file. */
function readTemplates(
  { manifest, locate }: EmbeddedFile,
  substitutions: ReadonlyMap<string, string>,
): readonly ImageUse[] {
  const uses = readTemplateLines(manifest, substitutions);
  if (uses.length === 0) return [];
  const starts = lineStarts(manifest);
  return uses.map((use): ImageUse => {
    const start = (starts[use.location.start.line - 1] ?? 0) + use.location.start.column - 1;
    const length = use.location.end.column - use.location.start.column;
    return { ...use, location: locate(start, start + length) satisfies Location };
  });
}

function lineStarts({ unparsed }: Manifest): readonly number[] {
  const starts: number[] = [];
  for (const { text, start } of unparsed) {
    starts.push(start);
    for (let at = text.indexOf('\n'); at >= 0 && at + 1 < text.length; at = text.indexOf('\n', at + 1)) {
      starts.push(start + at + 1);
    }
  }
  return starts;
}

import type { ReadImages } from '../manifest/build.ts';
import type { Location } from '../source/location.ts';
import { child, items, text } from '../source/tree.ts';
import { parseYaml } from '../source/yaml.ts';
import type { Closure } from './closure.ts';
import { copiedValues } from './copiedValues.ts';
import { readImageFields, readingFields } from './fieldSpecs.ts';
import type { Kustomizations } from './includes.ts';
import { readObjects } from './item.ts';
import { readImageRule, scalarsOf, type ImageRule, type Kustomization } from './kustomization.ts';
import { fileText, innerText, pieceAt, pieceOf, type Piece, type SourceText } from './sourceText.ts';

/** Something in the sources that an image of the result may come from. */
export interface Candidate {
  readonly piece: Piece;
  /** An image, of which each part gets a mark; or a part of one, or an expression that has to know of marks. */
  readonly kind: 'image' | 'part' | 'expression';
  readonly isRule: boolean;
}

/** All that images of a kustomization may come from, in an order that depends on the files only. */
export function findCandidates(
  closure: Closure,
  kustomizations: Kustomizations,
  readManifests: ReadImages,
): readonly Candidate[] {
  const read = readingFields(readManifests, readImageFields(closure, kustomizations));
  const files = [...closure.files.values()];
  const found = [
    ...files.flatMap((source) => imagesIn(source, read)),
    ...closure.kustomizations.flatMap(({ images }) => images.flatMap(ruleCandidates)),
    ...closure.kustomizations.flatMap((one) => patchCandidates(one, closure, kustomizations, read)),
    ...closure.kustomizations.flatMap((one) => transformerCandidates(one, kustomizations)),
    ...closure.kustomizations.flatMap((one) => literalCandidates(one, kustomizations)),
    ...copiedValues(closure, kustomizations).map(imageAt),
  ];
  const taken = new Set<string>();
  return found.filter(({ piece: { file, stretch, text: value } }) => {
    const key = `${file}:${stretch?.start}`;
    // What kustomize fills in for a variable has marks of its own.
    if (!stretch || value.includes('$(') || taken.has(key)) return false;
    taken.add(key);
    return true;
  });
}

function imageAt(piece: Piece): Candidate {
  return { piece, kind: 'image', isRule: false };
}

function imagesIn(source: SourceText, read: ReadImages): readonly Candidate[] {
  return read(source.file, source.text).flatMap((use): readonly Candidate[] => {
    const stretchOf = ({ start, end }: Location): [number, number] => [
      source.offsetOf(start),
      source.offsetOf(end),
    ];
    if (!use.parts) return [imageAt(pieceAt(source, ...stretchOf(use.location), use.text))];
    return Object.values(use.parts).map((location): Candidate => {
      const [start, end] = stretchOf(location);
      const piece = pieceAt(source, start, end, source.text.slice(start, end));
      return { piece, kind: 'part', isRule: false };
    });
  });
}

function ruleCandidates({ name, newName, newTag, digest, tagSuffix }: ImageRule): readonly Candidate[] {
  const parts = [newName, newTag, digest, tagSuffix].flatMap((piece) => piece ?? []);
  return [
    { piece: name, kind: 'expression', isRule: true },
    ...parts.map((piece): Candidate => ({ piece, kind: 'part', isRule: true })),
  ];
}

function patchCandidates(
  kustomization: Kustomization,
  closure: Closure,
  { resolve }: Kustomizations,
  read: ReadImages,
): readonly Candidate[] {
  return kustomization.patches.flatMap(({ inline, path }): readonly Candidate[] => {
    const include = path && resolve(kustomization.folder, path.text);
    const source = inline ?? (include?.kind === 'file' ? closure.files.get(include.path) : undefined);
    if (!source) return [];
    const merged = inline ? imagesIn(inline, read) : [];
    return [...merged, ...operationValues(source)];
  });
}

/** The images in the values of a JSON patch. */
function operationValues(source: SourceText): readonly Candidate[] {
  const { documents } = parseYaml(source.file, source.text);
  const operations = documents.flatMap(({ root }) => items(root));
  return operations.flatMap((operation) => {
    const value = child(operation, 'value');
    const isImage = /\/(?:image|reference)$/.test(text(child(operation, 'path')) ?? '');
    const scalars = value ? [...scalarsOf(value)] : [];
    return scalars
      .filter(({ path }) => (path.length === 0 ? isImage : path.at(-1) === 'image'))
      .map(({ scalar }) => imageAt(pieceOf(source, scalar)));
  });
}

/** The rules in transformers that are configured in files of their own, or as text. */
function transformerCandidates(
  { source, root, folder }: Kustomization,
  { resolve }: Kustomizations,
): readonly Candidate[] {
  return items(child(root, 'transformers')).flatMap((item) => {
    if (item.kind !== 'scalar') return [];
    const include = item.text.includes('\n') ? undefined : resolve(folder, item.text);
    const inner = include?.kind === 'file' ? fileText(include.path, include.text) : innerText(source, item);
    return inner ? rulesIn(inner) : [];
  });
}

function rulesIn(source: SourceText): readonly Candidate[] {
  return readObjects(source).flatMap(({ kind, root }) => {
    const tag = child(root, 'imageTag');
    const rule = kind === 'ImageTagTransformer' && tag ? readImageRule(source, tag) : undefined;
    return rule ? ruleCandidates(rule) : [];
  });
}

/** The values of generated ConfigMaps and Secrets. */
function literalCandidates(
  { source, root, folder }: Kustomization,
  { resolve }: Kustomizations,
): readonly Candidate[] {
  const generators = ['configMapGenerator', 'secretGenerator'].flatMap((key) => items(child(root, key)));
  return generators.flatMap((generator) => {
    const literals = items(child(generator, 'literals')).flatMap((item) =>
      item.kind === 'scalar' ? assignmentIn(pieceOf(source, item), source) : [],
    );
    const paths = [...items(child(generator, 'envs')), child(generator, 'env')];
    const lines = paths.flatMap((item) => {
      const include = text(item) === undefined ? undefined : resolve(folder, text(item) ?? '');
      return include?.kind === 'file' ? assignments(fileText(include.path, include.text)) : [];
    });
    return [...literals, ...lines];
  });
}

/** The value of `NAME=value`. */
function assignmentIn(piece: Piece, source: SourceText): readonly Candidate[] {
  const { stretch, text: written } = piece;
  const value = /^[^=\s]+=(["']?)([^\s"']+)\1$/.exec(written)?.[2];
  if (!stretch || value === undefined) return [];
  const start = stretch.start + written.lastIndexOf(value);
  return [imageAt(pieceAt(source, start, start + value.length, value))];
}

function assignments(source: SourceText): readonly Candidate[] {
  return [...source.text.matchAll(/^[^#=\s][^=\s]*=([^\s"']+)\s*$/gm)].map((match) => {
    const [, value = ''] = match;
    const start = match.index + match[0].indexOf('=') + 1;
    return imageAt(pieceAt(source, start, start + value.length, value));
  });
}

import { basename, dirname } from 'node:path/posix';
import { holdsTemplate } from '../manifest/placeholder.ts';
import type { Location } from '../source/location.ts';
import { child, entries, items, text, type ScalarNode, type TreeNode } from '../source/tree.ts';
import { parseYaml } from '../source/yaml.ts';
import { fileText, innerText, pieceOf, type Piece, type SourceText } from './sourceText.ts';

/** The names that kustomize looks for in a folder. */
// kustomize api/konfig/general.go RecognizedKustomizationFileNames
export const kustomizationNames = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'] as const;

/** True for a path whose file kustomize would take for a kustomization. */
export function isKustomizationPath(path: string): boolean {
  return kustomizationNames.some((name) => name === basename(path));
}

/** A rule of `images:`. */
export interface ImageRule {
  /** A regular expression, as it turns out. */
  readonly name: Piece;
  readonly newName?: Piece;
  readonly newTag?: Piece;
  readonly digest?: Piece;
  readonly tagSuffix?: Piece;
}

/** A patch: in the kustomization itself, or in a file. */
export interface PatchEntry {
  readonly location: Location;
  readonly inline?: SourceText;
  readonly path?: Piece;
  /** A mapping that selects objects; absent where the patch names its object. */
  readonly target?: TreeNode;
}

/** Something that only kustomize itself can carry out. */
export interface OpaqueField {
  readonly key: string;
  readonly location: Location;
}

/** What a kustomization says, as far as it is about images. */
export interface Kustomization {
  readonly file: string;
  /** Relative to the root of the repository; empty for the root itself. */
  readonly folder: string;
  readonly isComponent: boolean;
  /** False for one that is not among the listed files: left out by .gitignore, vendored, or behind a symbolic link. */
  readonly isListed: boolean;
  readonly source: SourceText;
  readonly root: TreeNode;
  /** Files and folders, in the order that they are read in. */
  readonly resources: readonly Piece[];
  readonly components: readonly Piece[];
  readonly images: readonly ImageRule[];
  /** In the order that they are applied in. */
  readonly patches: readonly PatchEntry[];
  readonly setsNamespace: boolean;
  readonly prefix: string;
  readonly suffix: string;
  readonly opaque: readonly OpaqueField[];
}

/** A kustomization that cannot be read, and why. */
export interface UnreadableKustomization {
  readonly file: string;
  readonly location: Location;
  readonly message: string;
}

/** Reads a kustomization. Its old names of fields count too. Undefined for a template of one, and for what only has its name. */
export function readKustomization(
  file: string,
  written: string,
  isListed: boolean,
): Kustomization | UnreadableKustomization | undefined {
  const source = fileText(file, written);
  const { documents, problems } = parseYaml(file, written);
  const [problem] = problems;
  const root = documents[0]?.root;
  const isTemplate = problem && holdsTemplate(written);
  if (isTemplate || isForeign(text(child(root, 'apiVersion')))) return undefined;
  if (problem) return { file, location: problem.location, message: problem.message };
  if (root?.kind !== 'mapping' || documents.length > 1) {
    const message = documents.length > 1 ? 'more than one document' : 'no mapping of fields';
    return { file, location: source.locate(0, 0), message };
  }
  const folder = dirname(file);
  const list = (key: string): readonly Piece[] =>
    items(child(root, key)).flatMap((item) => scalarPiece(source, item) ?? []);
  return {
    file,
    folder: folder === '.' ? '' : folder,
    isComponent: text(child(root, 'kind')) === 'Component',
    isListed,
    source,
    root,
    resources: [...list('resources'), ...list('bases')],
    components: list('components'),
    images: [...items(child(root, 'images')), ...items(child(root, 'imageTags'))].flatMap(
      (item) => readImageRule(source, item) ?? [],
    ),
    patches: readPatches(source, root),
    setsNamespace: text(child(root, 'namespace')) !== undefined,
    prefix: text(child(root, 'namePrefix')) ?? '',
    suffix: text(child(root, 'nameSuffix')) ?? '',
    opaque: readOpaque(source, root),
  };
}

/** Flux has a kind `Kustomization` of its own. */
function isForeign(apiVersion = ''): boolean {
  return apiVersion.includes('/') && !apiVersion.startsWith('kustomize.config.k8s.io/');
}

function scalarPiece(source: SourceText, node: TreeNode | undefined): Piece | undefined {
  return node?.kind === 'scalar' && node.value !== null ? pieceOf(source, node) : undefined;
}

/** Reads an item of `images:`, or the `imageTag` of a transformer of its own. */
export function readImageRule(source: SourceText, item: TreeNode): ImageRule | undefined {
  const part = (key: string): Piece | undefined => {
    const piece = scalarPiece(source, child(item, key));
    // An empty one counts for none: kustomize api/filters/imagetag/updater.go SetImageValue
    return piece?.text === '' ? undefined : piece;
  };
  const [name, newName, newTag, digest, tagSuffix] = [
    part('name'),
    part('newName'),
    part('newTag'),
    part('digest'),
    part('tagSuffix'),
  ];
  return (
    name && {
      name,
      ...(newName && { newName }),
      ...(newTag && { newTag }),
      ...(digest && { digest }),
      ...(tagSuffix && { tagSuffix }),
    }
  );
}

// kustomize api/internal/target/kusttarget_configplugin.go configureBuiltinTransformers has the order.
function readPatches(source: SourceText, root: TreeNode): readonly PatchEntry[] {
  const merged = items(child(root, 'patchesStrategicMerge')).flatMap((item): readonly PatchEntry[] => {
    if (item.kind !== 'scalar') return [];
    const isPath = !item.text.includes('\n') && !/^[\s{]/.test(item.text);
    return [readPatch(source, item, isPath ? undefined : item, isPath ? item : undefined, undefined)];
  });
  const others = ['patches', 'patchesJson6902'].flatMap((key) =>
    items(child(root, key)).map((item) =>
      readPatch(source, item, child(item, 'patch'), child(item, 'path'), child(item, 'target')),
    ),
  );
  return [...merged, ...others];
}

function readPatch(
  source: SourceText,
  item: TreeNode,
  patch: TreeNode | undefined,
  path: TreeNode | undefined,
  target: TreeNode | undefined,
): PatchEntry {
  const inline = patch?.kind === 'scalar' ? innerText(source, patch) : undefined;
  const file = scalarPiece(source, path);
  return {
    location: source.locate(item.start, item.end),
    ...(inline && { inline }),
    ...(file && { path: file }),
    ...(target && { target }),
  };
}

/** Fields of which only kustomize knows what they do to images. */
const opaqueKeys: ReadonlySet<string> = new Set([
  'replacements',
  'vars',
  'generators',
  'transformers',
  'helmCharts',
  'helmChartInflationGenerator',
]);

function readOpaque(source: SourceText, root: TreeNode): readonly OpaqueField[] {
  return entries(root).flatMap(({ key, value }) => {
    const isUsed = opaqueKeys.has(key.text) && items(value).length > 0;
    return isUsed ? [{ key: key.text, location: source.locate(key.start, key.end) }] : [];
  });
}

/** The scalars of a tree, each with the keys that lead to it. */
export function* scalarsOf(
  node: TreeNode,
  path: readonly string[] = [],
): Generator<{ readonly scalar: ScalarNode; readonly path: readonly string[] }> {
  if (node.kind === 'scalar') yield { scalar: node, path };
  else if (node.kind === 'sequence')
    for (const [index, item] of node.items.entries()) yield* scalarsOf(item, [...path, String(index)]);
  else for (const { key, value } of node.entries) yield* scalarsOf(value, [...path, key.text]);
}

import { entries, type TreeNode } from '../source/tree.ts';
import { parseYaml } from '../source/yaml.ts';
import type { Include, Kustomizations } from './includes.ts';
import { scalarsOf, type Kustomization } from './kustomization.ts';

/** Fields without paths in them. */
const pathless: ReadonlySet<string> = new Set([
  'apiVersion',
  'kind',
  'metadata',
  'namespace',
  'namePrefix',
  'nameSuffix',
  'labels',
  'commonLabels',
  'commonAnnotations',
  'images',
  'imageTags',
  'replicas',
  'sortOptions',
  'buildMetadata',
  'generatorOptions',
  'resources',
  'bases',
  'components',
  'vars',
]);

/** The files besides manifests and patches that a kustomization may need: for generators, transformers, configurations. */
export function* referredFiles(
  { root, folder }: Kustomization,
  kustomizations: Kustomizations,
): Generator<string> {
  for (const { key, value } of entries(root)) {
    if (pathless.has(key.text)) continue;
    for (const include of includesIn(value, folder, kustomizations)) {
      yield include.path;
      // A transformer names files too, relative to the same folder.
      const isConfiguration = /^(?:generators|transformers|validators)$/.test(key.text);
      if (!isConfiguration || include.kind !== 'file') continue;
      for (const { root: object } of parseYaml(include.path, include.text).documents)
        for (const { path } of includesIn(object, folder, kustomizations)) yield path;
    }
  }
}

function* includesIn(
  value: TreeNode,
  folder: string,
  { resolve }: Kustomizations,
): Generator<Include & { kind: 'file' | 'unread' }> {
  for (const { scalar, path } of scalarsOf(value)) {
    if (path.includes('literals') || scalar.text.length > maxPath || scalar.text.includes('\n')) continue;
    // `name=file` in the files of a generator.
    const written = scalar.text.slice(scalar.text.indexOf('=') + 1);
    const include = written === '' ? undefined : resolve(folder, written);
    if (include?.kind === 'file' || include?.kind === 'unread') yield include;
  }
}

/** Characters; no path is longer. */
const maxPath = 1024;

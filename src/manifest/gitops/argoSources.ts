import { folderPath } from '../../files/folderPath.ts';
import { compilePattern, matchesPattern } from '../../files/glob.ts';
import { child, descend, items, text, type TreeNode } from '../../source/tree.ts';
import { groupOf, type KubernetesObject } from '../manifest.ts';

/** A source of an Application of Argo CD, or of those that an ApplicationSet makes. */
export interface ArgoSource {
  readonly source: TreeNode;
  /** Its path in the object, as `spec.sources[0]`. */
  readonly at: string;
  /** The folder of the repository that it would be, if it is this repository; undefined where that is a template. */
  readonly folder: string | undefined;
  /** Where its objects go. */
  readonly namespace: string | undefined;
}

/** The paths to the specification of Applications. */
const specs: ReadonlyMap<string, readonly string[]> = new Map([
  ['Application', ['spec']],
  ['ApplicationSet', ['spec', 'template', 'spec']],
]);

/** The sources of an object of Argo CD; none for any other. */
export function argoSources(object: KubernetesObject): readonly ArgoSource[] {
  const path = groupOf(object) === 'argoproj.io' ? specs.get(object.kind) : undefined;
  if (!path) return [];
  const spec = descend(object.root, ...path);
  const single = child(spec, 'source');
  const namespace = text(descend(spec, 'destination', 'namespace'));
  const read = (source: TreeNode, name: string): ArgoSource => ({
    source,
    at: `${path.join('.')}.${name}`,
    folder: folderOf(source),
    namespace,
  });
  return [
    ...(single ? [read(single, 'source')] : []),
    ...items(child(spec, 'sources')).map((source, index) => read(source, `sources[${index}]`)),
  ];
}

/**
 * Tells which folders of the repository an ApplicationSet has one Application for each, by its generators; none of any other object.
 */
// argo-cd applicationset/generators/git.go filterApps
export function argoDirectories(object: KubernetesObject): (folder: string) => boolean {
  const isEach = argoSources(object).some(({ source }) =>
    /^\{\{\s*(?:path|\.path\.path)\s*\}\}$/.test(text(child(source, 'path')) ?? ''),
  );
  const directories = isEach ? [...gitDirectories(descend(object.root, 'spec', 'generators'))] : [];
  const patterns = directories.flatMap((directory) => {
    const pattern = compilePattern(text(child(directory, 'path')) ?? '');
    return pattern ? [{ pattern, isExcluded: text(child(directory, 'exclude')) === 'true' }] : [];
  });
  return (folder) => {
    const found = patterns.filter(({ pattern }) => matchesPattern(pattern, folder.split('/')));
    return found.length > 0 && !found.some(({ isExcluded }) => isExcluded);
  };
}

/** Generators can be made of others. */
function* gitDirectories(generators: TreeNode | undefined): Generator<TreeNode> {
  for (const generator of items(generators)) {
    yield* items(descend(generator, 'git', 'directories'));
    for (const outer of ['matrix', 'merge']) yield* gitDirectories(descend(generator, outer, 'generators'));
  }
}

function folderOf(source: TreeNode): string | undefined {
  const path = text(child(source, 'path'));
  return path === undefined || path.includes('{{') ? undefined : folderPath(path);
}

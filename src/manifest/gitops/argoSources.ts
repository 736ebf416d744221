import { folderPath } from '../../files/folderPath.ts';
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

function folderOf(source: TreeNode): string | undefined {
  const path = text(child(source, 'path'));
  return path === undefined || path.includes('{{') ? undefined : folderPath(path);
}

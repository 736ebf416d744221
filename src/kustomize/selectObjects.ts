import { child, text, type TreeNode } from '../source/tree.ts';
import type { ObjectName } from './item.ts';
import { createPattern } from './imageName.ts';

/** Which objects a patch is for; undefined where that depends on more than names. */
export type ObjectSelector = (object: ObjectName) => boolean;

/** Reads the `target` of a patch. */
// kustomize api/types/selector.go: name, namespace and the parts of the kind are anchored regular expressions
export function readTarget(target: TreeNode): ObjectSelector | undefined {
  if (text(child(target, 'labelSelector')) || text(child(target, 'annotationSelector'))) return undefined;
  const pattern = (key: string): ((value: string) => boolean) => {
    const written = text(child(target, key));
    if (!written) return () => true;
    // Most are plain names, and there may be as many patches as objects.
    return /^[\w-]+$/.test(written) ? (value) => value === written : createPattern(`^(?:${written})$`);
  };
  const [isKind, isName, isNamespace] = [pattern('kind'), pattern('name'), pattern('namespace')];
  return ({ kind, names, namespace }) =>
    isKind(kind) && names.some(isName) && isNamespace(namespace ?? 'default');
}

/** The objects that a patch names by its own kind and name. */
export function namedObject(kind: string, name: string, namespace: string | undefined): ObjectSelector {
  return (object) =>
    object.kind === kind &&
    object.names.includes(name) &&
    (namespace === undefined || object.isMoved || (object.namespace ?? 'default') === namespace);
}

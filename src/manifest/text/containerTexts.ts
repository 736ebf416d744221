import {
  child,
  entries,
  items,
  text,
  type MappingNode,
  type ScalarNode,
  type TreeNode,
} from '../../source/tree.ts';
import type { ImageUse } from '../imageUse.ts';
import type { KubernetesObject } from '../manifest.ts';
import { findInProse, findNamedImages, type NamedText } from './textFinder.ts';

/** The images that a container, or what has `command`, `args` or `env` like one, is told of. */
export function findContainerTexts(
  object: KubernetesObject,
  container: MappingNode,
  field: string,
  substitutions: ReadonlyMap<string, string>,
): readonly ImageUse[] {
  const uses: ImageUse[] = [];
  for (const { key, value } of entries(container)) {
    if (value.kind !== 'sequence') continue;
    const at = `${field}.${key.text}`;
    if (key.text === 'command' || key.text === 'args') {
      for (const use of findArguments(object, value, at, substitutions)) uses.push(use);
    } else if (key.text === 'env') {
      const place = { object, from: 'environment', substitutions, isProse: true } as const;
      for (const use of findNamedImages(variables(value, at), place)) uses.push(use);
    }
  }
  return uses;
}

/** True for a mapping in which {@link findContainerTexts} can find something. */
export function hasContainerTexts(mapping: MappingNode): boolean {
  return mapping.entries.some(
    ({ key, value }) =>
      value.kind === 'sequence' && (key.text === 'command' || key.text === 'args' || key.text === 'env'),
  );
}

function variables(list: TreeNode, field: string): readonly NamedText[] {
  return items(list).flatMap((item, index) => {
    const name = text(child(item, 'name'));
    const node = filledScalar(child(item, 'value'));
    return name && node ? [{ name, node, field: `${field}[${index}].value` }] : [];
  });
}

/** `--flag=image`, `--flag` and its value as two items, `name=image`, and scripts. */
function findArguments(
  object: KubernetesObject,
  list: TreeNode,
  field: string,
  substitutions: ReadonlyMap<string, string>,
): readonly ImageUse[] {
  const place = { object, from: 'argument', substitutions, isProse: true } as const;
  const named: NamedText[] = [];
  const prose: NamedText[] = [];
  let flag = '';
  for (const [index, item] of items(list).entries()) {
    const node = filledScalar(item);
    if (!node) continue;
    const at = { node, field: `${field}[${index}]` };
    // `--flag=image`, and `--images=name=image` for lists of them.
    const [lead, name] =
      /^(-{0,2}[A-Za-z][\w.-]{0,100})=(?:[A-Za-z][\w.-]{0,100}=(?=[^=\s]+$))?/.exec(node.text) ?? [];
    if (lead !== undefined && name !== undefined) named.push({ ...at, name, start: lead.length });
    else if (flag !== '') named.push({ ...at, name: flag });
    else if (node.text.includes('/')) prose.push({ ...at, name: '' });
    flag = /^--?[A-Za-z][\w.-]{0,100}$/.test(node.text) ? node.text : '';
  }
  return [...findNamedImages(named, place), ...prose.flatMap((text) => findInProse(text, place))];
}

function filledScalar(node: TreeNode | undefined): ScalarNode | undefined {
  return node?.kind === 'scalar' && text(node) ? node : undefined;
}

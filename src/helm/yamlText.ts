import { locateIn } from '../source/lineStarts.ts';
import type { Location } from '../source/location.ts';
import type { ScalarNode, TreeNode } from '../source/tree.ts';
import { parseYaml } from '../source/yaml.ts';
import { contentOffsets } from './contentOffsets.ts';

/** A YAML document that is a text of its own: a file, a part of one, or what a string in one holds. */
export interface YamlText {
  /** The file that it stands in. */
  readonly file: string;
  readonly text: string;
  /** Its offsets count in `text`. */
  readonly root: TreeNode;
  /** The place in the file of a stretch of `text`. */
  readonly locate: (part: { readonly start: number; readonly end: number }) => Location;
}

/** The first document of a file. Undefined where it is empty or no YAML. */
export function yamlFile(file: string, text: string): YamlText | undefined {
  const root = firstRoot(file, text);
  return root && { file, text, root, locate: locateIn(file, text) };
}

/** A mapping within a file, as a document of its own. */
export function yamlPart(file: string, source: string, node: TreeNode): YamlText | undefined {
  if (node.kind !== 'mapping') return undefined;
  // The first line keeps its distance from the margin, or the others would stand deeper than it.
  const margin = node.start - (source.lastIndexOf('\n', node.start - 1) + 1);
  const text = ' '.repeat(margin) + source.slice(node.start, node.end);
  const locate = locateIn(file, source);
  const shift = node.start - margin;
  return {
    file,
    text,
    // An alias of what stands outside of the part is known in the whole file only.
    root: firstRoot(file, text) ?? moved(node, shift),
    locate: ({ start, end }) => locate({ start: start + shift, end: end + shift }),
  };
}

/** The same nodes, with offsets into a text that begins later. */
function moved(node: TreeNode, shift: number): TreeNode {
  const at = { start: node.start - shift, end: node.end - shift };
  if (node.kind === 'scalar') return movedScalar(node, shift);
  if (node.kind === 'sequence')
    return { ...node, ...at, items: node.items.map((item) => moved(item, shift)) };
  const entries = node.entries.map(({ key, value }) => ({
    key: movedScalar(key, shift),
    value: moved(value, shift),
  }));
  return { ...node, ...at, entries };
}

function movedScalar(node: ScalarNode, shift: number): ScalarNode {
  return { ...node, start: node.start - shift, end: node.end - shift };
}

/** The YAML that a string in a file holds. Where the string is written in a way that hides the lines, all of it is the place. */
export function yamlInString(file: string, source: string, scalar: ScalarNode): YamlText | undefined {
  const root = firstRoot(file, scalar.text);
  if (!root) return undefined;
  const locate = locateIn(file, source);
  const offsets = contentOffsets(source, scalar);
  return {
    file,
    text: scalar.text,
    root,
    locate: ({ start, end }) => {
      const first = offsets?.(start);
      const last = offsets?.(Math.max(start, end - 1));
      return first === undefined || last === undefined
        ? locate(scalar)
        : locate({ start: first, end: end > start ? last + 1 : last });
    },
  };
}

/**
 * Where the characters of a value stand: within its quotes, below the `|` or `>` of a block, and for an alias where its anchor is.
 */
export function locateValue(yaml: YamlText, scalar: ScalarNode): Location {
  const { text, locate } = yaml;
  const { start, end } = anchoredScalar(yaml, scalar) ?? scalar;
  const first = text.charAt(start);
  if (first === '"' || first === "'") return locate({ start: start + 1, end: end - 1 });
  if (first !== '|' && first !== '>') return locate({ start, end });
  const header = text.indexOf('\n', start) + 1;
  const content = text.slice(header, end);
  const indentation = content.length - content.trimStart().length;
  return locate({ start: header + indentation, end: header + content.trimEnd().length });
}

/** The value that an alias (`*name`) repeats. */
function anchoredScalar({ text, root }: YamlText, { start, end }: ScalarNode): ScalarNode | undefined {
  if (text.charAt(start) !== '*') return undefined;
  const anchor = `&${text.slice(start + 1, end).trim()}`;
  for (let at = text.lastIndexOf(anchor, start); at >= 0; at = text.lastIndexOf(anchor, at - 1)) {
    const [space = ''] = /^[ \t]+/.exec(text.slice(at + anchor.length, at + anchor.length + 100)) ?? [];
    if (space !== '') return scalarAt(root, at + anchor.length + space.length);
    if (at === 0) return undefined;
  }
  return undefined;
}

function scalarAt(node: TreeNode, start: number): ScalarNode | undefined {
  if (node.kind === 'scalar') return node.start === start ? node : undefined;
  const inner = node.kind === 'sequence' ? node.items : node.entries.map(({ value }) => value);
  for (const one of inner) {
    const found = scalarAt(one, start);
    if (found) return found;
  }
  return undefined;
}

function firstRoot(file: string, text: string): TreeNode | undefined {
  return parseYaml(file, text).documents[0]?.root;
}

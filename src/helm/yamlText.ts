import { stretchWithin } from '../manifest/scalarOffsets.ts';
import { locateIn, type Stretch } from '../source/lineIndex.ts';
import type { Location } from '../source/location.ts';
import { contentStretch } from '../source/scalarContent.ts';
import type { MappingNode, ScalarNode, TreeNode } from '../source/tree.ts';
import { parseYaml } from '../source/yaml.ts';

/** A YAML document that is a text of its own: a file, a part of one, or what a string in one holds. */
export interface YamlText {
  /** The file that it stands in. */
  readonly file: string;
  readonly text: string;
  /** Its offsets count in `text`. */
  readonly root: TreeNode;
  /** The place in the file of a stretch of `text`. */
  readonly locate: (part: Stretch) => Location;
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
  const root = firstRoot(file, text);
  if (!root) return expandedPart(file, source, node);
  const locate = locateIn(file, source);
  const shift = node.start - margin;
  return {
    file,
    text,
    root,
    locate: ({ start, end }) => locate({ start: start + shift, end: end + shift }),
  };
}

/** A mapping with aliases of what stands outside of it: with the texts instead of them. Undefined where they are more than texts. */
function expandedPart(file: string, source: string, node: MappingNode): YamlText | undefined {
  let text = ' '.repeat(node.start - (source.lastIndexOf('\n', node.start - 1) + 1));
  const shift = node.start - text.length;
  let at = node.start;
  const written: { readonly from: number; readonly to: number; readonly alias: ScalarNode }[] = [];
  for (const alias of scalarAliases(node, source)) {
    text += source.slice(at, alias.start);
    const from = text.length;
    text += typeof alias.value === 'bigint' ? String(alias.value) : JSON.stringify(alias.value);
    written.push({ from, to: text.length, alias });
    at = alias.end;
  }
  text += source.slice(at, node.end);
  const root = firstRoot(file, text);
  const locate = locateIn(file, source);
  /** An offset in the file; all of an alias counts for what stands instead of it. */
  const toFile = (offset: number, side: 'start' | 'end'): number => {
    const last = written.findLast(({ from }) => (side === 'start' ? from <= offset : from < offset));
    if (!last) return offset + shift;
    const isWithin = side === 'start' ? offset < last.to : offset <= last.to;
    return isWithin ? last.alias[side] : last.alias.end + offset - last.to;
  };
  return (
    root && {
      file,
      text,
      root,
      locate: ({ start, end }) => locate({ start: toFile(start, 'start'), end: toFile(end, 'end') }),
    }
  );
}

/** The texts in a tree that are written as aliases, in the order of the file. */
function scalarAliases(root: TreeNode, source: string): readonly ScalarNode[] {
  const found: ScalarNode[] = [];
  const visit = (node: TreeNode): void => {
    if (node.kind === 'scalar') {
      if (source.charAt(node.start) === '*') found.push(node);
    } else if (node.kind === 'sequence') node.items.forEach(visit);
    else
      for (const { key, value } of node.entries) {
        visit(key);
        visit(value);
      }
  };
  visit(root);
  const isInside = ({ start, end }: ScalarNode): boolean => start >= root.start && end <= root.end;
  // What a larger alias repeats comes again.
  return [...new Map(found.filter(isInside).map((node) => [node.start, node])).values()].sort(
    (a, b) => a.start - b.start,
  );
}

/** The YAML that a string in a file holds. */
export function yamlInString(file: string, source: string, scalar: ScalarNode): YamlText | undefined {
  const root = firstRoot(file, scalar.text);
  if (!root) return undefined;
  const locate = locateIn(file, source);
  return {
    file,
    text: scalar.text,
    root,
    locate: (part) => locate(stretchWithin(source, scalar, part)),
  };
}

/**
 * Where the characters of a value stand: within its quotes, below the `|` or `>` of a block, and for an alias where its anchor is.
 */
export function locateValue(yaml: YamlText, scalar: ScalarNode): Location {
  const { text, locate } = yaml;
  return locate(contentStretch(text, anchoredScalar(yaml, scalar) ?? scalar));
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

import { locateIn } from '../source/lineIndex.ts';
import { contentStretch } from '../source/scalarContent.ts';
import type { ScalarNode, TreeNode } from '../source/tree.ts';
import { yamlFile, type YamlText } from './yamlText.ts';

/** `image.tag` and its value, as `helm --set` takes them. */
export interface DottedValue {
  readonly key: string;
  readonly value: ScalarNode;
}

/** More levels than this have no meaning. */
const maxLevels = 50;

/** The values that dotted keys stand for, as YAML whose places are those of the values in the file. */
export function yamlOfDottedKeys(
  file: string,
  source: string,
  values: readonly DottedValue[],
): YamlText | undefined {
  const written: ScalarNode[] = [];
  const text = write(nest(values), written);
  const yaml = yamlFile(file, text);
  if (!yaml) return undefined;
  const made = scalarsOf(yaml.root);
  const locate = locateIn(file, source);
  return {
    ...yaml,
    locate: ({ start, end }) => {
      const value = written[made.findIndex((scalar) => scalar.start <= start && end <= scalar.end)];
      return locate(value ? contentStretch(source, value) : { start: 0, end: 0 });
    },
  };
}

type Nested = ScalarNode | Map<string, Nested>;

function nest(values: readonly DottedValue[]): Nested {
  const root = new Map<string, Nested>();
  for (const { key, value } of values) {
    const names = splitKey(key);
    const last = names.pop();
    let at = root;
    for (const name of names) {
      const known = at.get(name);
      const next = known instanceof Map ? known : new Map<string, Nested>();
      at.set(name, next);
      at = next;
    }
    if (last !== undefined) at.set(last, value);
  }
  return root;
}

/** A backslash takes the meaning from a dot. An index in a list is taken for a key. */
function splitKey(key: string): string[] {
  const names = key.replaceAll(/\[(\d+)\]/g, '.$1').match(/(?:\\.|[^.\\])+/g) ?? [];
  return names.slice(0, maxLevels).map((name) => name.replaceAll(/\\(.)/g, '$1'));
}

/** JSON, which is YAML; notes the values in the order of the text. */
function write(nested: Nested, written: ScalarNode[]): string {
  if (nested instanceof Map) {
    const entries = [...nested].map(([name, value]) => `${JSON.stringify(name)}: ${write(value, written)}`);
    return `{${entries.join(', ')}}`;
  }
  written.push(nested);
  // As --set does: these words and numbers are typed.
  return /^(?:true|false|null|-?(?:0|[1-9]\d{0,15}))$/.test(nested.text)
    ? nested.text
    : JSON.stringify(nested.text);
}

function scalarsOf(node: TreeNode): readonly ScalarNode[] {
  if (node.kind === 'scalar') return [node];
  return (node.kind === 'sequence' ? node.items : node.entries.map(({ value }) => value)).flatMap(scalarsOf);
}

/** A tree as the library builds it while it reads: what it finds there decides what it refuses. */
export class Tree {
  /** The line that the library has for a table within an inline one. */
  line = 0;
  readonly values = new Map<string, TreeValue>();
  isInline = false;
}

/** What a key stands for: a table, a list of nothing but tables, or a value. */
export type TreeValue = Tree | readonly Tree[] | Leaf;

/** A value that is no table. */
export interface Leaf {
  readonly kind: 'leaf';
  /** The value as Go prints it with `%#v`. */
  readonly printed: string;
  /** Where its key is; in an inline table the library makes up a line. */
  readonly place: { readonly offset: number } | { readonly line: number };
}

export function isTrees(value: TreeValue | undefined): value is readonly Tree[] {
  return Array.isArray(value);
}

function isLeaf(value: TreeValue): value is Leaf {
  return !(value instanceof Tree) && !isTrees(value);
}

/** What stands at a path; a list of tables stands for its last one on the way. */
// pelletier/go-toml v1.9.5 toml.go GetPath
export function getPath(tree: Tree, path: readonly string[]): TreeValue | undefined {
  let value: TreeValue | undefined = tree;
  for (const key of path) {
    const table: TreeValue | undefined = isTrees(value) ? value.at(-1) : value;
    if (!(table instanceof Tree)) return undefined;
    value = table.values.get(key);
  }
  return value;
}

/** Puts a value at a path. A value that stands in the way is passed over. */
// pelletier/go-toml v1.9.5 toml.go SetPathWithOptions
export function setPath(
  tree: Tree,
  path: readonly string[],
  value: Tree | readonly Tree[] | { readonly printed: string },
): void {
  let table = tree;
  for (const [index, key] of path.slice(0, -1).entries()) {
    let next = table.values.get(key);
    if (!next) {
      next = new Tree();
      next.line = index;
      table.values.set(key, next);
    }
    const last: TreeValue | undefined = isTrees(next) ? next.at(-1) : next;
    if (last instanceof Tree) table = last;
  }
  const line = table.line + table.values.size + 1;
  const inserted: TreeValue =
    'printed' in value ? { kind: 'leaf', printed: value.printed, place: { line } } : value;
  table.values.set(path.at(-1) ?? '', inserted);
}

/** A value that stands where a table has to be. */
export interface Obstacle {
  readonly key: string;
  readonly leaf: Leaf;
}

/** Makes the tables of a path where they are missing. */
// pelletier/go-toml v1.9.5 toml.go createSubTree
export function createSubTree(tree: Tree, path: readonly string[]): Obstacle | undefined {
  let table = tree;
  for (const key of path) {
    let next = table.values.get(key);
    if (!next) {
      next = new Tree();
      next.isInline = table.isInline;
      table.values.set(key, next);
    }
    if (isLeaf(next)) return { key, leaf: next };
    const last = isTrees(next) ? next.at(-1) : next;
    if (last) table = last;
  }
  return undefined;
}

/** The error about a value in the way: the value as Go prints it with `%#v`. */
export function printObstacle(
  path: readonly string[],
  { key, leaf }: Obstacle,
  placeOf: (offset: number) => { readonly line: number; readonly column: number },
  hasLiterals: boolean,
): string {
  const literal = hasLiterals ? ', literal:false' : '';
  const fields = `value:${leaf.printed}, comment:"", commented:false, multiline:false${literal}`;
  const { line, column } = 'line' in leaf.place ? { ...leaf.place, column: 0 } : placeOf(leaf.place.offset);
  const position = `position:toml.Position{Line:${line}, Col:${column}}`;
  return `unknown type for path ${path.join('.')} (${key}): *toml.tomlValue (&toml.tomlValue{${fields}, ${position}})`;
}

/** A float as Go prints it with `%#v`. */
export function printFloat(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  if (Object.is(value, -0)) return '-0';
  const [digits = '', exponent = '0'] = value.toExponential().split('e');
  const power = Number(exponent);
  if (power >= -4 && power < 21) return plain(value);
  return `${digits}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
}

function plain(value: number): string {
  return String(value).includes('e') ? value.toFixed(20).replace(/0+$/, '') : String(value);
}

import type { TomlNode, TomlScalar, TomlTable } from '../source/toml.ts';

/** A Go type that a value of a `hosts.toml` is decoded into. */
export interface GoType {
  /** As Go prints the type of the field: `[]string`. */
  readonly name: string;
  readonly kind: 'slice' | 'bool' | 'map' | 'string' | 'struct' | 'interface';
  /** Of a slice or map; interface where it takes anything. */
  readonly element?: GoType;
}

const anything: GoType = { name: 'interface {}', kind: 'interface' };
const string: GoType = { name: 'string', kind: 'string' };

/** The types of the fields of `hostFileConfig`. */
export const goTypes = {
  any: anything,
  string,
  bool: { name: 'bool', kind: 'bool' },
  boolPointer: { name: '*bool', kind: 'bool' },
  strings: { name: '[]string', kind: 'slice', element: string },
  mapOfAny: { name: 'map[string]interface {}', kind: 'map', element: anything },
  mapOfStrings: { name: 'map[string]string', kind: 'map', element: string },
  hostFileConfig: { name: 'config.hostFileConfig', kind: 'struct' },
  mapOfHosts: {
    name: 'map[string]config.hostFileConfig',
    kind: 'map',
    element: { name: 'config.hostFileConfig', kind: 'struct' },
  },
} as const satisfies Readonly<Record<string, GoType>>;

/** Why a decoder refuses a value for a type; undefined where it takes it. `field` is the Go name of the struct field. */
export type Mismatch = (node: TomlNode, type: GoType, field: string) => string | undefined;

/** The refusals of go-toml version 2. */
// pelletier/go-toml v2.2.4 unmarshaler.go unmarshalString, unmarshalInteger, unmarshalArray, handleTable and others
export const mismatchOfVersion2: Mismatch = (node, type, field) => {
  const cannotDecode = (what: string): string => `toml: cannot decode TOML ${what} into struct field ${field} of type ${type.name}`;
  if (type.kind === 'interface') return undefined;
  if (node.kind === 'mapping') return tableMismatch(node, type, field);
  if (node.kind === 'sequence') {
    if (node.isTables) return cannotDecode('array table');
    const { element } = type;
    if (type.kind !== 'slice' || !element) return cannotDecode('array');
    const inElement: GoType = { ...element, name: type.name };
    return firstOf(node.items, (item) => mismatchOfVersion2(item, inElement, field));
  }
  if (node.type === type.kind || (node.type === 'boolean' && type.kind === 'bool')) return undefined;
  if (node.type === 'boolean') return `toml: cannot assign boolean to a ${node.text}`;
  if (node.type === 'float') return `toml: float cannot be assigned to ${type.kind}`;
  return cannotDecode(node.type);
};

function tableMismatch(table: TomlTable, type: GoType, field: string): string | undefined {
  if (type.kind === 'struct') return undefined;
  if (type.kind === 'map') {
    const { element } = type;
    return element && firstOf(table.entries, ({ value }) => mismatchOfVersion2(value, { ...element, name: type.name }, field));
  }
  if (table.isInline) return `toml: cannot store inline table in Go type ${type.kind}`;
  if (type.kind === 'slice') return 'toml: cannot store a table in a slice';
  return table.entries.length > 0 ? `unhandled kv part: ${type.kind}` : undefined;
}

/** The refusals of go-toml version 1, without the position that it puts before them. */
// pelletier/go-toml v1.9.5 marshal.go valueFromToml
export const mismatchOfVersion1: Mismatch = (node, type, field) => {
  if (type.kind === 'interface') return undefined;
  const shown = `Can't convert ${goValue(node)}(${goTypeOf(node)})`;
  if (node.kind === 'mapping') {
    if (type.kind === 'struct') return undefined;
    const { element } = type;
    if (type.kind !== 'map' || !element) return `${shown} to a tree`;
    return firstOf(node.entries, ({ value }) => mismatchOfVersion1(value, element, field));
  }
  if (node.kind === 'sequence') {
    const { element } = type;
    if (isTreeList(node)) return `${shown} to trees`;
    if (type.kind !== 'slice' || !element) return `${shown} to a slice`;
    return firstOf(node.items, (item) => mismatchOfVersion1(item, element, field));
  }
  if (node.type === type.kind || (node.type === 'boolean' && type.kind === 'bool')) return undefined;
  if (type.kind === 'bool') return `${shown} to bool`;
  const needsKind = type.kind === 'slice' || type.kind === 'map';
  return `${shown} to ${type.name}${needsKind ? `(${type.kind})` : ''}`;
};

function firstOf<T>(parts: readonly T[], find: (part: T) => string | undefined): string | undefined {
  for (const part of parts) {
    const found = find(part);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A list of nothing but tables, which go-toml version 1 gives a type of its own. */
export function isTreeList(node: TomlNode): boolean {
  return node.kind === 'sequence' && node.items.length > 0 && node.items.every(({ kind }) => kind === 'mapping');
}

/** A value as Go prints it with `%v` once it is decoded. */
export function goValue(node: TomlNode): string {
  if (node.kind === 'scalar') return scalarValue(node);
  if (node.kind === 'sequence') return `[${node.items.map(goValue).join(' ')}]`;
  const entries = node.entries.map(({ key, value }) => ({ key: key.text, shown: `${key.text}:${goValue(value)}` }));
  entries.sort((a, b) => (a.key < b.key ? -1 : 1));
  return `map[${entries.map(({ shown }) => shown).join(' ')}]`;
}

function scalarValue(node: TomlScalar): string {
  return String(node.value);
}

const scalarTypes: Readonly<Record<TomlScalar['type'], string>> = {
  string: 'string',
  integer: 'int64',
  float: 'float64',
  boolean: 'bool',
  datetime: 'time.Time',
};

/** The type of a decoded value as Go prints it with `%T`. */
export function goTypeOf(node: TomlNode): string {
  if (node.kind === 'scalar') return scalarTypes[node.type];
  if (node.kind === 'mapping') return '*toml.Tree';
  return isTreeList(node) ? '[]*toml.Tree' : '[]interface {}';
}

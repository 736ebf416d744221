import type { TomlNode, TomlScalar, TomlTable } from '../source/toml.ts';

/** A Go type that a value of a `hosts.toml` or a `config.toml` is decoded into. */
export type GoType =
  | { readonly kind: 'bool' | 'int' | 'string' | 'struct' | 'interface'; readonly name: string }
  | { readonly kind: 'slice' | 'map'; readonly name: string; readonly element: GoType };

const anything: GoType = { kind: 'interface', name: 'interface {}' };
const string: GoType = { kind: 'string', name: 'string' };
const hostFileConfig: GoType = { kind: 'struct', name: 'config.hostFileConfig' };

/** The types of the fields of a `hosts.toml`, named as Go prints the type of the field. */
export const goTypes = {
  any: anything,
  string,
  bool: { kind: 'bool', name: 'bool' },
  boolPointer: { kind: 'bool', name: '*bool' },
  strings: { kind: 'slice', name: '[]string', element: string },
  mapOfAny: { kind: 'map', name: 'map[string]interface {}', element: anything },
  mapOfStrings: { kind: 'map', name: 'map[string]string', element: string },
  hostFileConfig,
  mapOfHosts: { kind: 'map', name: 'map[string]config.hostFileConfig', element: hostFileConfig },
} as const satisfies Readonly<Record<string, GoType>>;

/**
 * Why go-toml version 2 refuses a value for a type; undefined where it takes it. `field` is the Go name of
 * the field. Tables for maps are not looked into.
 */
// pelletier/go-toml v2.2.4 unmarshaler.go unmarshalString, unmarshalInteger, unmarshalArray, handleTable and
// others
export function mismatchOfVersion2(node: TomlNode, type: GoType, field: string): string | undefined {
  const cannotDecode = (what: string): string =>
    `toml: cannot decode TOML ${what} into struct field ${field} of type ${type.name}`;
  if (type.kind === 'interface') return undefined;
  if (node.kind === 'mapping') return tableMismatch(node, type);
  if (node.kind === 'sequence') {
    if (node.isTables) return cannotDecode('array table');
    if (type.kind !== 'slice') return cannotDecode('array');
    const element = { ...type.element, name: type.name };
    return firstMismatch(node.items, (item) => mismatchOfVersion2(item, element, field));
  }
  if (isOfKind(node, type)) return undefined;
  if (node.type === 'boolean') return `toml: cannot assign boolean to a ${node.text}`;
  if (node.type === 'float') return `toml: float cannot be assigned to ${type.kind}`;
  return cannotDecode(node.type);
}

function tableMismatch(table: TomlTable, type: GoType): string | undefined {
  if (type.kind === 'struct' || type.kind === 'map') return undefined;
  if (table.isInline) return `toml: cannot store inline table in Go type ${type.kind}`;
  if (type.kind === 'slice') return 'toml: cannot store a table in a slice';
  return table.entries.length > 0 ? `unhandled kv part: ${type.kind}` : undefined;
}

/** Why go-toml version 1 refuses a value for a type, without the place that it puts before the reason. */
// pelletier/go-toml v1.9.5 marshal.go valueFromToml
export function mismatchOfVersion1(node: TomlNode, type: GoType): string | undefined {
  if (type.kind === 'interface') return undefined;
  const shown = `Can't convert ${goValue(node)}(${goTypeOf(node)})`;
  if (node.kind === 'mapping')
    return type.kind === 'struct' || type.kind === 'map' ? undefined : `${shown} to a tree`;
  if (node.kind === 'sequence') {
    if (isTreeList(node)) return `${shown} to trees`;
    if (type.kind !== 'slice') return `${shown} to a slice`;
    return firstMismatch(node.items, (item) => mismatchOfVersion1(item, type.element));
  }
  if (isOfKind(node, type)) return undefined;
  if (type.kind === 'bool') return `${shown} to bool`;
  const kind = type.kind === 'slice' || type.kind === 'map' ? `(${type.kind})` : '';
  return `${shown} to ${type.name}${kind}`;
}

const kindOfType: Readonly<Record<TomlScalar['type'], GoType['kind'] | undefined>> = {
  string: 'string',
  integer: 'int',
  boolean: 'bool',
  float: undefined,
  datetime: undefined,
};

function isOfKind(node: TomlScalar, type: GoType): boolean {
  return kindOfType[node.type] === type.kind;
}

function firstMismatch(
  nodes: readonly TomlNode[],
  find: (node: TomlNode) => string | undefined,
): string | undefined {
  for (const node of nodes) {
    const found = find(node);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A list of nothing but tables, which go-toml version 1 gives a type of its own. */
export function isTreeList(node: TomlNode): boolean {
  return (
    node.kind === 'sequence' && node.items.length > 0 && node.items.every(({ kind }) => kind === 'mapping')
  );
}

/** A value as Go prints it with `%v` once it is decoded. */
export function goValue(node: TomlNode): string {
  if (node.kind === 'scalar') return String(node.value);
  if (node.kind === 'sequence') return `[${node.items.map(goValue).join(' ')}]`;
  const entries = node.entries.map(({ key, value }) => ({
    key: key.text,
    shown: `${key.text}:${goValue(value)}`,
  }));
  entries.sort((a, b) => (a.key < b.key ? -1 : 1));
  return `map[${entries.map(({ shown }) => shown).join(' ')}]`;
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

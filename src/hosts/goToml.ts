import type { ScalarProblem, TomlNode, TomlScalar, TomlTable } from '../source/toml.ts';
import type { GoTomlRelease } from './goToml/goTomlRelease.ts';

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

/** Why go-toml version 2 refuses a value. */
export interface Mismatch2 {
  readonly error: string;
  /** Where it says that the value is wrong: an offset into the text. Absent where it does not say that. */
  readonly at?: Pick<ScalarProblem, 'offset' | 'isAtEnd'>;
  /** The library panics, which ends containerd. */
  readonly isPanic?: boolean;
}

/**
 * Why go-toml version 2 refuses a value for a type; undefined where it takes it. `field` is the Go name of
 * the field. Tables for maps are not looked into.
 */
// pelletier/go-toml v2.2.4 unmarshaler.go unmarshalString, unmarshalInteger, unmarshalArray, handleTable and
// others
export function mismatchOfVersion2(
  node: TomlNode,
  type: GoType,
  field: string,
  release: GoTomlRelease,
): Mismatch2 | undefined {
  const cannotDecode = (what: string): string =>
    `toml: cannot decode TOML ${what} into struct field ${field} of type ${type.name}`;
  if (type.kind === 'interface') return findWrongValue(node);
  if (node.kind === 'mapping') return tableMismatch(node, type);
  if (node.kind === 'sequence') {
    if (node.isTables) return { error: cannotDecode('array table') };
    if (type.kind !== 'slice') return { error: cannotDecode('array') };
    const element = { ...type.element, name: type.name };
    return firstMismatch(node.items, (item) => mismatchOfVersion2(item, element, field, release));
  }
  const at = { offset: node.start, isAtEnd: false };
  if (node.problem) return findWrongValue(node);
  if (isOfKind(node, type)) return undefined;
  if (node.type === 'boolean') return { error: `toml: cannot assign boolean to a ${node.text}`, at };
  if (node.type === 'float') return { error: `toml: float cannot be assigned to ${type.kind}`, at };
  if (node.type !== 'datetime') return { error: cannotDecode(node.type), at };
  const { name, goName } = dateTypeOf(node.text);
  if (release === '2.2') {
    const error = `reflect.Set: value of type ${goName} is not assignable to type ${plainName(type)}`;
    return { error, at, isPanic: true };
  }
  // The library does not keep where a date is, and points at the beginning of the text.
  return { error: cannotDecode(name), at: { offset: 0, isAtEnd: false } };
}

/** What go-toml version 2 makes of a date or time. */
function dateTypeOf(written: string): { readonly name: string; readonly goName: string } {
  if (written[2] === ':') return { name: 'local time', goName: 'toml.LocalTime' };
  if (written.length === 10) return { name: 'local date', goName: 'toml.LocalDate' };
  return /[Zz+]|-\d\d:\d\d$/.test(written)
    ? { name: 'datetime', goName: 'time.Time' }
    : { name: 'local datetime', goName: 'toml.LocalDateTime' };
}

/** The name of a type itself, where its `name` is that of the field it belongs to. */
function plainName(type: GoType): string {
  if (type.kind === 'slice') return `[]${plainName(type.element)}`;
  if (type.kind === 'map') return `map[string]${plainName(type.element)}`;
  return type.kind === 'struct' || type.kind === 'interface'
    ? type.name.replace(/^(?:map\[string\]|\[\]|\*)+/, '')
    : type.kind;
}

/** The first number or date in the text that no type can hold. */
function findWrongValue(node: TomlNode): Mismatch2 | undefined {
  let first: ScalarProblem | undefined;
  for (const problem of wrongValues(node)) if (!first || problem.offset < first.offset) first = problem;
  return first && { error: `toml: ${first.message}`, at: first };
}

function* wrongValues(node: TomlNode): Generator<ScalarProblem> {
  if (node.kind === 'sequence') for (const item of node.items) yield* wrongValues(item);
  else if (node.kind === 'mapping') for (const { value } of node.entries) yield* wrongValues(value);
  else if (node.problem) yield node.problem;
}

function tableMismatch(table: TomlTable, type: GoType): Mismatch2 | undefined {
  if (type.kind === 'struct' || type.kind === 'map') return undefined;
  const at = { offset: table.start, isAtEnd: false };
  if (table.isInline) return { error: `toml: cannot store inline table in Go type ${type.kind}`, at };
  if (type.kind === 'slice' && !table.isDotted) {
    return { error: 'toml: cannot store a table in a slice', at };
  }
  return table.entries.length > 0 ? { error: `unhandled kv part: ${type.kind}` } : undefined;
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

function firstMismatch<Found>(
  nodes: readonly TomlNode[],
  find: (node: TomlNode) => Found | undefined,
): Found | undefined {
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
  if (node.kind === 'scalar') return node.type === 'datetime' ? goDate(node.text) : String(node.value);
  if (node.kind === 'sequence') return `[${node.items.map(goValue).join(' ')}]`;
  const entries = node.entries.map(({ key, value }) => ({
    key: key.text,
    shown: `${key.text}:${goValue(value)}`,
  }));
  entries.sort((a, b) => (a.key < b.key ? -1 : 1));
  return `map[${entries.map(({ shown }) => shown).join(' ')}]`;
}

/** A date or time as Go prints it: only one with an offset is a `time.Time`. */
// Go time.Time String; pelletier/go-toml localtime.go
function goDate(written: string): string {
  const text = written.replace(/^(\d{4}-\d\d-\d\d)[t ]/, '$1T');
  const [, day, clock, fraction = '', offset] =
    /^(.{10})T([\d:]+)(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/.exec(text) ?? [];
  if (day === undefined || offset === undefined) return text;
  const digits = offset.replace(':', '');
  const zone = /[Zz]/.test(offset) ? '+0000 UTC' : `${digits} ${digits}`;
  return `${day} ${clock}${fraction.replace(/\.?0*$/, '')} ${zone}`;
}

const scalarTypes: Readonly<Record<Exclude<TomlScalar['type'], 'datetime'>, string>> = {
  string: 'string',
  integer: 'int64',
  float: 'float64',
  boolean: 'bool',
};

/** The type of a decoded value as Go prints it with `%T`. */
export function goTypeOf(node: TomlNode): string {
  if (node.kind === 'scalar') {
    return node.type === 'datetime' ? dateTypeOf(node.text).goName : scalarTypes[node.type];
  }
  if (node.kind === 'mapping') return '*toml.Tree';
  return isTreeList(node) ? '[]*toml.Tree' : '[]interface {}';
}

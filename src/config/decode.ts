import { mismatchOfVersion1, mismatchOfVersion2 } from '../hosts/goToml.ts';
import type { ConfigRules } from './configRules.ts';
import type { ConfigEntry, ConfigTable, ConfigValue } from './configTable.ts';
import { findMismatch24 } from './decode24.ts';
import { fieldsOf, type ConfigField, type ConfigType, type StructType } from './goTypes.ts';
import { mergeTables } from './mergeConfig.ts';
import type { Mismatch } from './mismatch.ts';

/** The field of a struct that an entry is decoded into; undefined where the version ignores it. */
export function fieldOf(
  entry: ConfigEntry,
  table: ConfigTable,
  struct: StructType,
  rules: ConfigRules,
): ConfigField | undefined {
  return fieldsOf(struct, rules).find(
    (field) => field.key === entry.name.toLowerCase() && isTaken(entry, table, rules),
  );
}

/** Whether containerd decodes what stands at a path of keys into anything. What has the wrong type counts. */
export function isDecodedPath(path: readonly string[], struct: StructType, rules: ConfigRules): boolean {
  let type: ConfigType = struct;
  for (const name of path) {
    if (type.kind === 'map') type = type.element;
    else if (type.kind !== 'struct') return true;
    else {
      const field: ConfigField | undefined = fieldsOf(type, rules).find(
        ({ key }) => key === name.toLowerCase(),
      );
      if (!field) return false;
      type = field.type;
    }
  }
  return true;
}

/** The entry that is decoded into the field of this key. */
export function fieldEntry(
  table: ConfigTable | undefined,
  key: string,
  rules: ConfigRules,
): ConfigEntry | undefined {
  if (!table) return undefined;
  const isKey = ({ name }: ConfigEntry): boolean => name === key;
  // go-toml version 2 takes a key in any case, version 1 in small or capital letters.
  const isVariant = ({ name }: ConfigEntry): boolean =>
    rules.isVersion2 ? name.toLowerCase() === key : name === key.toUpperCase();
  return table.entries.find(isKey) ?? table.entries.findLast(isVariant);
}

/** The table that is decoded into the fields of these keys. */
export function fieldTable(
  table: ConfigTable | undefined,
  rules: ConfigRules,
  ...path: readonly string[]
): ConfigTable | undefined {
  let current = table;
  for (const key of path) {
    const [first, ...others] = spellingsOf(key, current, rules);
    current = first && others.reduce(mergeTables, first);
  }
  return current;
}

/** The tables of one field: version 2 decodes every spelling of its key into the same value, sorted as they are written again. */
function spellingsOf(
  key: string,
  table: ConfigTable | undefined,
  rules: ConfigRules,
): readonly ConfigTable[] {
  const taken = fieldEntry(table, key, rules);
  const isSpelling = (entry: ConfigEntry): boolean =>
    rules.isVersion2 ? entry.name.toLowerCase() === key : entry === taken;
  const entries = (table?.entries ?? []).filter(isSpelling).sort((a, b) => (a.name < b.name ? -1 : 1));
  return entries.flatMap(({ value }) => (value.kind === 'mapping' ? [value] : []));
}

/** The first value of a wrong type in the order in which the version comes to it in a file. */
export function findMismatch(
  table: ConfigTable,
  struct: StructType,
  rules: ConfigRules,
): Mismatch | undefined {
  if (!rules.isVersion2) return firstOf(mismatches1(table, struct, rules));
  // An offset of 0 is one that the library has lost.
  const offsetOf = ({ entry, at }: Mismatch): number => (at && at.offset > 0 ? at.offset : entry.value.start);
  return [...mismatches2(table, struct, rules)].sort((a, b) => offsetOf(a) - offsetOf(b))[0];
}

/** What 2.x finds wrong with the section of a plugin, which it writes and reads again before it decodes it. */
export function findPluginMismatch(
  table: ConfigTable,
  struct: StructType,
  rules: ConfigRules,
): Mismatch | undefined {
  if (!rules.isVersion2) return findMismatch(table, struct, rules);
  if (rules.goToml !== '2.4') return firstOf(mismatches2(rewritten(table), struct, rules));
  return findMismatch24(rewritten(table), struct, rules);
}

function firstOf<T>(values: Iterable<T>): T | undefined {
  for (const value of values) return value;
  return undefined;
}

function isTaken(entry: ConfigEntry, table: ConfigTable, rules: ConfigRules): boolean {
  return rules.isVersion2 || fieldEntry(table, entry.name.toLowerCase(), rules) === entry;
}

// pelletier/go-toml v1.9.5 marshal.go valueFromTree: in the order of the fields
function* mismatches1(table: ConfigTable, struct: StructType, rules: ConfigRules): Generator<Mismatch> {
  for (const { key, type } of fieldsOf(struct, rules)) {
    const entry = fieldEntry(table, key, rules);
    if (entry) yield* entryMismatches1(entry, type, rules);
  }
}

function* entryMismatches1(entry: ConfigEntry, type: ConfigType, rules: ConfigRules): Generator<Mismatch> {
  const { value } = entry;
  if (value.kind === 'mapping' && type.kind === 'struct') {
    yield* mismatches1(value, type, rules);
  } else if (value.kind === 'mapping' && type.kind === 'map') {
    for (const child of value.entries) yield* entryMismatches1(child, type.element, rules);
  } else {
    const error = mismatchOfVersion1(value, type);
    if (error !== undefined) yield { entry, error: `${placeOf(entry)}: ${error}` };
  }
}

/** Where go-toml version 1 says that a value stands: at its key, or at its header. It knows no place of an inline table. */
function placeOf({ document, key, value }: ConfigEntry): string {
  if (value.kind === 'mapping' && value.isInline) return '(0, 0)';
  const isHeaded = value.kind === 'sequence' ? value.isTables : value.kind === 'mapping' && !value.isInline;
  const { line, column } = document.locate(isHeaded ? value : key).start;
  return `(${line}, ${column})`;
}

// pelletier/go-toml v2.2.4 unmarshaler.go: in the order of the text, every spelling of a key
function* mismatches2(table: ConfigTable, struct: StructType, rules: ConfigRules): Generator<Mismatch> {
  for (const entry of table.entries) {
    const field = fieldOf(entry, table, struct, rules);
    if (!field) continue;
    const { name, type } = field;
    const goName = `${struct.name}.${name}`;
    if (entry.value.kind === 'mapping' || !field.isPointer)
      yield* entryMismatches2(entry, type, goName, rules);
    else yield* entryMismatches2(entry, { ...type, name: `*${type.name}` }, goName, rules);
  }
}

function* entryMismatches2(
  entry: ConfigEntry,
  type: ConfigType,
  field: string,
  rules: ConfigRules,
): Generator<Mismatch> {
  const { value } = entry;
  if (value.kind === 'mapping' && type.kind === 'struct') {
    yield* mismatches2(value, type, rules);
  } else if (value.kind === 'mapping' && type.kind === 'map') {
    const { element } = type;
    // The error names the type of the field, even where only a part of it is wrong.
    const ofField = { ...element, name: type.name };
    for (const child of value.entries) {
      const isStruct = element.kind === 'struct' && child.value.kind === 'mapping';
      yield* entryMismatches2(child, isStruct ? element : ofField, field, rules);
    }
  } else {
    const mismatch = mismatchOfVersion2(value, type, field, rules.goToml);
    if (mismatch?.isPanic) yield { entry, error: `panic: ${mismatch.error}`, isPanic: true };
    else if (mismatch) yield { entry, ...mismatch };
  }
}

// pelletier/go-toml v2.2.4 marshaler.go encodeMap: sorted, what is no table first
function rewritten(table: ConfigTable): ConfigTable {
  const entries = table.entries.toSorted(
    (a, b) => Number(isTable(a.value)) - Number(isTable(b.value)) || (a.name < b.name ? -1 : 1),
  );
  return {
    ...table,
    isInline: false,
    entries: entries.map((entry) => ({ ...entry, value: rewrittenValue(entry.value) })),
  };
}

function rewrittenValue(value: ConfigValue): ConfigValue {
  return value.kind === 'mapping' ? rewritten(value) : value;
}

function isTable(value: ConfigValue): boolean {
  return (
    value.kind === 'mapping' ||
    (value.kind === 'sequence' && value.items.some(({ kind }) => kind === 'mapping'))
  );
}

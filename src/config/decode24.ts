import { findTypeProblem24, type DecodedStruct, type DecodedType } from '../hosts/goToml/v24Decode.ts';
import type { TomlNode, TomlScalar } from '../source/toml.ts';
import type { TomlExpression, WrittenPair, WrittenValue } from '../source/tomlTree.ts';
import type { ConfigRules } from './configRules.ts';
import type { ConfigEntry, ConfigTable } from './configTable.ts';
import { fieldsOf, type ConfigType, type StructType } from './goTypes.ts';
import type { Mismatch } from './mismatch.ts';

/** A type of the configuration as go-toml 2.4 decodes into it. */
export function decodedStruct(struct: StructType, rules: ConfigRules): DecodedStruct {
  const fields = new Map(fieldsOf(struct, rules).map((field) => [field.key, field]));
  return {
    kind: 'struct',
    name: struct.name,
    fieldOf: (key) => {
      const field = fields.get(key.toLowerCase());
      return field && { name: field.name, type: decodedType(field.type, rules) };
    },
  };
}

function decodedType(type: ConfigType, rules: ConfigRules): DecodedType {
  if (type.kind === 'struct') return decodedStruct(type, rules);
  if (type.kind !== 'slice' && type.kind !== 'map') return { kind: type.kind };
  return { kind: type.kind, element: decodedType(type.element, rules) };
}

/** What go-toml 2.4 finds wrong with a table that is written anew for it. */
export function findMismatch24(
  table: ConfigTable,
  struct: StructType,
  rules: ConfigRules,
): Mismatch | undefined {
  const entries = new Map<TomlExpression, ConfigEntry>();
  writeTable(table, [], entries);
  const problem = findTypeProblem24([...entries.keys()], decodedStruct(struct, rules));
  const entry = problem && entries.get(problem.expression);
  return entry && { entry, error: `toml: ${problem.message}` };
}

/** The headers and assignments of a table that is written anew, with what they are made of. */
function writeTable(
  table: ConfigTable,
  path: readonly TomlScalar[],
  written: Map<TomlExpression, ConfigEntry>,
): void {
  for (const entry of table.entries) {
    const { name, key, value } = entry;
    const keys = [...path, { ...key, text: name }];
    const { start, end } = value;
    if (value.kind === 'mapping') {
      written.set({ kind: 'header', keys, isArray: false, start, end }, entry);
      writeTable(value, keys, written);
    } else {
      const pair = { kind: 'pair', keys: keys.slice(-1), value: writtenValue(value), start, end } as const;
      written.set(pair, entry);
    }
  }
}

function writtenValue(value: TomlNode): WrittenValue {
  const { start, end } = value;
  if (value.kind === 'scalar') return value;
  if (value.kind === 'sequence') return { kind: 'array', items: value.items.map(writtenValue), start, end };
  const pairs = value.entries.map(({ key, value: child }): WrittenPair => ({
    kind: 'pair',
    keys: [key],
    value: writtenValue(child),
    start: key.start,
    end: child.end,
  }));
  return { kind: 'inline', pairs, start, end };
}

import type { SettingsTable } from '../registrySettings.ts';
import { writePath, writeText } from './tomlText.ts';

/** A value in one line. */
export function writeInline(value: SettingsTable[string]): string {
  if (typeof value === 'string') return writeText(value);
  if (typeof value === 'boolean') return String(value);
  if (isList(value)) return `[${value.map(writeText).join(', ')}]`;
  const pairs = Object.entries(value).map(([key, inner]) => `${writePath([key])} = ${writeInline(inner)}`);
  return pairs.length > 0 ? `{ ${pairs.join(', ')} }` : '{}';
}

function isList(value: readonly string[] | SettingsTable): value is readonly string[] {
  return Array.isArray(value);
}

/** True where a host is the bracketed address of IPv6: containerd 1.x reads no bracket in the name of a table. */
export function hasBracket(tables: SettingsTable): boolean {
  return Object.values(tables).some(
    (table) => typeof table === 'object' && Object.keys(table).some((host) => host.includes('[')),
  );
}

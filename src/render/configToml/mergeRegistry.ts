import { stringify } from 'smol-toml';
import { pluginNames } from '../../config/settingNames.ts';
import type { RegistrySettings, SettingsTable } from '../registrySettings.ts';
import { hasBracket, writeInline } from './inlineToml.ts';
import { removeSettings } from './removeSettings.ts';
import { findAssignment, insertLines, placeForTable, setSetting, takesHeaders } from './setSetting.ts';
import { statementsOf, writePath, writeText, type KeyPath } from './tomlText.ts';

const replacedTables = ['mirrors', 'configs', 'auths'] as const;

/** The place of a setting for pulling images below `plugins`. */
function registryPath(plugin: string): KeyPath {
  return ['plugins', plugin, 'registry'];
}

/** A text without the registry sections of all plugins that have one in any version. Undefined for what is no TOML. */
export function removeRegistry(text: string): string | undefined {
  const statements = statementsOf(text);
  return statements && removeSettings(text, statements, pluginNames.map(registryPath));
}

/**
 * A text whose registry section, which is that of `plugin` and of no other, says what it should: the config path is set in its
 * place, mirrors and logins are written anew, and what else the section has stays. Undefined for what is no TOML.
 */
export function mergeRegistry(
  text: string,
  plugin: string,
  settings: RegistrySettings,
  isVersion1: boolean,
): string | undefined {
  const path = registryPath(plugin);
  const cleaned = withoutReplaced(text, plugin, settings);
  const { configPath } = settings;
  const withPath =
    cleaned === undefined || configPath === undefined
      ? cleaned
      : setSetting(cleaned, [...path, 'config_path'], writeText(configPath));
  return withPath === undefined ? undefined : addTables(withPath, path, settings.tables, isVersion1);
}

function withoutReplaced(
  text: string,
  plugin: string,
  { configPath, tables }: RegistrySettings,
): string | undefined {
  const statements = statementsOf(text);
  const path = registryPath(plugin);
  const others = pluginNames.filter((name) => name !== plugin).map(registryPath);
  const own = replacedTables.map((name) => [...path, name]);
  const unwanted = configPath === undefined ? [[...path, 'config_path']] : [];
  // Where only tables are to come, they need no header above them.
  const needsHeader = configPath !== undefined || Object.keys(tables).length === 0;
  const keeper = needsHeader ? { path, header: `[${writePath(path)}]` } : undefined;
  return statements && removeSettings(text, statements, [...others, ...own, ...unwanted], keeper);
}

/** Adds tables below a path, as tables where it takes headers and as inline tables where not. */
function addTables(
  text: string,
  path: KeyPath,
  tables: SettingsTable,
  isVersion1: boolean,
): string | undefined {
  const statements = statementsOf(text);
  if (!statements || Object.keys(tables).length === 0) return statements && text;
  if (!takesHeaders(statements, path) || (isVersion1 && hasBracket(tables))) {
    return Object.entries(tables).reduce<string | undefined>(
      (result, [key, value]) =>
        result === undefined ? undefined : setSetting(result, [...path, key], writeInline(value)),
      text,
    );
  }
  const { offset, indentation } = placeForTable(text, statements, path);
  const document = path.reduceRight<SettingsTable>((inner, key) => ({ [key]: inner }), tables);
  const lines = stringify(document)
    .trim()
    .split('\n')
    .map((line) =>
      line === '' ? '' : line.startsWith('[') ? indentation + line : `${indentation}  ${line}`,
    );
  return insertLines(text, offset, offset === 0 ? lines : ['', ...lines]);
}

/** True where a text has a value at a path. */
export function setsSetting(text: string, path: KeyPath): boolean {
  const statements = statementsOf(text);
  return statements !== undefined && findAssignment(statements, path) !== undefined;
}

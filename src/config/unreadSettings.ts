import type { Profile } from '../resolver/profile.ts';
import type { FixableProblem } from '../source/fix.ts';
import { suggest } from '../source/suggest.ts';
import { entryOf, locateKey, tableAt, type ConfigEntry } from './configTable.ts';
import type { DecodedSettings } from './decodedSettings.ts';
import type { LoadedConfig } from './loadConfig.ts';
import { criPlugins, migrateName } from './migratePlugins.ts';
import { registryNames, settingNames } from './settingNames.ts';

/** What is known of all files. */
export interface UnreadContext {
  readonly settings: DecodedSettings;
  readonly loaded: LoadedConfig;
  readonly profile: Profile;
}

/** Settings in the section of a plugin that is read which nothing came of: unknown ones, and those that something replaced. */
export function* unreadSettings(plugin: ConfigEntry, context: UnreadContext): Generator<FixableProblem> {
  if (plugin.value.kind !== 'mapping') return;
  for (const entry of plugin.value.entries) {
    if (settingNames.includes(entry.name))
      yield* unread(entry, placeOf(entry.name, context), plugin, context);
    else if (isMeantAsSetting(entry, context)) yield unknown(entry, [], plugin);
  }
  if (context.profile.pullPath === 'transfer') yield* unreadPullPath(plugin, context);
}

/** Where a setting is once it is migrated. */
function placeOf(name: string, { settings }: UnreadContext): readonly string[] {
  return name === 'sandbox_image' && settings.at(['pinned_images', 'sandbox'])
    ? ['pinned_images', 'sandbox']
    : [name];
}

function* unread(
  entry: ConfigEntry,
  place: readonly string[],
  plugin: ConfigEntry,
  context: UnreadContext,
): Generator<FixableProblem> {
  const { decoded, merged, at } = context.settings;
  const taken = at(place);
  if (decoded.has(entry.key) || taken) {
    // Where something else is in its place, that was meant to replace it; but not what it does not have itself.
    if (entry.value.kind !== 'mapping' || (taken && taken.value.kind !== 'mapping')) return;
    for (const child of entry.value.entries) yield* unread(child, [...place, child.name], plugin, context);
  } else if (merged.has(entry.key)) {
    yield unknown(entry, place.slice(0, -1), plugin, context.profile);
  } else {
    yield lost(entry, place, plugin, context);
  }
}

const knownKeys: Readonly<Record<string, readonly string[]>> = {
  registry: registryNames,
  mirrors: ['endpoint'],
  configs: ['auth', 'tls'],
  auth: ['username', 'password', 'auth', 'identitytoken'],
  auths: ['username', 'password', 'auth', 'identitytoken'],
  tls: ['insecure_skip_verify', 'ca_file', 'cert_file', 'key_file'],
};

/** How the other generation of containerd names a setting. */
const homes: Readonly<Record<string, string>> = {
  sandbox_image: 'pinned_images.sandbox',
  pinned_images: 'sandbox_image',
};

/** @param path - of the table that the entry stands in, below its plugin */
function unknown(
  entry: ConfigEntry,
  path: readonly string[],
  plugin: ConfigEntry,
  profile?: Profile,
): FixableProblem {
  const { name } = entry;
  const location = locateKey(entry);
  const [, section = 'registry', host, part] = path;
  if (profile && section === 'configs' && host !== undefined && part === undefined && name === 'tls') {
    const message = `containerd ${profile.version} ignores \`configs.*.tls\`: since 2.0 TLS settings belong into hosts.toml`;
    return { message, location };
  }
  const message = `\`${name}\` is no key of ${describeTable(path, plugin)}: containerd ignores it`;
  if (path.length === 0 && registryNames.includes(name))
    return { message, location, fix: { message: 'put it under `registry`' } };
  const home = path.length === 0 ? homes[name] : undefined;
  if (home !== undefined) return { message, location, fix: { message: `write it as \`${home}\`` } };
  const candidates =
    path.length === 0 ? settingNames : (knownKeys[part ?? (host === undefined ? 'registry' : section)] ?? []);
  const meant = suggest(name, candidates);
  return { message, location, ...(meant !== undefined && { fix: { message: `write \`${meant}\`` } }) };
}

function describeTable(path: readonly string[], plugin: ConfigEntry): string {
  const [, section, host, part] = path;
  if (path.length === 0) return `\`${plugin.name}\``;
  if (host === undefined) return '`registry`';
  if (part !== undefined) return `\`${part}\``;
  const words: Readonly<Record<string, string>> = {
    mirrors: 'the mirror',
    configs: 'the config',
    auths: 'the login',
  };
  return `${words[section ?? ''] ?? 'the entry'} \`${host}\``;
}

/** What another file, or the other section of the two that are read, has replaced whole. */
function lost(
  entry: ConfigEntry,
  place: readonly string[],
  plugin: ConfigEntry,
  { settings, loaded }: UnreadContext,
): FixableProblem {
  let by: ConfigEntry | undefined;
  for (let length = place.length - 1; length > 0 && !by; length--) by = settings.at(place.slice(0, length));
  by ??= entryOf(loaded.plugins, plugin.name) ?? entryOf(loaded.plugins, migrateName(plugin.name));
  const message = `\`${entry.name}\` is lost`;
  if (!by) return { message, location: locateKey(entry) };
  const { file, start } = locateKey(by);
  const where = file === entry.document.file ? `line ${start.line}` : `\`${file}\`, line ${start.line},`;
  return {
    message: `${message}: the section \`${by.name}\` in ${where} replaces this one whole`,
    location: locateKey(entry),
    fix: { message: 'repeat it there' },
  };
}

function isMeantAsSetting({ name, key }: ConfigEntry, { settings }: UnreadContext): boolean {
  if (settings.decoded.has(key)) return false;
  if (registryNames.includes(name)) return true;
  const meant = suggest(name, settingNames);
  return meant !== undefined && Math.abs(meant.length - name.length) <= 2;
}

/** Settings that decide whether the transfer service pulls, which is why a list of hosts directories works or not. */
function* unreadPullPath(
  plugin: ConfigEntry,
  { settings, profile }: UnreadContext,
): Generator<FixableProblem> {
  if (plugin.value.kind !== 'mapping' || plugin.name === criPlugins.images) return;
  const local = entryOf(plugin.value, 'use_local_image_pull');
  if (local && !settings.decoded.has(local.key)) {
    const fix = { message: `put it under \`${criPlugins.images}\`` };
    yield {
      message: `containerd ignores \`use_local_image_pull\` under \`${plugin.name}\``,
      location: locateKey(local),
      fix,
    };
  }
  for (const name of ['disable_snapshot_annotations', 'discard_unpacked_layers']) {
    const entry = entryOf(tableAt(plugin.value, 'containerd'), name);
    if (!entry || settings.decoded.has(entry.key) || settings.at([name])) continue;
    yield {
      message: `containerd ${profile.version} takes \`${name}\` over only where there is a \`containerd.runtimes\` table`,
      location: locateKey(entry),
      fix: { message: `put it under \`${criPlugins.images}\`` },
    };
  }
}

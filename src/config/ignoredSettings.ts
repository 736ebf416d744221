import type { Profile } from '../resolver/profile.ts';
import type { FixableProblem } from '../source/fix.ts';
import { compareLocations } from '../source/location.ts';
import type { ConfigFile } from './configFile.ts';
import type { ConfigRules } from './configRules.ts';
import { entryOf, locateKey, type ConfigEntry } from './configTable.ts';
import type { CriSections } from './criSections.ts';
import { decodedSettings } from './decodedSettings.ts';
import type { LoadedConfig } from './loadConfig.ts';
import { misplacedSettings } from './misplacedSettings.ts';
import { countedVersion, pluginNames, pluginsRead, settingNames } from './settingNames.ts';
import { unreadSettings, type UnreadContext } from './unreadSettings.ts';

/** What stands in the files about pulling images and has no effect, in the order of the files. */
export function findIgnored(
  loaded: LoadedConfig,
  sections: CriSections,
  rules: ConfigRules,
  profile: Profile,
): readonly FixableProblem[] {
  const settings = decodedSettings(loaded.plugins, sections.all, rules);
  return loaded.files.flatMap((file) => {
    const ignored = [...inFile(file, { settings, loaded, profile }, rules)];
    return ignored.sort((a, b) => compareLocations(a.location, b.location));
  });
}

function* inFile(file: ConfigFile, context: UnreadContext, rules: ConfigRules): Generator<FixableProblem> {
  const { loaded, profile } = context;
  const counted = countedVersion(file, loaded, rules);
  const read = pluginsRead(counted, rules);
  yield* misplacedSettings(file, read[0] ?? '');
  for (const plugin of file.plugins.entries) {
    if (!pluginNames.includes(plugin.name)) continue;
    if (read.includes(plugin.name)) yield* unreadSettings(plugin, context);
    else yield* underOtherName(plugin, file, counted, loaded, rules, profile);
  }
}

/** Settings under the name of a plugin that does not have them in this version. */
function* underOtherName(
  plugin: ConfigEntry,
  file: ConfigFile,
  counted: number,
  loaded: LoadedConfig,
  rules: ConfigRules,
  profile: Profile,
): Generator<FixableProblem> {
  if (plugin.value.kind !== 'mapping') return;
  const [expected = ''] = pluginsRead(counted, rules);
  const where = describeVersion(file, counted, loaded);
  for (const name of settingNames) {
    const entry = entryOf(plugin.value, name);
    if (!entry) continue;
    yield {
      message: `containerd ${profile.version} ignores \`${name}\` under \`${plugin.name}\` ${where}`,
      location: locateKey(entry),
      fix: {
        message:
          rules.isVersion2 && counted === 1
            ? 'begin the file with `version = 2`'
            : `put it under \`${expected}\``,
      },
    };
  }
}

function describeVersion({ version }: ConfigFile, counted: number, { files }: LoadedConfig): string {
  const own = version.value === 0 ? 1 : version.value;
  if (own === counted) return own === 1 ? 'without `version = 2` or later' : `in a file of version ${own}`;
  const other = files.findLast((file) => file.version.value === counted);
  return `because \`${other?.version.location.file}\` makes all files count as version ${counted}`;
}

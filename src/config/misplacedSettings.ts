import type { FixableProblem } from '../source/fix.ts';
import { suggest } from '../source/suggest.ts';
import type { ConfigFile } from './configFile.ts';
import { entryOf, locateKey, tableAt, type ConfigTable } from './configTable.ts';
import { pluginNames, registryNames, settingNames } from './settingNames.ts';

/** Settings for pulling images in places where no containerd looks for them. `expected` is the plugin that has them. */
export function* misplacedSettings(
  { root, plugins }: ConfigFile,
  expected: string,
): Generator<FixableProblem> {
  const fix = { message: `put it under \`plugins."${expected}"\`` };
  for (const entry of root.entries) {
    if (![...settingNames, ...registryNames, ...pluginNames].includes(entry.name)) continue;
    const message = `\`${entry.name}\` is no key of config.toml itself: containerd ignores it`;
    yield { message, location: locateKey(entry), fix };
  }
  for (const plugin of plugins.entries) {
    if (plugin.value.kind !== 'mapping' || !isMisspelled(plugin.name) || !hasSettings(plugin.value)) continue;
    yield {
      message: `containerd has no plugin \`${plugin.name}\`: it ignores this section`,
      location: locateKey(plugin),
      fix: { message: `name the section \`plugins."${expected}"\`, each part in its own quotes` },
    };
  }
  const unused = entryOf(tableAt(plugins, 'io.containerd.transfer.v1.local'), 'config_path');
  if (unused?.value.kind === 'scalar' && unused.value.value !== '') {
    const message = 'containerd does nothing with the `config_path` of its transfer plugin';
    yield {
      message,
      location: locateKey(unused),
      fix: { message: `put it under \`plugins."${expected}".registry\`` },
    };
  }
}

/** True for a name near to that of a plugin with such settings, as `io.containerd.grpc.v1.cri.registry`. */
function isMisspelled(name: string): boolean {
  if (pluginNames.includes(name) || !/^io\.containerd\.(?:grpc|cri)\b/i.test(name)) return false;
  const isLonger = pluginNames.some((known) => name.startsWith(`${known}.`));
  return isLonger || suggest(name, pluginNames) !== undefined;
}

function hasSettings({ entries }: ConfigTable): boolean {
  return entries.some(({ name }) => [...settingNames, ...registryNames].includes(name));
}

import { configFile, type ContainerdConfig } from '../config/containerdConfig.ts';
import type { NodeFiles } from '../files/nodeFiles.ts';
import { pullPath, type NodeConfiguration } from '../resolver/nodeConfiguration.ts';
import type { FixableProblem } from '../source/fix.ts';
import { startOfFile } from '../source/location.ts';

/** Where people put hosts directories. */
const usualRoots = ['/etc/containerd/certs.d', '/etc/docker/certs.d'] as const;

const dropInFolder = '/etc/containerd/conf.d';

/** Files of a node that look as if containerd read them and that it does not, and what it ignores in those that it reads. */
export function* unreadFiles(
  config: ContainerdConfig,
  configuration: NodeConfiguration,
  files: NodeFiles,
): Generator<FixableProblem> {
  yield* unreadDropIns(config, files);
  const { registry, profile } = configuration;
  const roots = registry.form === 'hosts-directory' ? registry.roots : [];
  for (const root of roots) {
    for (const directory of root.directories.values()) {
      if (directory.kind === 'hosts-file') yield* directory.ignored ?? [];
      if (directory.kind === 'crash') {
        const { message, location } = directory.crash;
        yield {
          message: `containerd ${profile.version} crashes when it reads this file: ${message}`,
          location,
        };
      }
      if (directory.kind !== 'certificates' || !directory.dropped) continue;
      const { message, location } = directory.dropped;
      yield { message: `containerd ${profile.version} drops the whole file: ${message}`, location };
    }
  }
  const isList = registry.form === 'hosts-directory' && registry.configPath.includes(':');
  const isWhole = isList && pullPath(configuration) === 'transfer';
  for (const path of usualRoots) {
    const isRead = !isWhole && roots.some((root) => root.path.replace(/\/+$/, '') === path);
    if (isRead || config.startupError) continue;
    for (const name of files.list(path)) {
      const file = `${path}/${name}/hosts.toml`;
      if (files.kindOf(file) !== 'file') continue;
      yield { message: describeUnread(path, configuration), location: startOfFile(files.nameOf(file)) };
    }
  }
}

function describeUnread(path: string, { registry, profile }: NodeConfiguration): string {
  const configPath = registry.form === 'hosts-directory' ? registry.configPath : '';
  const unread = `containerd ${profile.version} does not read this file`;
  if (configPath === '') return `${unread}: \`config_path\` is not set to \`${path}\``;
  return configPath.split(':').includes(path)
    ? `${unread}: it takes \`${configPath}\` for the name of one folder`
    : `${unread}: \`config_path\` is \`${configPath}\``;
}

function* unreadDropIns({ loaded, file }: ContainerdConfig, files: NodeFiles): Generator<FixableProblem> {
  for (const name of files.list(dropInFolder)) {
    const path = `${dropInFolder}/${name}`;
    if (!name.endsWith('.toml') || loaded.includes(path)) continue;
    const hasConfig = files.kindOf(configFile) !== undefined;
    const message = hasConfig
      ? `containerd does not read this file: \`${file}\` does not import it`
      : `containerd does not read this file: there is no \`${file}\` that imports it`;
    const fix = { message: `write \`imports = ["${dropInFolder}/*.toml"]\` at the top of \`${file}\`` };
    yield { message, location: startOfFile(files.nameOf(path)), fix };
  }
}

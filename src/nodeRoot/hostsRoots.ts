import { resolve } from 'node:path/posix';
import type { NodeFiles } from '../files/nodeFiles.ts';
import { joinPath } from '../hosts/goPath.ts';
import { loadHostDir, type HostsDirectory } from '../hosts/hostsDirectory.ts';
import type { HostsRoot } from '../resolver/nodeConfiguration.ts';
import type { Profile } from '../resolver/profile.ts';

/**
 * The hosts directories that a node has below its config path: each of the folders with colons between, and the folder that
 * has the whole text for its name, which is where the transfer service looks.
 */
export function hostsRoots(configPath: string, files: NodeFiles, profile: Profile): readonly HostsRoot[] {
  const paths = new Set([configPath, ...configPath.split(':')]);
  return [...paths].flatMap((path): HostsRoot[] => {
    // containerd runs in the root folder.
    const folder = resolve('/', path);
    if (path === '' || files.kindOf(folder) !== 'directory') return [];
    const directories = files
      .list(folder)
      .map((name): [string, HostsDirectory] => [name, readDirectory(joinPath(path, name), files, profile)]);
    return [{ path, directories: new Map(directories) }];
  });
}

// containerd v2.3.4 core/remotes/docker/config/hosts.go loadHostDir
function readDirectory(written: string, files: NodeFiles, profile: Profile): HostsDirectory {
  const path = resolve('/', written);
  const file = `${path}/hosts.toml`;
  // In its errors containerd names the folder as `config_path` does.
  if (files.kindOf(path) === 'file')
    return { kind: 'unreadable', error: `open ${written}/hosts.toml: not a directory` };
  if (files.kindOf(file) === 'directory')
    return { kind: 'unreadable', error: `read ${written}/hosts.toml: is a directory` };
  const names = files.list(path).map((name): [string, string] => [name, '']);
  const content = files.read(file);
  if (content && 'unreadable' in content) {
    return { kind: 'unreadable', error: `${files.nameOf(file)} cannot be read: it is ${content.unreadable}` };
  }
  const texts = new Map(names);
  if (content) texts.set('hosts.toml', content.text);
  return loadHostDir(files.nameOf(path), texts, profile);
}

import { loadHostDir, type HostsDirectory } from '../../src/hosts/hostsDirectory.ts';
import type { NodeConfiguration, TlsFile } from '../../src/resolver/nodeConfiguration.ts';
import { pemBlocks } from '../../src/resolver/tlsFiles.ts';
import { containerd } from '../support/profiles.ts';

/** The config path of a recorded node. */
export const root = '/etc/containerd/certs.d';

/** A node of a version with these files below its config path, by path. */
export function configure(files: Readonly<Record<string, string>>, version: string): NodeConfiguration {
  const profile = containerd(version);
  const texts = new Map<string, Map<string, string>>();
  const directories = new Map<string, HostsDirectory>();
  const tlsFiles = new Map<string, TlsFile>();
  for (const [path, text] of Object.entries(files)) {
    const [directory = '', name] = path.split('/');
    const inDirectory = texts.get(directory) ?? new Map<string, string>();
    if (name === undefined)
      directories.set(directory, {
        kind: 'unreadable',
        error: `open <root>/${path}/hosts.toml: not a directory`,
      });
    else texts.set(directory, inDirectory.set(name, text));
    tlsFiles.set(`${root}/${path}`, { kind: 'file', blocks: pemBlocks(text) });
  }
  for (const [directory, inDirectory] of texts)
    directories.set(directory, loadHostDir(directory, inDirectory, profile));
  const registry = {
    form: 'hosts-directory' as const,
    configPath: root,
    roots: [{ path: root, directories }],
  };
  return { profile, registry, credentials: [], forcesLocalPull: true, tlsFiles };
}

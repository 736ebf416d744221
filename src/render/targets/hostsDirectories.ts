import { resolve } from 'node:path/posix';
import { renderHostsToml } from '../../hosts/renderHostsToml.ts';
import { isK3s } from '../configureNode.ts';
import { nothing, type NodeFile, type Target } from '../target.ts';

/** `certs.d/<host>/hosts.toml`, for containerd with a `config_path`. k3s and RKE2 write these themselves. */
export const hostsDirectories: Target = {
  id: 'hosts-directories',
  render: ({ configuration: { registry, profile }, isUnchanged }) => {
    if (isUnchanged || registry.form !== 'hosts-directory' || isK3s(profile)) return nothing;
    const files = registry.roots.flatMap(({ path, directories }) =>
      [...directories].flatMap(([name, directory]): NodeFile[] => {
        if (directory.kind !== 'hosts-file') return [];
        // containerd runs in the root folder.
        const file = resolve('/', path, name, 'hosts.toml');
        const { hosts } = directory.hostsFile;
        const inlineHosts =
          profile.tomlLibrary === 'go-toml v1' && hosts.some(({ url }) => url.includes('['));
        const text = renderHostsToml(directory.hostsFile, { inlineHosts });
        return [{ path: file, text, install: 'replace' }];
      }),
    );
    return { files };
  },
};

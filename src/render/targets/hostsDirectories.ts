import { renderHostsToml } from '../../hosts/renderHostsToml.ts';
import { isK3s } from '../configureNode.ts';
import type { Target } from '../target.ts';

/** `certs.d/<host>/hosts.toml`, for containerd with a `config_path`. k3s and RKE2 write these themselves. */
export const hostsDirectories: Target = {
  id: 'hosts-directories',
  render: ({ configuration: { registry, profile } }) => {
    if (registry.form !== 'hosts-directory' || isK3s(profile)) return new Map();
    const files = registry.roots.flatMap(({ path, directories }) =>
      [...directories].flatMap(([name, directory]): [string, string][] =>
        directory.kind === 'hosts-file'
          ? [[`${path}/${name}/hosts.toml`, renderHostsToml(directory.hostsFile)]]
          : [],
      ),
    );
    return new Map(files);
  },
};

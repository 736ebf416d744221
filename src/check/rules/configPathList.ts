import { profileFor } from '../../resolver/profile.ts';
import type { Check } from '../check.ts';

export const configPathList: Check = {
  id: 'config-path-list',
  severity: 'error',
  summary: 'several folders in `config_path` on a containerd that takes them for one',
  documentation:
    'Since 2.1 containerd pulls through its transfer service, which takes `/etc/containerd/certs.d:/etc/docker/certs.d` for the ' +
    'name of one folder. No such folder exists, so no hosts.toml is read and every pull goes upstream. Name one folder, or set ' +
    '`use_local_image_pull = true`.',
  *run({ ownConfigs }) {
    for (const { config, nodes } of ownConfigs) {
      const { configPath, configs, forcesLocalPull } = config;
      // All of these nodes run the same version.
      const profile = nodes[0] && profileFor(nodes[0].runtime);
      if (profile?.pullPath !== 'transfer' || forcesLocalPull || configs.size > 0) continue;
      if (!configPath?.value.includes(':')) continue;
      const [folder = ''] = configPath.value.split(':');
      yield {
        message: `containerd ${profile.version} takes \`${configPath.value}\` for one folder, which does not exist, so no hosts.toml is read`,
        location: configPath.location,
        nodes: nodes.map(({ name }) => name),
        fix: {
          message: `name one folder: \`${folder}\``,
          edit: { location: configPath.location, replacement: `"${folder}"` },
        },
      };
    }
  },
};

import { profileFor } from '../../resolver/profile.ts';
import type { Check } from '../check.ts';

export const configPathList: Check = {
  id: 'config-path-list',
  severity: 'error',
  summary: 'several folders in `config_path` on a containerd that takes them for one',
  documentation:
    'Since 2.1 containerd pulls through its transfer service, which takes `/etc/containerd/certs.d:/etc/docker/certs.d` for the ' +
    'name of one folder. No such folder exists, so no hosts.toml is read and every pull goes upstream. Name one folder, or set ' +
    '`use_local_image_pull = true`. Where nothing says that there are mirrors, this is a warning.',
  *run({ ownConfigs, files }) {
    const hasHostsFiles = files.paths.some((path) => path.endsWith('/hosts.toml'));
    for (const { config, nodes } of ownConfigs) {
      const { configPath, configs, forcesLocalPull } = config;
      // All of these nodes run the same version.
      const profile = nodes[0] && profileFor(nodes[0].runtime);
      if (profile?.pullPath !== 'transfer' || forcesLocalPull || configs.size > 0) continue;
      if (!configPath?.value.includes(':')) continue;
      const isUsed = hasHostsFiles || nodes.some(({ mirrors }) => mirrors.size > 0);
      const [folder = ''] = configPath.value.split(':');
      yield {
        ...(!isUsed && { severity: 'warning' }),
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

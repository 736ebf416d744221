import type { Check } from '../check.ts';

export const configRefused: Check = {
  id: 'config-refused',
  severity: 'error',
  summary: 'a config.toml with which containerd does not start, or starts without its CRI plugin',
  documentation:
    'With `config_path`, the settings `mirrors` and (up to containerd 1.7) `configs.*.tls` are forbidden: containerd runs on ' +
    'without its CRI plugin, the kubelet says `unknown service runtime.v1.ImageService`, and the node is NotReady. A file of a ' +
    'config version that containerd does not know, or one that is no TOML, stops it altogether.',
  *run({ ownConfigs }) {
    for (const { config, nodes } of ownConfigs) {
      if (!config.startupError) continue;
      yield { ...config.startupError, nodes: nodes.map(({ name }) => name) };
    }
  },
};

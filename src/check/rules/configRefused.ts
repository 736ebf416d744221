import { holdsTemplate } from '../../manifest/placeholder.ts';
import type { Check } from '../check.ts';

export const configRefused: Check = {
  id: 'config-refused',
  severity: 'error',
  summary: 'a config.toml with which containerd does not start, or starts without its CRI plugin',
  documentation:
    'With `config_path`, the settings `mirrors` and (up to containerd 1.7) `configs.*.tls` are forbidden: containerd runs on ' +
    'without its CRI plugin, the kubelet says `unknown service runtime.v1.ImageService`, and the node is NotReady. A file of a ' +
    'config version that containerd does not know, or one that is no TOML, stops it altogether.',
  *run({ ownConfigs, files }) {
    for (const { config, nodes } of ownConfigs) {
      if (!config.startupError) continue;
      const names = nodes.map(({ name }) => name);
      const content = files.read(config.file);
      if (content && 'text' in content && holdsTemplate(content.text)) {
        const message = 'this is a template, so it is not checked: have it filled in first';
        yield { severity: 'warning', message, location: config.startupError.location, nodes: names };
      } else {
        yield { ...config.startupError, nodes: names };
      }
    }
  },
};

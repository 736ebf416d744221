import type { Check } from '../check.ts';

export const configIgnored: Check = {
  id: 'config-ignored',
  severity: 'error',
  summary: 'a section or key of config.toml that this version of containerd does not read',
  documentation:
    'The registry settings and the sandbox image stand under `io.containerd.grpc.v1.cri` in a file of version 2, and under ' +
    '`io.containerd.cri.v1.images` in one of version 3, which containerd reads since 2.0. Under the wrong name they are ignored ' +
    'without an error, and so are keys that do not exist, and TLS settings under `configs` since 2.0.',
  *run({ ownConfigs }) {
    for (const { config, nodes } of ownConfigs) {
      for (const problem of config.ignored) yield { ...problem, nodes: nodes.map(({ name }) => name) };
    }
  },
};

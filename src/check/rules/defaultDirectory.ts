import type { Check } from '../check.ts';
import { isK3s } from '../../render/configureNode.ts';
import { listNames, nodeNames } from '../people.ts';

export const defaultDirectory: Check = {
  id: 'default-directory',
  severity: 'error',
  summary: 'a mirror for `*` on a containerd that knows no `_default` directory',
  documentation:
    'With hosts directories the mirror for `*` is the directory `_default`, which containerd knows since 1.6.17. Before that it ' +
    'is never looked at. Name each registry on its own for such a node, or use inline mirrors (`configPath: ""`), where `*` ' +
    'works in every version.',
  *run({ cases }) {
    for (const { configuration, members } of cases) {
      const { registry, profile } = configuration;
      const wildcard = members[0]?.node.mirrors.get('*');
      // k3s with a containerd that old writes inline mirrors.
      if (registry.form !== 'hosts-directory' || isK3s(profile) || profile.knowsDefaultDirectory || !wildcard)
        continue;
      const names = nodeNames(members);
      yield {
        message: `containerd ${profile.version} on ${listNames(names)} does not know the directory \`_default\`, so the mirror for \`*\` is not used there`,
        location: wildcard.namespaceHost.location,
        nodes: names,
        fix: {
          message:
            'name each registry, or set `configPath: ""` for the node, or update containerd to 1.6.17 or later',
        },
      };
    }
  },
};

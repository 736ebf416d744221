import type { Check } from '../check.ts';
import { nodeNames } from '../people.ts';

export const notRendered: Check = {
  id: 'not-rendered',
  severity: 'error',
  summary: 'a node for which no files can be rendered',
  documentation:
    "The registry section is merged into a node's own config.toml by changing the lines that have to change, and what comes of " +
    "it is read again as the node's containerd reads it. Where it would not say what it should, or anything else would be " +
    'lost, nothing is rendered for the node: better no file than a wrong one. Write the section in a plainer way, with ' +
    '`[plugins."...".registry]` headers. A file that containerd refuses is a matter of [config-refused](#config-refused).',
  *run({ refused }) {
    for (const { nodes, problem } of refused) {
      const { isKnown, ...rest } = problem;
      if (!isKnown) yield { ...rest, nodes: nodeNames(nodes) };
    }
  },
};

import type { Check } from '../check.ts';

export const invalidNode: Check = {
  id: 'invalid-node',
  severity: 'error',
  summary: 'an entry of `nodes` that selects nothing, or whose file cannot be read',
  documentation:
    'Each entry of `nodes` takes its nodes from a saved `kubectl get nodes -o yaml` (`from`), selects them by label (`match`) ' +
    'or names one (`name`). An entry that selects nothing has no effect; most often a file has moved or a label has changed.',
  *run({ nodeProblems, nodes, files }) {
    yield* nodeProblems;
    for (const { containerdConfig } of nodes) {
      const content = containerdConfig && files.read(containerdConfig.value);
      if (!containerdConfig || (content && 'text' in content)) continue;
      const why = content ? `cannot be read (it is ${content.unreadable})` : 'is not in the repository';
      const message = `\`${containerdConfig.value}\` ${why}, so this node's own config.toml is not checked`;
      yield { message, location: containerdConfig.location };
    }
  },
};

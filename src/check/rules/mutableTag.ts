import type { Check } from '../check.ts';
import { ofUser } from '../people.ts';

export const mutableTag: Check = {
  id: 'mutable-tag',
  severity: 'notice',
  summary: 'an image without a tag, or with `latest`',
  documentation:
    'Mirrors keep what they have once pulled: with a tag that moves, two nodes that ask two mirrors may run two different ' +
    'images. Name a version, or a digest.',
  *run({ discovery }) {
    for (const use of discovery.uses) {
      if (!use.reference || use.reference.digest !== undefined || use.reference.tag !== 'latest') continue;
      if (!use.pulledBy.includes('node')) continue;
      yield {
        message: `\`${use.text}\`${ofUser(use)} is whatever is tagged \`latest\` at the time of the pull`,
        location: use.location,
        image: use.text,
        fix: { message: 'name a version or a digest' },
      };
    }
  },
};

import type { Check } from '../check.ts';

export const unusedIgnore: Check = {
  id: 'unused-ignore',
  severity: 'notice',
  summary: 'a comment or an entry of registries.yaml that says to ignore a finding which there is not',
  documentation:
    'What was to be ignored is mended, or stands on another line than the comment is for. Take it away: it would hide the next ' +
    'finding at this place.',
  isLast: true,
  *run({ unusedIgnores }) {
    yield* unusedIgnores;
  },
};

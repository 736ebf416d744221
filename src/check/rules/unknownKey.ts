import { suggest } from '../../source/suggest.ts';
import type { Check } from '../check.ts';
import { registriesProblems } from '../registriesProblems.ts';

export const unknownKey: Check = {
  id: 'unknown-key',
  severity: 'error',
  summary: 'a key of registries.yaml that nobody reads, or that stands in the wrong place',
  documentation:
    'k3s and RKE2 skip a key that they do not know without a word, so a misspelt or misplaced setting simply does not work. ' +
    'The keys are those of the k3s format and `nodes`, `images` and `checks`.',
  *run({ registries, checkIds }) {
    yield* registriesProblems(registries, 'unknown-key');
    for (const { id } of registries.checks.values()) {
      if (checkIds.includes(id.value)) continue;
      const near = suggest(id.value, checkIds);
      yield {
        message: `there is no check \`${id.value}\``,
        location: id.location,
        ...(near !== undefined && {
          fix: { message: `did you mean \`${near}\`?`, edit: { location: id.location, replacement: near } },
        }),
      };
    }
  },
};

import { suggest } from '../../source/suggest.ts';
import type { Check } from '../check.ts';

export const ignoreComment: Check = {
  id: 'ignore-comment',
  severity: 'warning',
  summary: 'a comment that says to ignore findings, and not why, or of a check that there is none of',
  documentation:
    '`# mirrorproof-ignore: REASON` leaves alone what is found on its own line, or on the next one where it stands alone; ' +
    '`# mirrorproof-ignore[CHECK, CHECK]: REASON` only what these checks find. Without a reason nobody can tell later whether it ' +
    'still holds, so nothing is ignored then.',
  isLast: true,
  *run({ ignoreComments, checkIds }) {
    const suggestions = new Map<string, string | undefined>();
    for (const { location, checks = [], reason } of ignoreComments) {
      if (reason === '') {
        yield {
          message: 'this comment gives no reason, so it ignores nothing',
          location,
          fix: { message: 'write it as `# mirrorproof-ignore: REASON`' },
        };
      }
      const unknown = checks.find((id) => !checkIds.includes(id));
      if (unknown === undefined) continue;
      if (!suggestions.has(unknown) && suggestions.size < maxSuggestions)
        suggestions.set(unknown, suggest(unknown, checkIds));
      const meant = suggestions.get(unknown);
      yield {
        message: `there is no check \`${unknown}\`, so this comment ignores nothing`,
        location,
        ...(meant !== undefined && { fix: { message: `did you mean \`${meant}\`?` } }),
      };
    }
  },
};

/** Each one costs a comparison with every check, and nobody reads more. */
const maxSuggestions = 100;

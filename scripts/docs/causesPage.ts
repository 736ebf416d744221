import { causes } from '../../src/diagnose/causes.ts';
import { codeBlock } from './markdown.ts';

const asked = { name: 'the registry', host: 'HOST' };

/** One section for each cause: what is said, what it means, what to do, and the checks that find it without an error. */
export function causeSections(): string {
  return causes
    .map(({ id, example, meaning, advice, checks }) => {
      const found = checks.map((check) => `[${check}](checks.md#${check})`).join(', ');
      return [
        `## ${id}\n`,
        codeBlock('text', example),
        `What it means: ${meaning(asked)}.\n`,
        `What to do: ${advice(asked)}.\n`,
        ...(found === '' ? [] : [`Found before the merge by ${found}.\n`]),
      ].join('\n');
    })
    .join('\n');
}

import { posix } from 'node:path';
import type { UserError } from '../errors.ts';

/** Says that a text has not the form that it should have. */
export type Refuse = (text: string) => UserError;

/** What placeholders stand for, from a text `NAME=VALUE` each. The value may be empty. */
export function readSubstitutions(texts: readonly string[], refuse: Refuse): ReadonlyMap<string, string> {
  return new Map(texts.map((text) => splitPair(text, refuse)));
}

/** Files of values by the folder of their chart, which is empty for the root, from a text `CHART=FILE` each. */
export function readHelmValues(
  texts: readonly string[],
  refuse: Refuse,
): ReadonlyMap<string, readonly string[]> {
  const byChart = new Map<string, readonly string[]>();
  for (const text of texts) {
    const [chart, file] = splitPair(text, refuse);
    if (file === '') throw refuse(text);
    const path = posix.normalize(chart).replace(/\/$/, '');
    const folder = path === '.' ? '' : path;
    byChart.set(folder, [...(byChart.get(folder) ?? []), posix.normalize(file)]);
  }
  return byChart;
}

/** What stands in front of the first `=` and behind it, without the spaces around them. */
function splitPair(text: string, refuse: Refuse): [string, string] {
  const equals = text.indexOf('=');
  const name = text.slice(0, equals).trim();
  if (equals < 0 || name === '') throw refuse(text);
  return [name, text.slice(equals + 1).trim()];
}

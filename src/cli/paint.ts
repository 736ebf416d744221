import { styleText } from 'node:util';
import type { Paint, Style } from '../report/text.ts';

/** FORCE_COLOR has the last word, as in Node.js itself; then NO_COLOR; then whether somebody looks at the output. */
export function wantsColors(
  isTerminal: boolean,
  environment: Readonly<Record<string, string | undefined>>,
): boolean {
  const forced = environment['FORCE_COLOR'];
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  return isTerminal && !environment['NO_COLOR'];
}

/** Colours for a terminal, or none at all. */
export function paint(hasColors: boolean): Paint {
  if (!hasColors) return (_style, text) => text;
  return (style, text) => styleText(styles[style], text);
}

const styles = {
  error: ['red', 'bold'],
  warning: ['yellow', 'bold'],
  notice: ['cyan', 'bold'],
  place: ['bold'],
  quiet: ['gray'],
  added: ['green'],
  removed: ['red'],
  plain: [],
} as const satisfies Record<Style, Parameters<typeof styleText>[0]>;

import { styleText } from 'node:util';
import type { Paint } from '../report/text.ts';

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
} as const satisfies Record<Parameters<Paint>[0], Parameters<typeof styleText>[0]>;

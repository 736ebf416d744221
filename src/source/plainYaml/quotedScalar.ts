import type { ScalarNode } from '../tree.ts';
import { backslash, doubleQuote, newline } from './characters.ts';
import type { Cursor } from './cursor.ts';
import { notPlain } from './notPlain.ts';
import { resolveToken } from './resolveToken.ts';

/** Reads a text in quotes, at the first of which the cursor stands. */
export function readQuoted(cursor: Cursor): ScalarNode {
  const start = cursor.at;
  const isDouble = cursor.code(start) === doubleQuote;
  const end = closingQuote(cursor) + 1;
  cursor.at = end;
  const inner = cursor.source.slice(start + 1, end - 1);
  const text = inner.includes(isDouble ? '\\' : "'")
    ? resolveToken({
        type: isDouble ? 'double-quoted-scalar' : 'single-quoted-scalar',
        offset: start,
        indent: 0,
        source: cursor.source.slice(start, end),
      })
    : inner;
  return { kind: 'scalar', value: text, text, start, end };
}

/** Where the text in quotes that begins here ends, which has to be on the same line. */
export function closingQuote({ source, at: start }: Cursor): number {
  const quote = source.charCodeAt(start);
  for (let at = start + 1; at < source.length; at++) {
    const code = source.charCodeAt(at);
    if (code === newline) break;
    if (code === backslash && quote === doubleQuote) {
      at += 1;
      if (source.charCodeAt(at) === newline) break;
    } else if (code === quote) {
      if (quote === doubleQuote || source.charCodeAt(at + 1) !== quote) return at;
      at += 1;
    }
  }
  throw notPlain;
}

import type { ScalarNode } from '../tree.ts';
import { colon, dash, hash, newline, questionMark, space, tab } from './characters.ts';
import type { Cursor } from './cursor.ts';
import { notPlain } from './notPlain.ts';

/** No plain text begins with one of these. */
const indicators: ReadonlySet<number> = new Set(
  Array.from('\t"#%&\'*,!>@[]`{|}', (character) => character.charCodeAt(0)),
);

/** The scalar that a text without quotes stands for; the empty text stands for null. */
export function plainScalar(text: string, start: number): ScalarNode {
  return { kind: 'scalar', value: plainValue(text), text, start, end: start + text.length };
}

/** Goes over a text without quotes up to where it ends, the spaces in front of which are not part of it. */
export function plainScalarUpTo(cursor: Cursor, end: number): ScalarNode {
  const start = cursor.at;
  let last = end;
  while (last > start && cursor.code(last - 1) === space) last -= 1;
  cursor.at = end;
  return plainScalar(cursor.source.slice(start, last), start);
}

/** True where a text without quotes may begin. */
export function beginsPlain(cursor: Cursor): boolean {
  const code = cursor.code(cursor.at);
  if (code === dash || code === questionMark || code === colon) return !cursor.isBlank(cursor.at + 1);
  return !indicators.has(code);
}

/** The end of a plain text on this line: at the colon of a key, at the line break, or at the space in front of a comment. */
export function plainEnd(cursor: Cursor): number {
  const { source } = cursor;
  let { at } = cursor;
  for (; at < source.length; at++) {
    const code = source.charCodeAt(at);
    if (code === newline) break;
    if (code === colon && cursor.isBlank(at + 1)) break;
    if (code === hash && source.charCodeAt(at - 1) === space) break;
    if (code === tab) throw notPlain;
  }
  return at;
}

/** Whatever is not written like this is a text: most are seen to be one by their first character. */
const mayBeTyped = /^[-+.0-9~TtFfNn]/;

// YAML 1.2.2, 10.3.2 Core Schema: Tag Resolution
function plainValue(text: string): ScalarNode['value'] {
  if (text === '') return null;
  if (!mayBeTyped.test(text)) return text;
  if (/^(?:~|[Nn]ull|NULL)$/.test(text)) return null;
  if (/^(?:[Tt]rue|TRUE|[Ff]alse|FALSE)$/.test(text)) return text.charAt(0).toLowerCase() === 't';
  if (/^0o[0-7]+$/.test(text)) return Number.parseInt(text.slice(2), 8);
  if (/^[-+]?[0-9]+$/.test(text)) return Number.parseInt(text, 10);
  if (/^0x[0-9a-fA-F]+$/.test(text)) return Number.parseInt(text.slice(2), 16);
  if (/^[-+]?\.(?:inf|Inf|INF)$/.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
  if (/^\.(?:nan|NaN|NAN)$/.test(text)) return Number.NaN;
  if (/^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/.test(text))
    return Number.parseFloat(text);
  return text;
}

import type { ScalarNode } from '../tree.ts';
import { newline, space, tab } from './characters.ts';
import type { Cursor } from './cursor.ts';
import { notPlain } from './notPlain.ts';
import { resolveToken } from './resolveToken.ts';

/**
 * Reads a `|` or `>` and the lines below it, up to the next content.
 *
 * @param column - each line of it is indented deeper
 */
export function readBlockScalar(cursor: Cursor, column: number): ScalarNode {
  const { source, at: start } = cursor;
  const lineEnd = source.indexOf('\n', start);
  const header = source.slice(start, Math.max(lineEnd, start));
  if (!/^[|>][-+]?$/.test(header)) throw notPlain;
  const end = blockEnd(source, lineEnd + 1, column, header.endsWith('+'));
  const text = resolveToken({
    type: 'block-scalar',
    offset: start,
    indent: 0,
    props: [
      { type: 'block-scalar-header', offset: start, indent: 0, source: header },
      { type: 'newline', offset: lineEnd, indent: 0, source: '\n' },
    ],
    source: source.slice(lineEnd + 1, end),
  });
  cursor.at = end;
  cursor.toContent();
  return { kind: 'scalar', value: text, text, start, end };
}

/** Where a block of text ends that begins with this line and is indented deeper than `column`. */
function blockEnd(source: string, first: number, column: number, keepsBlankLines: boolean): number {
  let indentation = -1;
  let longestBlank = 0;
  let end = first;
  for (let line = first; line < source.length;) {
    let at = line;
    while (source.charCodeAt(at) === space) at += 1;
    const isBlankLine = at >= source.length || source.charCodeAt(at) === newline;
    if (isBlankLine) {
      if (indentation < 0) longestBlank = Math.max(longestBlank, at - line);
      // Spaces beyond the indentation are text.
      else if (at - line > indentation) throw notPlain;
    } else {
      if (indentation < 0) indentation = at - line;
      if (at - line < indentation || at - line <= column) break;
      if (source.charCodeAt(at) === tab) throw notPlain;
    }
    const lineEnd = source.indexOf('\n', at);
    line = lineEnd < 0 ? source.length : lineEnd + 1;
    if (!isBlankLine || keepsBlankLines) end = line;
  }
  if (indentation <= column || longestBlank > indentation) throw notPlain;
  return end;
}

import type { MappingEntry, MappingNode, ScalarNode, SequenceNode, TreeNode } from '../tree.ts';
import {
  colon,
  comma,
  dash,
  dot,
  hash,
  isBracket,
  isQuote,
  leftBrace,
  leftBracket,
  newline,
  questionMark,
  rightBrace,
  rightBracket,
  space,
  tab,
} from './characters.ts';
import type { Cursor } from './cursor.ts';
import { checkDepth, checkKey } from './limits.ts';
import { notPlain } from './notPlain.ts';
import { beginsPlain, plainScalarUpTo } from './plainScalar.ts';
import { readQuoted } from './quotedScalar.ts';

/**
 * Reads a collection in brackets, or a text within one.
 *
 * @param column - each line of it is indented deeper
 */
export function readFlow(cursor: Cursor, column: number, depth: number): TreeNode {
  checkDepth(depth);
  const code = cursor.code(cursor.at);
  if (code === leftBracket) return readSequence(cursor, column, depth);
  if (code === leftBrace) return readMapping(cursor, column, depth);
  return isQuote(code) ? readQuoted(cursor) : readPlain(cursor);
}

function readSequence(cursor: Cursor, column: number, depth: number): SequenceNode {
  const start = cursor.at;
  const items: TreeNode[] = [];
  enter(cursor, column);
  while (cursor.code(cursor.at) !== rightBracket) {
    items.push(readFlow(cursor, column, depth + 1));
    toNext(cursor, column, rightBracket);
  }
  cursor.at += 1;
  return { kind: 'sequence', items, start, end: cursor.at };
}

function readMapping(cursor: Cursor, column: number, depth: number): MappingNode {
  const start = cursor.at;
  const entries: MappingEntry[] = [];
  enter(cursor, column);
  while (cursor.code(cursor.at) !== rightBrace) {
    const key = readKey(cursor);
    skipSpace(cursor, column);
    entries.push({ key, value: readFlow(cursor, column, depth + 1) });
    toNext(cursor, column, rightBrace);
  }
  cursor.at += 1;
  return { kind: 'mapping', entries, start, end: cursor.at };
}

function readKey(cursor: Cursor): ScalarNode {
  const isQuoted = isQuote(cursor.code(cursor.at));
  const key = isQuoted ? readQuoted(cursor) : readPlain(cursor);
  cursor.skipSpaces();
  if (cursor.code(cursor.at) !== colon || !(isQuoted || cursor.isBlank(cursor.at + 1))) throw notPlain;
  checkKey(cursor, key);
  cursor.at += 1;
  return key;
}

/** Goes over the bracket that opens a collection. */
function enter(cursor: Cursor, column: number): void {
  cursor.at += 1;
  skipSpace(cursor, column);
}

/** Goes over the comma behind an item, or up to the bracket that closes the collection. */
function toNext(cursor: Cursor, column: number, closing: number): void {
  skipSpace(cursor, column);
  const code = cursor.code(cursor.at);
  if (code === closing) return;
  if (code !== comma) throw notPlain;
  cursor.at += 1;
  skipSpace(cursor, column);
  if (cursor.code(cursor.at) === closing) throw notPlain;
}

function readPlain(cursor: Cursor): ScalarNode {
  const { source, at: start } = cursor;
  const first = cursor.code(start);
  if (first === colon || first === questionMark || !beginsPlain(cursor)) throw notPlain;
  if (first === dash && endsText(cursor.code(start + 1))) throw notPlain;
  // At the beginning of a line, it could end the document.
  if ((first === dash || first === dot) && cursor.code(start - 1) === newline) throw notPlain;
  let at = start;
  for (; at < source.length; at++) {
    const code = source.charCodeAt(at);
    if (code === newline || endsText(code)) break;
    if (code === colon && (cursor.isBlank(at + 1) || endsText(cursor.code(at + 1)))) break;
    if (code === tab || (code === hash && source.charCodeAt(at - 1) === space)) throw notPlain;
  }
  return plainScalarUpTo(cursor, at);
}

function endsText(code: number): boolean {
  return code === comma || isBracket(code);
}

function skipSpace(cursor: Cursor, column: number): void {
  cursor.skipSpaces();
  while (cursor.code(cursor.at) === newline) {
    const lineStart = cursor.at + 1;
    cursor.at = lineStart;
    cursor.skipSpaces();
    const isBlankLine = cursor.code(cursor.at) === newline;
    if (!isBlankLine && cursor.at - lineStart <= column) throw notPlain;
  }
}

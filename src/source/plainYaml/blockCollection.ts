import type { MappingEntry, MappingNode, ScalarNode, SequenceNode, TreeNode } from '../tree.ts';
import { bar, colon, greater, isQuote, leftBrace, leftBracket, space } from './characters.ts';
import { readBlockScalar } from './blockScalar.ts';
import { noColumn, type Cursor } from './cursor.ts';
import { readFlow } from './flowCollection.ts';
import { checkDepth, checkKey } from './limits.ts';
import { notPlain } from './notPlain.ts';
import { beginsPlain, plainEnd, plainScalar, plainScalarUpTo } from './plainScalar.ts';
import { closingQuote, readQuoted } from './quotedScalar.ts';

// Each of these functions leaves the cursor at the next line with content.

/** Reads the collection that is all of a document, at the first character of which the cursor stands. */
export function readRoot(cursor: Cursor): TreeNode {
  const code = cursor.code(cursor.at);
  return code === leftBracket || code === leftBrace ? readInline(cursor, noColumn, 0) : readBlock(cursor, 0);
}

/** A collection whose first line is the current one. */
function readBlock(cursor: Cursor, depth: number): MappingNode | SequenceNode {
  checkDepth(depth);
  return cursor.isItem() ? readSequence(cursor, depth) : readMapping(cursor, depth);
}

function readMapping(cursor: Cursor, depth: number): MappingNode {
  const { column, at: start } = cursor;
  const entries: MappingEntry[] = [];
  let end = start;
  do {
    const key = readKey(cursor);
    const value = readValue(cursor, column, depth);
    entries.push({ key, value });
    end = value.end;
  } while (cursor.column === column && !cursor.isItem());
  if (cursor.column >= column) throw notPlain;
  return { kind: 'mapping', entries, start, end };
}

function readSequence(cursor: Cursor, depth: number): SequenceNode {
  const { column, at: start } = cursor;
  const items: TreeNode[] = [];
  let end = start;
  do {
    const item = readItem(cursor, column, depth);
    items.push(item);
    end = item.end;
  } while (cursor.column === column && cursor.isItem());
  if (cursor.column > column) throw notPlain;
  return { kind: 'sequence', items, start, end };
}

function readItem(cursor: Cursor, column: number, depth: number): TreeNode {
  const start = cursor.at;
  cursor.at += 1;
  cursor.skipSpaces();
  if (cursor.isLineEnd()) return readNested(cursor, column, column + 1, depth);
  if (!cursor.isItem() && colonOfKey(cursor) < 0) return readInline(cursor, column, depth);
  cursor.column = column + cursor.at - start;
  return readBlock(cursor, depth + 1);
}

/** The key of an entry, with its colon. */
function readKey(cursor: Cursor): ScalarNode {
  const end = colonOfKey(cursor);
  if (end < 0) throw notPlain;
  const key = isQuote(cursor.code(cursor.at)) ? readQuoted(cursor) : plainScalarUpTo(cursor, end);
  cursor.at = end;
  checkKey(cursor, key);
  cursor.at += 1;
  return key;
}

/** Where the colon behind a key stands; less than 0 where the line begins with no key. */
function colonOfKey(cursor: Cursor): number {
  if (!isQuote(cursor.code(cursor.at))) {
    if (!beginsPlain(cursor)) return -1;
    const end = plainEnd(cursor);
    return cursor.code(end) === colon ? end : -1;
  }
  let at = closingQuote(cursor) + 1;
  while (cursor.code(at) === space) at += 1;
  return cursor.code(at) === colon && cursor.isBlank(at + 1) ? at : -1;
}

/** What stands behind the colon of a key, or below it. */
function readValue(cursor: Cursor, column: number, depth: number): TreeNode {
  cursor.skipSpaces();
  return cursor.isLineEnd() ? readNested(cursor, column, column, depth) : readInline(cursor, column, depth);
}

/**
 * What stands on the following lines; where nothing does, the value is empty and stands here.
 *
 * @param itemColumn - from which column on a sequence belongs to it
 */
function readNested(cursor: Cursor, column: number, itemColumn: number, depth: number): TreeNode {
  const behind = cursor.at;
  cursor.leaveLine();
  return cursor.column > column || (cursor.column >= itemColumn && cursor.isItem())
    ? readBlock(cursor, depth + 1)
    : plainScalar('', behind);
}

/** A value on the line of its key or dash; what would go on with it on the next lines is no plain YAML. */
function readInline(cursor: Cursor, column: number, depth: number): TreeNode {
  const code = cursor.code(cursor.at);
  const isBlockScalar = code === bar || code === greater;
  const node = isBlockScalar ? readBlockScalar(cursor, column) : readOnLine(cursor, column, depth);
  if (!isBlockScalar) cursor.leaveLine();
  if (cursor.column > column) throw notPlain;
  return node;
}

function readOnLine(cursor: Cursor, column: number, depth: number): TreeNode {
  const code = cursor.code(cursor.at);
  if (code === leftBracket || code === leftBrace) return readFlow(cursor, column, depth + 1);
  if (isQuote(code)) return readQuoted(cursor);
  if (!beginsPlain(cursor)) throw notPlain;
  const end = plainEnd(cursor);
  if (cursor.code(end) === colon) throw notPlain;
  return plainScalarUpTo(cursor, end);
}

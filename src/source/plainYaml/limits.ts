import type { ScalarNode } from '../tree.ts';
import { isQuote } from './characters.ts';
import type { Cursor } from './cursor.ts';
import { notPlain } from './notPlain.ts';

// The limits of the whole reader are far above what a text within these can reach.
const maxDepth = 100;
const maxKeyLength = 1000;
export const maxDocumentLength = 500_000;

export function checkDepth(depth: number): void {
  if (depth > maxDepth) throw notPlain;
}

/** Refuses a key, at the colon behind which the cursor stands, that is too long or merges mappings. */
export function checkKey(cursor: Cursor, { text, start }: ScalarNode): void {
  if (cursor.at - start > maxKeyLength) throw notPlain;
  if (text === '<<' && !isQuote(cursor.code(start))) throw notPlain;
}

import { readRoot } from './plainYaml/blockCollection.ts';
import { Cursor, noColumn } from './plainYaml/cursor.ts';
import { maxDocumentLength } from './plainYaml/limits.ts';
import { notPlain } from './plainYaml/notPlain.ts';
import { plainScalar } from './plainYaml/plainScalar.ts';
import type { TreeNode } from './tree.ts';

/**
 * Reads YAML 1.2 that is written as nearly all manifests are: block mappings and sequences, texts on one line or in a block,
 * flow collections, comments. Gives the roots of the documents, just as the whole reader would make them, at a small part of
 * its cost; undefined for everything else, among it all that is wrong, which only the whole reader can judge.
 */
export function readPlainYaml(source: string): readonly TreeNode[] | undefined {
  if (unusual.test(source) || !source.isWellFormed()) return undefined;
  try {
    return readDocuments(new Cursor(source));
  } catch (error) {
    if (error === notPlain) return undefined;
    throw error;
  }
}

/** Control characters, carriage returns among them, and byte order marks within the text. */
// eslint-disable-next-line no-control-regex
const unusual = /[\0-\x08\x0b-\x1f\x7f\u2028\u2029\ufeff]/;

function readDocuments(cursor: Cursor): readonly TreeNode[] {
  const roots: TreeNode[] = [];
  cursor.toContent();
  while (cursor.at < cursor.source.length) {
    const start = cursor.at;
    roots.push(readDocument(cursor));
    if (cursor.column !== noColumn || cursor.at - start > maxDocumentLength) throw notPlain;
  }
  return roots;
}

/** With the `---` in front of it, where there is one. */
function readDocument(cursor: Cursor): TreeNode {
  if (cursor.column !== noColumn) return readRoot(cursor);
  cursor.at += '---'.length;
  cursor.skipSpaces();
  const behind = cursor.at;
  cursor.leaveLine();
  return cursor.column === noColumn ? plainScalar('', behind) : readRoot(cursor);
}

import { readFileSync, type Stats } from 'node:fs';
import { decodeText } from './decodeText.ts';
import type { FileContent } from './repositoryFiles.ts';

/** Bytes. Nothing that configures a node, or is rendered for one, is nearly as large. */
const maxFileSize = 8 * 1024 * 1024;

/** The text of a file of which `stat` tells what it is. Only regular files are opened. */
export function readIfRegular(path: string, stat: Stats): FileContent {
  if (!stat.isFile()) return { unreadable: 'no regular file' };
  if (stat.size > maxFileSize) return { unreadable: 'larger than 8 MiB' };
  try {
    return decodeText(readFileSync(path));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    return { unreadable: 'not readable for this user' };
  }
}

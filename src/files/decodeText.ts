import { isUtf8 } from 'node:buffer';
import type { FileContent } from './repositoryFiles.ts';

/** The text of a file: UTF-8, without a byte order mark. */
export function decodeText(bytes: Buffer): FileContent {
  if (startsWith(bytes, 0xff, 0xfe) || startsWith(bytes, 0xfe, 0xff)) {
    return { unreadable: 'written in UTF-16: save it as UTF-8' };
  }
  if (bytes.includes(0)) return { unreadable: 'a binary file' };
  if (!isUtf8(bytes)) return { unreadable: 'not valid UTF-8' };
  return { text: bytes.toString('utf8', startsWith(bytes, 0xef, 0xbb, 0xbf) ? 3 : 0) };
}

function startsWith(bytes: Buffer, ...mark: readonly number[]): boolean {
  return mark.every((byte, index) => bytes[index] === byte);
}

import { closeSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { join, posix } from 'node:path';
import { decodeText } from './decodeText.ts';
import type { FileContent } from './repositoryFiles.ts';
import { describeFailure, isSystemError, locate } from './treePath.ts';

/** Bytes. A Kubernetes object stays below 1.5 MiB; a bundle of a few large CRDs below this. */
const maxFileSize = 8 * 1024 * 1024;

/** The text of a regular file, or why there is none. */
export function readRegularFile(path: string, maxSize = maxFileSize): FileContent {
  try {
    const small = readSmallFile(path);
    if (small && small.length <= maxSize) return decodeText(small);
    if (statSync(path).size > maxSize) return { unreadable: `larger than ${describeSize(maxSize)}` };
    return decodeText(readFileSync(path));
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return { unreadable: describeFailure([path], error) };
  }
}

/** Nearly every manifest fits in here, and is read without asking for its size and without memory of its own. */
const smallFile = Buffer.allocUnsafeSlow(64 * 1024);

/** The bytes of a file until the next one is read; undefined for one that is not small. */
function readSmallFile(path: string): Buffer | undefined {
  const file = openSync(path, 'r');
  try {
    let size = 0;
    for (let count = -1; count !== 0 && size < smallFile.length; size += count)
      count = readSync(file, smallFile, size, smallFile.length - size, null);
    return size < smallFile.length ? smallFile.subarray(0, size) : undefined;
  } finally {
    closeSync(file);
  }
}

/** As `8 MiB`. */
export function describeSize(bytes: number): string {
  const mebibyte = 1024 * 1024;
  return bytes < mebibyte ? `${bytes / 1024} KiB` : `${bytes / mebibyte} MiB`;
}

/** A file that somebody names, listed or not. Nothing lies below the files that are `known`. */
export function readNamedFile(
  root: string,
  path: string,
  known: ReadonlySet<string>,
): FileContent | undefined {
  const normalized = posix.normalize(path);
  if (posix.isAbsolute(path) || normalized === '..' || normalized.startsWith('../')) {
    return { unreadable: 'outside of the repository' };
  }
  if (path.includes('\0') || isBelow(normalized, known)) return undefined;
  const target = locate(root, normalized);
  if (target === undefined) return undefined;
  return target.reason === undefined
    ? readRegularFile(join(root, target.path))
    : { unreadable: target.reason };
}

/** Whether a text names a folder or a file is often found out by looking for what a folder would hold. */
function isBelow(path: string, files: ReadonlySet<string>): boolean {
  for (let slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
    if (files.has(path.slice(0, slash))) return true;
  }
  return false;
}

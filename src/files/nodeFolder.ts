import { lstatSync, readdirSync, readlinkSync, realpathSync, statSync } from 'node:fs';
import { join, posix } from 'node:path';
import type { NodeFiles } from './nodeFiles.ts';
import { readIfRegular } from './regularFile.ts';
import type { FileContent } from './repositoryFiles.ts';

/** A folder with more names than this is cut off. */
const maxNames = 10_000;

/** As many as Linux follows. */
const maxLinks = 40;

/**
 * A copy of a node's files in a folder. A link that is absolute starts at the folder, as it would on the node, and none leads
 * out of it. Only regular files are ever opened.
 *
 * @throws Error of node:fs when the folder itself cannot be read
 */
export function openNodeFolder(root: string): NodeFiles {
  const realRoot = realpathSync(root);
  readdirSync(realRoot);
  const locate = (path: string): string | undefined => resolveInside(realRoot, path);
  return {
    isComplete: true,
    kindOf: (path) => kindOf(locate(path)),
    read: (path) => read(locate(path)),
    list: (path) => list(locate(path)),
    nameOf: (path) => path.slice(1),
  };
}

/** Where a path of the node leads in the copy once its links are followed; undefined where it leads nowhere. */
function resolveInside(root: string, path: string): string | undefined {
  let pending = namesOf(path);
  const resolved: string[] = [];
  for (let links = 0; pending.length > 0;) {
    const [name = '', ...rest] = pending;
    pending = rest;
    if (name === '..') {
      resolved.pop();
      continue;
    }
    const target = readLink(join(root, ...resolved, name));
    if (target === undefined) {
      resolved.push(name);
      continue;
    }
    links += 1;
    if (links > maxLinks) return undefined;
    if (posix.isAbsolute(target)) resolved.length = 0;
    pending = [...namesOf(target), ...pending];
  }
  return join(root, ...resolved);
}

function namesOf(path: string): string[] {
  return path.split('/').filter((name) => name !== '' && name !== '.');
}

function readLink(path: string): string | undefined {
  return attempt(() => (lstatSync(path).isSymbolicLink() ? readlinkSync(path) : undefined));
}

function kindOf(path: string | undefined): 'file' | 'directory' | undefined {
  if (path === undefined) return undefined;
  const stat = attempt(() => statSync(path));
  if (stat === undefined) return undefined;
  return stat.isDirectory() ? 'directory' : 'file';
}

function read(path: string | undefined): FileContent | undefined {
  if (path === undefined) return undefined;
  const stat = attempt(() => statSync(path));
  return stat === undefined || stat.isDirectory() ? undefined : readIfRegular(path, stat);
}

function list(path: string | undefined): readonly string[] {
  if (path === undefined) return [];
  return (attempt(() => readdirSync(path)) ?? []).sort().slice(0, maxNames);
}

/** What the file system says; undefined where it says that it cannot. */
function attempt<T>(ask: () => T): T | undefined {
  try {
    return ask();
  } catch (error) {
    if (error instanceof Error && 'code' in error) return undefined;
    throw error;
  }
}

import { join, normalize } from 'node:path/posix';

/** Empty parts, `.` and `..`, and a slash at the end. */
const unclean = /\/\.{0,2}(?:\/|$)/;

/** The shortest name of the same path, without a slash at its end. */
// Go path.Clean
export function cleanPath(path: string): string {
  if (path.startsWith('/') && !unclean.test(path)) return path;
  const normal = normalize(path);
  return normal.length > 1 && normal.endsWith('/') ? normal.slice(0, -1) : normal;
}

/** Parts with slashes between, cleaned; empty parts are left out. */
// Go path.Join
export function joinPath(...parts: readonly string[]): string {
  return cleanPath(join(...parts));
}

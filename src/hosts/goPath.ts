import { join, normalize } from 'node:path/posix';

/** The shortest name of the same path, without a slash at its end. */
// Go path.Clean
export function cleanPath(path: string): string {
  const normal = normalize(path);
  return normal.length > 1 && normal.endsWith('/') ? normal.slice(0, -1) : normal;
}

/** Parts with slashes between, cleaned; empty parts are left out. */
// Go path.Join
export function joinPath(...parts: readonly string[]): string {
  return cleanPath(join(...parts));
}

import { dirname, isAbsolute } from 'node:path/posix';
import { compilePattern, matchesPattern } from '../files/glob.ts';
import type { NodeFiles } from '../files/nodeFiles.ts';
import { cleanPath, joinPath } from '../hosts/goPath.ts';
import type { Located, Location } from '../source/location.ts';
import type { ConfigRules } from './configRules.ts';
import { StartupFailure } from './startupFailure.ts';

/** A file that is imported, and where it is. */
export interface Import {
  readonly path: string;
  readonly namedAt: Location;
}

/**
 * The files that a file imports, in their order. One without a `*` need not be there.
 *
 * @throws StartupFailure for a pattern that is none
 */
// containerd services/server/config/config.go resolveImports (1.x), cmd/containerd/server/config/config.go (2.x)
export function resolveImports(
  parent: string,
  imports: readonly Located<string>[],
  files: NodeFiles,
  rules: ConfigRules,
): readonly Import[] {
  return imports.flatMap(({ value, location: namedAt }) => {
    const path = absolutePath(value, parent, rules);
    if (!path.includes('*')) return [{ path, namedAt }];
    const matches = expandGlob(path, files);
    if (!matches) throw new StartupFailure({ message: 'syntax error in pattern', location: namedAt });
    return matches.map((match) => ({ path: match, namedAt }));
  });
}

function absolutePath(written: string, parent: string, { resolvesGlobs }: ConfigRules): string {
  if (isAbsolute(written)) return cleanPath(written);
  // systemd starts containerd in the root folder.
  const base = written.includes('*') && !resolvesGlobs ? '/' : dirname(parent);
  return joinPath(base, written);
}

/** The paths that match a pattern, sorted folder by folder; undefined for a pattern that is none. */
// Go path/filepath Glob
function expandGlob(pattern: string, files: NodeFiles): readonly string[] | undefined {
  let paths: readonly string[] = ['/'];
  for (const segment of pattern.split('/').filter((part) => part !== '')) {
    const next = expandSegment(segment, paths, files);
    if (!next) return undefined;
    paths = next;
  }
  return paths;
}

function expandSegment(
  segment: string,
  folders: readonly string[],
  files: NodeFiles,
): readonly string[] | undefined {
  if (!/[*?[\\]/.test(segment)) {
    return folders
      .map((folder) => joinPath(folder, segment))
      .filter((path) => files.kindOf(path) !== undefined);
  }
  // Go has no `**`, and negates a class with `^`.
  const compiled = compilePattern(segment.replaceAll(/\*+/g, '*').replaceAll('[^', '[!'));
  if (!compiled) return undefined;
  return folders.flatMap((folder) =>
    files
      .list(folder)
      .filter((name) => matchesPattern(compiled, [name]))
      .map((name) => joinPath(folder, name)),
  );
}

import { compilePattern, matchesPattern, type PathPattern } from './glob.ts';

/** One line of a `.gitignore`. */
interface IgnoreRule {
  readonly pattern: PathPattern;
  readonly isNegated: boolean;
  readonly onlyFolders: boolean;
}

/** The rules of one `.gitignore`, in its order. */
export interface IgnoreFile {
  /** How many folders deep the file lies: its rules speak of the path from there on. */
  readonly depth: number;
  readonly rules: readonly IgnoreRule[];
}

/** Reads a `.gitignore` that lies `depth` folders below the root. */
export function parseIgnoreFile(text: string, depth: number): IgnoreFile {
  return { depth, rules: text.split(/\r?\n/).flatMap((line) => parseRule(line) ?? []) };
}

/**
 * True when git would not look at the path. The folders above it are taken to be looked at.
 *
 * @param ignoreFiles the `.gitignore` files from the root down to the folder of the path
 */
export function isIgnored(
  ignoreFiles: readonly IgnoreFile[],
  path: readonly string[],
  isFolder: boolean,
): boolean {
  // The deepest file has the say, and in a file the last line that matches.
  for (const { depth, rules } of ignoreFiles.toReversed()) {
    const own = path.slice(depth);
    const rule = rules.findLast(
      ({ pattern, onlyFolders }) => (isFolder || !onlyFolders) && matchesPattern(pattern, own),
    );
    if (rule) return !rule.isNegated;
  }
  return false;
}

function parseRule(line: string): IgnoreRule | undefined {
  const written = withoutTrailingSpaces(line);
  if (written === '' || written.startsWith('#')) return undefined;
  const isNegated = written.startsWith('!');
  const signless = isNegated ? written.slice(1) : written;
  const onlyFolders = signless.endsWith('/');
  const path = onlyFolders ? signless.slice(0, -1) : signless;
  const isAnchored = path.includes('/');
  const pattern = compilePattern(isAnchored ? path.replace(/^\//, '') : `**/${path}`);
  return pattern && { pattern, isNegated, onlyFolders };
}

/** Spaces at the end do not count, but for one behind a backslash. */
function withoutTrailingSpaces(line: string): string {
  let end = line.length;
  while (end > 0 && line.charAt(end - 1) === ' ' && line.charAt(end - 2) !== '\\') end -= 1;
  return line.slice(0, end);
}

/**
 * Path patterns as `.gitignore` and shells know them. Matching never backtracks further than to the last star, so that a
 * pattern from a repository costs at most (length of the pattern) x (length of the path): as a regular expression, one line
 * of five stars keeps a machine busy for minutes.
 */
export type PathPattern = readonly (SegmentPattern | typeof anyFolders)[];

/** `**`: any number of folders, none included. */
const anyFolders = Symbol('**');

/** What stands between two slashes. */
type SegmentPattern = string | readonly SegmentPart[];

type SegmentPart =
  | { readonly kind: 'character'; readonly character: string }
  | { readonly kind: 'any' }
  | { readonly kind: 'many' }
  | { readonly kind: 'class'; readonly isNegated: boolean; readonly ranges: readonly CharacterRange[] };

type CharacterRange = readonly [first: string, last: string];

/**
 * Understands `*`, `?`, `[a-z]`, `[!a-z]`, a backslash before any of them, and `**` as a whole segment. A slash ends a
 * segment even behind a backslash or within a class, and named classes (`[[:digit:]]`) are not known. Undefined for a pattern
 * that can never match: a class without end, a backslash at the end.
 */
export function compilePattern(pattern: string): PathPattern | undefined {
  const compiled: (SegmentPattern | typeof anyFolders)[] = [];
  for (const segment of pattern.split('/')) {
    const part = /^\*{2,}$/.test(segment) ? anyFolders : compileSegment(segment);
    if (part === undefined) return undefined;
    compiled.push(part);
  }
  // `folder/**` is what is in the folder, not the folder itself.
  if (compiled.at(-1) === anyFolders) compiled.push([{ kind: 'many' }]);
  return compiled;
}

/** @param path the names between the slashes */
export function matchesPattern(pattern: PathPattern, path: readonly string[]): boolean {
  return matchesInOrder(pattern, path, (part) => part === anyFolders, matchesSegment);
}

function matchesSegment(pattern: PathPattern[number], name: string): boolean {
  if (typeof pattern === 'string') return pattern === name;
  if (pattern === anyFolders) return true;
  return matchesInOrder(pattern, name, (part) => part.kind === 'many', matchesCharacter);
}

function matchesCharacter(part: SegmentPart, character: string): boolean {
  if (part.kind === 'character') return part.character === character;
  if (part.kind !== 'class') return true;
  return part.ranges.some(([first, last]) => first <= character && character <= last) !== part.isNegated;
}

/** The classic wildcard match: after a failure only the last "many" has to take one item more. */
function matchesInOrder<P, T>(
  pattern: readonly P[],
  subject: { readonly length: number; readonly [index: number]: T },
  isMany: (part: P) => boolean,
  matchesOne: (part: P, item: T) => boolean,
): boolean {
  let at = 0;
  let next = 0;
  let afterMany = -1;
  let taken = 0;
  while (next < subject.length) {
    const part = pattern[at];
    const item = subject[next];
    if (part !== undefined && isMany(part)) {
      at += 1;
      afterMany = at;
      taken = next;
    } else if (part !== undefined && item !== undefined && matchesOne(part, item)) {
      at += 1;
      next += 1;
    } else if (afterMany >= 0) {
      at = afterMany;
      taken += 1;
      next = taken;
    } else {
      return false;
    }
  }
  return pattern.slice(at).every(isMany);
}

function compileSegment(segment: string): SegmentPattern | undefined {
  if (!/[*?[\\]/.test(segment)) return segment;
  const parts: SegmentPart[] = [];
  let at = 0;
  while (at < segment.length) {
    const character = segment.charAt(at);
    if (character === '[') {
      const parsed = compileClass(segment, at);
      if (!parsed) return undefined;
      parts.push(parsed.part);
      at = parsed.end;
      continue;
    }
    if (character === '\\') at += 1;
    if (at === segment.length) return undefined;
    parts.push(compileCharacter(character, segment.charAt(at)));
    at += 1;
  }
  return parts;
}

function compileCharacter(written: string, meant: string): SegmentPart {
  if (written === '*') return { kind: 'many' };
  if (written === '?') return { kind: 'any' };
  return { kind: 'character', character: meant };
}

/** A class that begins at `start`, and where the text goes on behind it. */
function compileClass(segment: string, start: number): { part: SegmentPart; end: number } | undefined {
  const isNegated = /[!^]/.test(segment.charAt(start + 1));
  const first = start + (isNegated ? 2 : 1);
  const ranges: CharacterRange[] = [];
  let at = first;
  // A bracket that comes first stands for itself.
  while (at < segment.length && (segment.charAt(at) !== ']' || at === first)) {
    const lower = classCharacter(segment, at);
    at = lower.end;
    const isRange = segment.charAt(at) === '-' && at + 1 < segment.length && segment.charAt(at + 1) !== ']';
    const upper = isRange ? classCharacter(segment, at + 1) : lower;
    at = upper.end;
    ranges.push([lower.character, upper.character]);
  }
  return at < segment.length ? { part: { kind: 'class', isNegated, ranges }, end: at + 1 } : undefined;
}

function classCharacter(segment: string, at: number): { character: string; end: number } {
  const escaped = segment.charAt(at) === '\\' ? 1 : 0;
  return { character: segment.charAt(at + escaped), end: at + escaped + 1 };
}

import type { RepositoryFiles } from '../files/repositoryFiles.ts';
import { compareLocations, type Location } from '../source/location.ts';

/** A comment that says to leave findings alone: `# mirrorproof-ignore[mutable-tag]: a test image`. */
export interface IgnoreComment {
  readonly location: Location;
  /** The lines whose findings it speaks of: its own, and the one below where it stands alone. */
  readonly lines: readonly number[];
  /** The ids as written; absent where it speaks of every check. */
  readonly checks?: readonly string[];
  /** Empty where none is given. */
  readonly reason: string;
}

const keyword = 'mirrorproof-ignore';

/** Text formats that have comments of this form; JSON has none. */
const commentedName = /\.(?:ya?ml|toml|tpl|tmpl|gotmpl|j2)$/;

/** Files as they are read, and the comments that were in all that was read so far. */
export interface WatchedFiles {
  readonly files: RepositoryFiles;
  /** Sorted by place. */
  comments(): readonly IgnoreComment[];
}

/** Looks for comments whenever somebody reads a file, so that none has to be read for them. */
export function watchIgnoreComments(files: RepositoryFiles): WatchedFiles {
  const byFile = new Map<string, readonly IgnoreComment[]>();
  const read: RepositoryFiles['read'] = (path) => {
    const content = files.read(path);
    const mayHoldSome = content && 'text' in content && content.text.includes(keyword);
    if (mayHoldSome && commentedName.test(path) && !byFile.has(path))
      byFile.set(path, findIgnoreComments(path, content.text));
    return content;
  };
  const comments = (): IgnoreComment[] =>
    [...byFile.values()].flat().sort((a, b) => compareLocations(a.location, b.location));
  return { files: { ...files, read }, comments };
}

/** The comments of a text, in their order. */
export function findIgnoreComments(file: string, source: string): readonly IgnoreComment[] {
  const lines = source.split(/\r?\n/);
  const found: IgnoreComment[] = [];
  let below = lines.length + 1;
  // From the last line up: a comment above other comments speaks of the line below all of them.
  for (let index = lines.length - 1; index >= 0; index--) {
    const text = lines[index] ?? '';
    const line = index + 1;
    const isCommentLine = text.trimStart().startsWith('#');
    const written = readComment(text);
    if (written) {
      const start = { line, column: written.column };
      const location = { file, start, end: { line, column: text.length + 1 } };
      found.push({ ...written.comment, location, lines: isCommentLine ? [line, below] : [line] });
    }
    if (!isCommentLine) below = line;
  }
  return found.reverse();
}

interface WrittenComment {
  readonly column: number;
  readonly comment: Pick<IgnoreComment, 'checks' | 'reason'>;
}

function readComment(line: string): WrittenComment | undefined {
  const at = line.indexOf(keyword);
  if (at < 0) return undefined;
  const sign = line.slice(0, at).trimEnd().length - 1;
  if (line.charAt(sign) !== '#' || !/^\s?$/.test(line.charAt(sign - 1))) return undefined;
  const [, ids, separator, reason = ''] =
    /^(?:\[([^\]]*)\])?(\s*:|\s|$)(.*)$/.exec(line.slice(at + keyword.length)) ?? [];
  if (separator === undefined) return undefined;
  const checks = ids?.split(',').map((id) => id.trim());
  const hasReason = separator.endsWith(':');
  const comment = { ...(checks && { checks }), reason: hasReason ? reason.trim() : '' };
  return { column: sign + 1, comment };
}

import { replaceStretches, type Replacement } from '../../source/replaceStretches.ts';
import {
  endOfLine,
  innerAssignments,
  isBelow,
  isSamePath,
  startOfLine,
  type Assignment,
  type Header,
  type KeyPath,
  type Statement,
} from './tomlText.ts';

/**
 * A TOML text without the settings at some paths and below, however they are written. Comments stay, but for those between the
 * lines that go. Where `keeper` is one of the tables that hold what goes, its header stays, or comes in the place of the first.
 */
export function removeSettings(
  text: string,
  statements: readonly Statement[],
  paths: readonly KeyPath[],
  keeper?: { readonly path: KeyPath; readonly header: string },
): string {
  const isDoomed = (path: KeyPath): boolean => paths.some((doomed) => isBelow(path, doomed));
  const mayHold = (path: KeyPath): boolean => paths.some((doomed) => isBelow(doomed, path));
  const replacements: Replacement[] = [];
  let isInside = false;
  for (const [index, statement] of statements.entries()) {
    if (statement.kind === 'header') {
      isInside = isDoomed(statement.path);
      if (isInside) replacements.push(wholeBlock(text, statement, blockEnd(statements, index)));
    } else if (!isInside) {
      if (isDoomed(statement.path)) replacements.push(wholeLine(text, statement));
      else if (mayHold(statement.path))
        replacements.push(...inInlineTable(text, statement, isDoomed, mayHold));
    }
  }
  return replaceStretches(text, keeper ? withHeader(text, statements, replacements, keeper) : replacements);
}

/** Where the last assignment of a header's table ends. */
function blockEnd(statements: readonly Statement[], index: number): number {
  const next = statements.findIndex(({ kind }, at) => at > index && kind === 'header');
  return statements.slice(index, next < 0 ? undefined : next).at(-1)?.end ?? 0;
}

/** The lines of a table, and the empty ones behind it where there are some before it as well. */
function wholeBlock(text: string, header: Header, last: number): Replacement {
  const start = startOfLine(text, header.start);
  let end = endOfLine(text, last);
  const isAfterEmpty = /(?:^|\n)[ \t]*\r?\n$/.test(text.slice(0, start)) || start === 0;
  const [empty = ''] = /^(?:[ \t]*\r?\n)+/.exec(text.slice(end)) ?? [];
  if (isAfterEmpty) end += empty.length;
  return { start, end, text: '' };
}

function wholeLine(text: string, { start, end }: Assignment): Replacement {
  return { start: startOfLine(text, start), end: endOfLine(text, end), text: '' };
}

/** Takes pairs out of an inline table, with one comma each. */
function inInlineTable(
  text: string,
  outer: Assignment,
  isDoomed: (path: KeyPath) => boolean,
  mayHold: (path: KeyPath) => boolean,
): Replacement[] {
  const inner = innerAssignments(outer);
  const kept = inner.filter(({ path }) => !isDoomed(path));
  const nested = kept
    .filter(({ path }) => mayHold(path))
    .flatMap((pair) => inInlineTable(text, pair, isDoomed, mayHold));
  if (kept.length === inner.length) return nested;
  const { start, end } = outer.value;
  const texts = kept.map((pair) => {
    const within = nested.filter((part) => part.start >= pair.start && part.end <= pair.end);
    return replaceStretches(
      text.slice(pair.start, pair.end),
      within.map((part) => ({ ...part, start: part.start - pair.start, end: part.end - pair.start })),
    );
  });
  return [{ start, end, text: texts.length > 0 ? `{ ${texts.join(', ')} }` : '{}' }];
}

/** Keeps a place for a table of which only tables below it are written. */
function withHeader(
  text: string,
  statements: readonly Statement[],
  replacements: readonly Replacement[],
  { path, header }: { readonly path: KeyPath; readonly header: string },
): readonly Replacement[] {
  const isWritten = statements.some((statement) => isSamePath(statement.path, path));
  const below = statements.find(
    (statement): statement is Header => statement.kind === 'header' && isBelow(statement.path, path),
  );
  const first = below && replacements.find(({ start }) => start === startOfLine(text, below.start));
  if (isWritten || !below || !first) return replacements;
  const line = text.slice(first.start, endOfLine(text, below.start));
  const [indentation = ''] = /^[ \t]*/.exec(line) ?? [];
  const [lineBreak = ''] = /\r?\n$/.exec(line) ?? [];
  const isLast = first.end === text.length;
  const empty = isLast ? '' : (/(?:\r?\n[ \t]*)+$/.exec(text.slice(first.start, first.end))?.[0] ?? '');
  const emptyLines = empty.replace(/^\r?\n/, '');
  const kept = { ...first, text: `${indentation}${header}${lineBreak}${emptyLines}` };
  return replacements.map((replacement) => (replacement === first ? kept : replacement));
}

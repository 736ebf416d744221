import type { Stretch } from '../../source/lineIndex.ts';
import { replaceStretches } from '../../source/replaceStretches.ts';
import {
  endOfLine,
  indentationOf,
  innerAssignments,
  isBelow,
  isSamePath,
  lineBreakOf,
  startOfLine,
  statementsOf,
  writePath,
  type Assignment,
  type Header,
  type KeyPath,
  type Statement,
} from './tomlText.ts';

/**
 * A TOML text with one value set: in its place where there is one, otherwise where the table is that it belongs to, in the way
 * in which that table is written. `value` is the TOML of the value. Undefined where the text is no TOML.
 */
export function setSetting(text: string, path: KeyPath, value: string): string | undefined {
  const statements = statementsOf(text);
  if (!statements) return undefined;
  const known = findAssignment(statements, path);
  if (known) return replaceStretches(text, [{ ...spanOf(known.value), text: value }]);
  const parent = path.slice(0, -1);
  const inline = findInline(statements, parent);
  if (inline) return insertInline(text, inline, path, value);
  const header = statements.find(
    (statement): statement is Header =>
      statement.kind === 'header' && !statement.isArray && isSamePath(statement.path, parent),
  );
  if (header) return insertBelow(text, statements, header, path, value);
  const dotted = statements.findLast((statement) => isDotted(statement, parent));
  if (dotted?.kind === 'assignment') return insertBehind(text, dotted, path, value);
  return insertTable(text, statements, path, value);
}

/** The assignment of a path, in inline tables as well. */
export function findAssignment(statements: readonly Statement[], path: KeyPath): Assignment | undefined {
  for (const statement of statements) {
    if (statement.kind === 'header' || !isBelow(path, statement.path)) continue;
    if (isSamePath(statement.path, path)) return statement;
    const inner = findAssignment(innerAssignments(statement), path);
    if (inner) return inner;
  }
  return undefined;
}

/** How a table is written that more tables are to be put below: only for tables with headers is that a header. */
export function takesHeaders(statements: readonly Statement[], path: KeyPath): boolean {
  return !findInline(statements, path) && !statements.some((statement) => isDotted(statement, path));
}

/** The innermost inline table that holds a path, or is at it. */
function findInline(statements: readonly Statement[], path: KeyPath): Assignment | undefined {
  for (const statement of statements) {
    if (statement.kind === 'header' || !isBelow(path, statement.path)) continue;
    if (statement.value.kind !== 'inline') continue;
    return findInline(innerAssignments(statement), path) ?? statement;
  }
  return undefined;
}

/** True for `registry.config_path = …` below the header of the table that has `registry`. */
function isDotted(statement: Statement, parent: KeyPath): boolean {
  return (
    statement.kind === 'assignment' &&
    statement.base.length < parent.length &&
    isBelow(statement.path, parent)
  );
}

function insertInline(text: string, inline: Assignment, path: KeyPath, value: string): string {
  const keys = path.slice(inline.path.length);
  // Dotted keys in inline tables are not known to every decoder; tables in tables are.
  const pair = keys.reduceRight(
    (inner, key, index) => `${writePath([key])} = ${index === keys.length - 1 ? inner : `{ ${inner} }`}`,
    value,
  );
  const { start } = inline.value;
  const isEmpty = innerAssignments(inline).length === 0;
  if (isEmpty) return replaceStretches(text, [{ ...spanOf(inline.value), text: `{ ${pair} }` }]);
  const [opening = '{'] = /^\{[ \t]*/.exec(text.slice(start)) ?? [];
  const end = start + opening.length;
  return replaceStretches(text, [{ start, end, text: `{ ${pair}, ` }]);
}

function insertBelow(
  text: string,
  statements: readonly Statement[],
  header: Header,
  path: KeyPath,
  value: string,
): string {
  const next = statements[statements.indexOf(header) + 1];
  const indentation =
    next?.kind === 'assignment'
      ? indentationOf(text, next.start)
      : childIndentation(text, statements, header.start);
  return insertLines(text, header.end, [`${indentation}${writePath(path.slice(-1))} = ${value}`]);
}

function insertBehind(text: string, { base, start, end }: Assignment, path: KeyPath, value: string): string {
  const line = `${indentationOf(text, start)}${writePath(path.slice(base.length))} = ${value}`;
  return insertLines(text, end, [line]);
}

/** A table of its own, behind the last one of the same plugin or at the end. */
function insertTable(text: string, statements: readonly Statement[], path: KeyPath, value: string): string {
  const parent = path.slice(0, -1);
  const { offset, indentation } = placeForTable(text, statements, parent);
  const inner = childIndentation(text, statements, undefined);
  return insertLines(text, offset, [
    ...(offset === 0 ? [] : ['']),
    `${indentation}[${writePath(parent)}]`,
    `${indentation}${inner}${writePath(path.slice(-1))} = ${value}`,
    // What stands below in the same lines is kept apart.
    ...(offset === 0 && text.trim() !== '' ? [''] : []),
  ]);
}

/** Behind what is written below the nearest table above that has something written; offset 0 for an empty text. */
export function placeForTable(
  text: string,
  statements: readonly Statement[],
  path: KeyPath,
): { readonly offset: number; readonly indentation: string } {
  for (let length = path.length; length > 1; length--) {
    const ancestor = path.slice(0, length);
    const owner = statements.findLast(
      (statement) => statement.kind === 'header' && isBelow(statement.path, ancestor),
    );
    if (!owner) continue;
    const indentation = indentationOf(text, owner.start);
    const following = statements.slice(statements.indexOf(owner) + 1);
    const next = following.findIndex(({ kind }) => kind === 'header');
    const last = (next < 0 ? following : following.slice(0, next)).at(-1) ?? owner;
    return { offset: last.end, indentation };
  }
  return { offset: text.trimEnd().length, indentation: '' };
}

/** How much further the settings of a table are indented than its header, as elsewhere in the file. */
function childIndentation(
  text: string,
  statements: readonly Statement[],
  header: number | undefined,
): string {
  const own = header === undefined ? '' : indentationOf(text, header);
  for (const [index, statement] of statements.entries()) {
    const next = statements[index + 1];
    if (statement.kind !== 'header' || next?.kind !== 'assignment') continue;
    const outer = indentationOf(text, statement.start);
    const inner = indentationOf(text, next.start);
    return own + (inner.startsWith(outer) ? inner.slice(outer.length) : '');
  }
  return `${own}  `;
}

/** Inserts lines below the line that an offset is in. */
export function insertLines(text: string, offset: number, lines: readonly string[]): string {
  const lineBreak = lineBreakOf(text);
  const at = offset === 0 && startOfLine(text, 0) === 0 && text.trim() === '' ? 0 : endOfLine(text, offset);
  const before = text.slice(0, at);
  const needsBreak = before !== '' && !before.endsWith('\n');
  return `${before}${needsBreak ? lineBreak : ''}${lines.join(lineBreak)}${lineBreak}${text.slice(at)}`;
}

function spanOf({ start, end }: Stretch): Stretch {
  return { start, end };
}

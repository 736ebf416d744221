import { readGoToml } from '../../hosts/goToml/readGoToml.ts';
import { Parser24 } from '../../hosts/goToml/v24Parser.ts';
import type { TomlTable } from '../../source/toml.ts';
import type { WrittenPair, WrittenValue } from '../../source/tomlTree.ts';

/** A path of keys from the root of a TOML text. */
export type KeyPath = readonly string[];

/** A header or an assignment with its path. */
export type Statement = Header | Assignment;

export interface Header {
  readonly kind: 'header';
  readonly path: KeyPath;
  readonly isArray: boolean;
  readonly start: number;
  readonly end: number;
}

export interface Assignment {
  readonly kind: 'assignment';
  readonly path: KeyPath;
  /** The path of the header above it, or of the inline table around it. */
  readonly base: KeyPath;
  readonly value: WrittenValue;
  readonly start: number;
  readonly end: number;
}

/**
 * The statements of a text, those in inline tables apart; undefined where it is no TOML. The strictest of the readers reads it:
 * what comes of a change is read again as the node's own version does.
 */
export function statementsOf(text: string): readonly Statement[] | undefined {
  if (!rootOf(text)) return undefined;
  const statements: Statement[] = [];
  const parser = new Parser24(text);
  let base: KeyPath = [];
  for (let expression = parser.next(); expression; expression = parser.next()) {
    if (expression.kind === 'header') base = expression.keys.map((key) => key.text);
    statements.push(
      expression.kind === 'header' ? { ...expression, path: base } : assignment(expression, base),
    );
  }
  return statements;
}

/** What a text says; undefined where it is no TOML. */
export function rootOf(text: string): TomlTable | undefined {
  const { document, error } = readGoToml('', text, '2.4', () => true);
  return error ? undefined : document.root;
}

/** The assignments in an inline table. */
export function innerAssignments({ path, value }: Assignment): readonly Assignment[] {
  return value.kind === 'inline' ? value.pairs.map((pair) => assignment(pair, path)) : [];
}

function assignment({ keys, value, start, end }: WrittenPair, base: KeyPath): Assignment {
  return { kind: 'assignment', path: [...base, ...keys.map((key) => key.text)], base, value, start, end };
}

/** True where a path is another one, or lies below it. */
export function isBelow(path: KeyPath, parent: KeyPath): boolean {
  return path.length >= parent.length && parent.every((key, index) => path[index] === key);
}

export function isSamePath(path: KeyPath, other: KeyPath): boolean {
  return path.length === other.length && isBelow(path, other);
}

/** Offset of the first character of the line that an offset is in. */
export function startOfLine(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

/** Offset behind the line break of the line that an offset is in, or the end of the text. */
export function endOfLine(text: string, offset: number): number {
  const lineBreak = text.indexOf('\n', offset);
  return lineBreak < 0 ? text.length : lineBreak + 1;
}

/** The blanks before the first character of the line that an offset is in. */
export function indentationOf(text: string, offset: number): string {
  const [blanks = ''] = /^[ \t]*/.exec(text.slice(startOfLine(text, offset), offset)) ?? [];
  return blanks;
}

/** The line break that a text has. */
export function lineBreakOf(text: string): string {
  return /\r?\n/.exec(text)?.[0] ?? '\n';
}

/** A key path as it is written. */
export function writePath(path: KeyPath): string {
  return path.map((key) => (/^[A-Za-z0-9_-]+$/.test(key) ? key : writeText(key))).join('.');
}

/** A basic string. The escapes of JSON are escapes of TOML too; half a surrogate pair can be written in neither. */
export function writeText(text: string): string {
  const whole = JSON.stringify(text.replaceAll(/\p{Surrogate}/gu, '\uFFFD'));
  return whole.replaceAll('\u007F', String.raw`\u007F`);
}

import { locateIn } from '../../source/lineIndex.ts';
import type { TomlDocument, TomlScalar } from '../../source/toml.ts';
import { buildTomlTree, TooDeep, type TomlExpression } from '../../source/tomlTree.ts';
import { GoTomlPanic, GoTomlProblem, Placeless, type GoPosition, type GoTomlError } from './goTomlError.ts';
import type { GoTomlRelease } from './goTomlRelease.ts';
import { lexToml1 } from './v1Lexer.ts';
import { parseTokens1, type Place } from './v1Parser.ts';
import type { Rules1 } from './v1ValueParser.ts';
import { countBytes } from './v2Bytes.ts';
import { Parser2 } from './v2Parser.ts';
import { SeenKeys2 } from './v2Seen.ts';
import { Parser24 } from './v24Parser.ts';
import { SeenKeys24 } from './v24Seen.ts';

/** A text as a release of go-toml reads it. */
export interface GoTomlReading {
  /** What was read; where there is an error, what version 2 has decoded before it. */
  readonly document: TomlDocument;
  /** The same, as it is written. */
  readonly expressions: readonly TomlExpression[];
  readonly error?: GoTomlError | undefined;
}

/** Whether a table is decoded into anything: version 2 does not look for doubled keys where it is not. */
export type IsDecoded = (path: readonly string[]) => boolean;

/** Reads a text and says what the library says. Never throws. */
export function readGoToml(
  file: string,
  text: string,
  release: GoTomlRelease,
  isDecoded: IsDecoded,
): GoTomlReading {
  const expressions: TomlExpression[] = [];
  const locate = locateIn(file, text);
  const toDocument = (read: readonly TomlExpression[]): TomlDocument => {
    return { file, index: 0, locate, ...buildTomlTree(read, text.length) };
  };
  let error: GoTomlError | undefined;
  try {
    if (isRelease1(release)) {
      const all = expressions1(text, release);
      return { document: toDocument(all), expressions: all };
    }
    for (const expression of expressions2(text, release, isDecoded)) expressions.push(expression);
  } catch (thrown) {
    error = toError(thrown, text, release);
  }
  try {
    return { document: toDocument(expressions), expressions, error };
  } catch (thrown) {
    return { document: toDocument([]), expressions: [], error: toError(thrown, text, release) };
  }
}

type Release1 = '1.8.1' | '1.9.3' | '1.9.5';

function isRelease1(release: GoTomlRelease): release is Release1 {
  return release.startsWith('1.');
}

function expressions1(text: string, release: Release1): readonly TomlExpression[] {
  const isOld = release === '1.8.1';
  const rules: Rules1 = {
    isOld,
    hasOldUnderscores: isOld,
    takesUnsigned: release === '1.9.5',
    panics: release === '1.9.3',
  };
  return parseTokens1(lexToml1(text, startOf(text), isOld), rules, placeIn(text));
}

/** Version 1 passes over a byte order mark. */
function startOf(text: string): number {
  return text.startsWith('\uFEFF') ? 1 : 0;
}

function* expressions2(
  text: string,
  release: Exclude<GoTomlRelease, Release1>,
  isDecoded: IsDecoded,
): Generator<TomlExpression> {
  const isNew = release === '2.4';
  const is23 = release === '2.3.0';
  const parser = isNew
    ? new Parser24(text)
    : new Parser2(text, { takesLeapSeconds: !is23, pointsAtAssignment: is23 });
  const seen = isNew ? new SeenKeys24() : new SeenKeys2();
  let isSkipped = false;
  for (let expression = parser.next(); expression; expression = parser.next()) {
    if (expression.kind === 'header') {
      seen.addHeader(expression.keys, expression.isArray);
      isSkipped = !isNew && !isDecoded(expression.keys.map((key: TomlScalar) => key.text));
    } else if (!isSkipped) {
      seen.addPair(expression);
    }
    yield expression;
  }
}

function toError(thrown: unknown, text: string, release: GoTomlRelease): GoTomlError {
  if (thrown instanceof GoTomlProblem) {
    return isRelease1(release) ? error1(thrown, text) : error2(thrown, text, release);
  }
  if (thrown instanceof GoTomlPanic) {
    return { message: thrown.message, offset: thrown.offset, isDoubled: false, isPanic: true };
  }
  if (thrown instanceof Placeless || thrown instanceof TooDeep) {
    return { message: thrown.message, offset: thrown.offset, isDoubled: false };
  }
  throw thrown;
}

function error1({ message, offset, isDoubled }: GoTomlProblem, text: string): GoTomlError {
  const { line, column } = placeIn(text)(offset);
  return { message: `(${line}, ${column}): ${message}`, offset, isDoubled };
}

/** Version 1 counts characters. */
function placeIn(text: string): Place {
  return (offset) => {
    const before = text.slice(startOf(text), offset);
    const lineStart = before.lastIndexOf('\n') + 1;
    return { line: countLines(before), column: (before.slice(lineStart).match(/./gsu)?.length ?? 0) + 1 };
  };
}

function countLines(before: string): number {
  let lines = 1;
  for (let at = before.indexOf('\n'); at >= 0; at = before.indexOf('\n', at + 1)) lines += 1;
  return lines;
}

function error2(problem: GoTomlProblem, text: string, release: GoTomlRelease): GoTomlError {
  const { message, offset, isDoubled } = problem;
  // Before version 2.4 an error about what stands twice has no place.
  const hasPosition = !isDoubled || release === '2.4';
  const position = hasPosition ? goPosition(problem, text, release) : undefined;
  return { message: `toml: ${message}`, offset, isDoubled, position };
}

/** The place that version 2 tells for a problem. */
export function goPosition(
  { offset, isAtEnd }: Pick<GoTomlProblem, 'offset' | 'isAtEnd'>,
  text: string,
  release: GoTomlRelease,
): GoPosition {
  // Version 2.3 takes an empty part of the text for the beginning of the text, version 2.4 takes the last byte for it.
  if (isAtEnd && release === '2.3.0') return { row: 1, column: 1 };
  const isMoved = isAtEnd && release === '2.4' && offset > 0;
  if (isMoved && text.endsWith('\n', offset))
    return goPosition({ offset: offset - 1, isAtEnd: false }, text, release);
  const before = text.slice(0, offset);
  const lineStart = before.lastIndexOf('\n') + 1;
  const column = countBytes(before.slice(lineStart)) + 1;
  return { row: countLines(before), column: isMoved ? column - 1 : column };
}

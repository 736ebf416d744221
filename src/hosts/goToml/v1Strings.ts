import { printCharacter } from './v1Tokens.ts';

/** A string up to its closing quotes, or what is wrong with it. */
export type StringRead =
  | {
      readonly value: string;
      /** Where the closing quotes begin. */
      readonly end: number;
    }
  | StringProblem;

interface StringProblem {
  readonly problem: string;
}

export function isStringProblem(read: StringRead): read is StringProblem {
  return 'problem' in read;
}

export function readLiteralString(text: string, start: number, terminator: string): StringRead {
  const end = text.indexOf(terminator, start);
  return end < 0 ? { problem: 'unclosed string' } : { value: text.slice(start, end), end };
}

/** Reads from behind the opening quotes on. */
// pelletier/go-toml v1.9.5 lexer.go lexStringAsString
export function readBasicString(
  text: string,
  start: number,
  terminator: string,
  takesNewLines: boolean,
): StringRead {
  let value = '';
  for (let at = start; ;) {
    if (text.startsWith(terminator, at)) return { value, end: at };
    if (at >= text.length) return { problem: 'unclosed string' };
    const character = text.charAt(at);
    if (character === '\\') {
      const escape = readEscape(text, at + 1);
      if (isEscapeProblem(escape)) return escape;
      value += escape.value;
      at = escape.end;
      continue;
    }
    if (isForbidden(character, takesNewLines)) {
      const code = character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
      return { problem: `unescaped control character U+${code}` };
    }
    value += character;
    at += 1;
  }
}

function isForbidden(character: string, takesNewLines: boolean): boolean {
  if (character > '\u001F' || character === '\t') return false;
  return !takesNewLines || (character !== '\n' && character !== '\r');
}

const simpleEscapes: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ['n', '\n'],
  ['b', '\b'],
  ['f', '\f'],
  ['/', '/'],
  ['t', '\t'],
  ['r', '\r'],
  ['\\', '\\'],
]);

type Escape = { readonly value: string; readonly end: number } | StringProblem;

function isEscapeProblem(escape: Escape): escape is StringProblem {
  return 'problem' in escape;
}

/** What stands behind a backslash. */
function readEscape(text: string, at: number): Escape {
  const spaces = /[\r\n\t ]+/y;
  spaces.lastIndex = at;
  if (spaces.test(text)) return { value: '', end: spaces.lastIndex };
  const character = text.charAt(at);
  const simple = simpleEscapes.get(character);
  if (simple !== undefined) return { value: simple, end: at + 1 };
  if (character === 'u') return readCodePoint(text, at + 1, 4);
  if (character === 'U') return readCodePoint(text, at + 1, 8);
  const code = text.codePointAt(at);
  const shown = code === undefined ? '' : String.fromCodePoint(code);
  // The library takes its own words for a format.
  const printed = shown === '%' ? '%!(NOVERB)' : printCharacter(shown);
  return { problem: `invalid escape sequence: \\${printed}` };
}

function readCodePoint(text: string, at: number, length: number): Escape {
  const digits = text.slice(at, at + length);
  if (digits.length < length || !/^[0-9A-Fa-f]*$/.test(digits)) {
    return { problem: 'unfinished unicode escape' };
  }
  const code = Number.parseInt(digits, 16);
  const isCharacter = code <= 0x10_ff_ff && (code < 0xd8_00 || code > 0xdf_ff);
  return { value: isCharacter ? String.fromCodePoint(code) : '\uFFFD', end: at + length };
}

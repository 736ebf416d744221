import { isBareCharacter, isSpace, printCharacter } from './v1Tokens.ts';

/** A part of a key; `start` and `end` count in the text of the key, with the quotes. */
export interface KeyPart {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** Why a text is no key. */
export class WrongKey extends Error {}

/**
 * The parts of a dotted key. Escapes stay as they are, and a quoted part need not be followed by a dot.
 *
 * @throws WrongKey
 */
// pelletier/go-toml v1.9.5 keysparsing.go parseKey
export function parseKey1(key: string): readonly KeyPart[] {
  if (key === '') throw new WrongKey('empty key');
  const parts: KeyPart[] = [];
  let at = 0;
  while (at < key.length) {
    const character = characterAt(key, at);
    if (isSpace(character)) {
      at += 1;
    } else if (isBareCharacter(character)) {
      const part = barePart(key, at);
      parts.push(part);
      at = endOfBare(key, part.end);
    } else if (character === "'" || character === '"') {
      const part = quotedPart(key, at, character);
      parts.push(part);
      at = part.end;
    } else if (character === '.') {
      at += 1;
      checkAfterDot(key, at);
    } else {
      throw new WrongKey(`invalid key character: ${printCharacter(character)}`);
    }
  }
  if (parts.length === 0) throw new WrongKey('empty key');
  return parts;
}

function characterAt(text: string, at: number): string {
  const code = text.codePointAt(at);
  return code === undefined ? '' : String.fromCodePoint(code);
}

function barePart(key: string, start: number): KeyPart {
  const bare = /[A-Za-z0-9_-]+/y;
  bare.lastIndex = start;
  const text = bare.exec(key)?.[0] ?? '';
  return { text, start, end: start + text.length };
}

/** Behind a bare part and the spaces that follow it, where only a dot may stand. */
function endOfBare(key: string, end: number): number {
  const spaces = /[ \t]*/y;
  spaces.lastIndex = end;
  const at = end + (spaces.exec(key)?.[0].length ?? 0);
  const next = characterAt(key, at);
  if (next === '' || next === '.') return at;
  const problem = at > end ? 'invalid key character after whitespace' : 'invalid bare key character';
  throw new WrongKey(`${problem}: ${printCharacter(next)}`);
}

function quotedPart(key: string, start: number, quote: string): KeyPart {
  const end = key.indexOf(quote, start + 1);
  if (end < 0) throw new WrongKey(`unclosed ${quote === '"' ? 'double' : 'single'}-quoted key`);
  return { text: key.slice(start + 1, end), start, end: end + 1 };
}

function checkAfterDot(key: string, at: number): void {
  const next = characterAt(key, at);
  if (next === '') throw new WrongKey('unexpected end of key');
  if (!isBareCharacter(next) && !["'", '"', ' '].includes(next)) {
    throw new WrongKey('expecting key part after dot');
  }
}

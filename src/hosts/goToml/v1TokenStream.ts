import type { TomlScalar } from '../../source/toml.ts';
import { checkDepth } from '../../source/tomlTree.ts';
import { quote } from '../goText.ts';
import { GoTomlProblem } from './goTomlError.ts';
import { parseKey1, WrongKey } from './v1Keys.ts';
import type { Token, TokenKind } from './v1Tokens.ts';

/** The tokens of a text, one after the other. */
export class TokenStream {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  /** The last token, which ends the text, is never passed. */
  peek(): Token {
    const token = this.#tokens[this.#at] ?? this.#tokens.at(-1);
    if (!token) throw new Error('a text has at least the token of its end');
    return token;
  }

  take(): Token {
    const token = this.peek();
    this.#at += 1;
    return token;
  }

  assume(kind: TokenKind): Token {
    const token = this.take();
    if (token.kind !== kind) {
      fail(token, `was expecting token ${printKind(kind)}, but got ${printToken(token)} instead`);
    }
    return token;
  }
}

/** Says that a text is wrong where a token stands. */
export function fail(token: Token, problem: string, isDoubled = false): never {
  throw new GoTomlProblem(problem, token.start, { isDoubled });
}

/** The library has the names of these two the wrong way round. */
export function printKind(kind: TokenKind): string {
  if (kind === '[[') return ']]';
  return kind === ']]' ? '[[' : kind;
}

export function printToken({ kind, text }: Token): string {
  if (kind === 'EOF') return 'EOF';
  return kind === 'Error' ? text : quote(text);
}

/** The parts of the name that a token is. */
export function keysOf(token: Token, problem: string): readonly TomlScalar[] {
  try {
    const parts = parseKey1(token.text);
    checkDepth(parts.length, token.start);
    const placeOf = (index: number): number => token.places?.[index] ?? token.start + index;
    return parts.map(({ text, start, end }): TomlScalar => {
      const span = { start: placeOf(start), end: placeOf(end - 1) + 1 };
      return { kind: 'scalar', type: 'string', value: text, text, ...span };
    });
  } catch (error) {
    if (error instanceof WrongKey) return fail(token, `${problem}${error.message}`);
    throw error;
  }
}

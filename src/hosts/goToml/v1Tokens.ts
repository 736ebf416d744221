/** The kinds of tokens, by the names that the library prints; it has those of `[[` and `]]` the wrong way round. */
export type TokenKind =
  | 'Error'
  | 'EOF'
  | 'Key'
  | 'String'
  | 'Integer'
  | 'True'
  | 'False'
  | 'Float'
  | 'Inf'
  | 'NaN'
  | '='
  | '['
  | ']'
  | '{'
  | '}'
  | '[['
  | ']]'
  | 'LocalDate'
  | 'LocalTime'
  | 'TimeOffset'
  | 'KeyGroup'
  | 'KeyGroupArray'
  | ',';

export interface Token {
  readonly kind: TokenKind;
  /** The value, without quotes and escapes; for an error its words. */
  readonly text: string;
  readonly start: number;
  /** Offset into the source of the first character behind it. */
  readonly end: number;
  /** A date with its offset from UTC, which only version 1.8 has as one token. */
  readonly hasOffset?: boolean;
  /** For a key: where each character of the value stands in the source. */
  readonly places?: readonly number[];
}

const replacement = '\uFFFD';

/** A character as Go prints it with `%c`; the end of the text is none. */
export function printCharacter(character: string): string {
  return character === '' || /^\p{Surrogate}$/u.test(character) ? replacement : character;
}

export function isSpace(character: string): boolean {
  return character === ' ' || character === '\t';
}

export function isDigit(character: string): boolean {
  return character >= '0' && character <= '9' && character.length === 1;
}

export function isBareCharacter(character: string): boolean {
  return /^[A-Za-z0-9_-]$/.test(character);
}

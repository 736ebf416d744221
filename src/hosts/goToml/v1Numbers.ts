import { quote } from '../goText.ts';

/** A number token, or why there is none. */
export type NumberRead =
  { readonly kind: 'Integer' | 'Float' | 'Inf' | 'NaN'; readonly end: number } | { readonly problem: string };

const basePatterns: ReadonlyMap<string, RegExp> = new Map([
  ['x', /[0-9A-Fa-f_]*/y],
  ['o', /[0-7_]*/y],
  ['b', /[01_]*/y],
]);

// pelletier/go-toml v1.9.5 lexer.go lexNumber
export function lexNumber(text: string, start: number): NumberRead {
  const second = text.charAt(start + 1);
  if (text[start] === '0' && /^[A-Za-z]$/.test(second)) {
    const digits = basePatterns.get(second);
    if (!digits) {
      return {
        problem: `unknown number base: ${second}. possible options are x (hex) o (octal) b (binary)`,
      };
    }
    digits.lastIndex = start + 2;
    const length = digits.exec(text)?.[0].length ?? 0;
    if (length === 0) return { problem: 'number needs at least one digit' };
    return { kind: 'Integer', end: start + 2 + length };
  }
  return lexDecimal(text, start);
}

function lexDecimal(text: string, start: number): NumberRead {
  let at = start;
  if (text[at] === '+' || text[at] === '-') {
    at += 1;
    if (text.startsWith('inf', at)) return { kind: 'Inf', end: at + 3 };
    if (text.startsWith('nan', at)) return { kind: 'NaN', end: at + 3 };
  }
  let hasPoint = false;
  let hasExponent = false;
  let hasDigit = false;
  for (let next = text.charAt(at); /^[\d.eE_]$/.test(next); next = text.charAt(at)) {
    at += 1;
    if (next === '.') {
      if (hasPoint) return { problem: 'cannot have two dots in one float' };
      if (!/^\d$/.test(text.charAt(at))) return { problem: 'float cannot end with a dot' };
      hasPoint = true;
    } else if (next === 'e' || next === 'E') {
      hasExponent = true;
      if (/^[+-]$/.test(text.charAt(at))) at += 1;
    } else if (next !== '_') {
      hasDigit = true;
    }
    if (hasPoint && !hasDigit) return { problem: 'cannot start float with a dot' };
  }
  if (!hasDigit) return { problem: 'no digit in that number' };
  return { kind: hasPoint || hasExponent ? 'Float' : 'Integer', end: at };
}

/** How a version of the library looks at numbers. */
export interface NumberRules {
  /** Version 1.8 looks for underscores by regular expressions, which know no capital letters. */
  readonly hasOldUnderscores: boolean;
  /** Numbers above 2^63 are taken, as unsigned ones. */
  readonly takesUnsigned: boolean;
}

/** A number, or the words of the error about it. */
export type NumberValue = { readonly value: number | bigint } | { readonly problem: string };

const underscoreProblem = 'invalid use of _ in number';
const hexUnderscoreProblem = 'invalid use of _ in hex number';

// pelletier/go-toml v1.9.5 parser.go numberContainsInvalidUnderscore
function hasWrongUnderscore(written: string, digit: string): boolean {
  return new RegExp(`(?:^|[^${digit}])_|_$`).test(written);
}

function underscoreIn(written: string, isHex: boolean, isOld: boolean): string | undefined {
  if (!written.includes('_')) return undefined;
  const problem = isHex ? hexUnderscoreProblem : underscoreProblem;
  const oldPattern = isHex ? /^0x_|[^\da-f]_|_[^\da-f]|_$|^_/ : /\D_|_\D|_$|^_/;
  const isWrong = isOld ? oldPattern.test(written) : hasWrongUnderscore(written, isHex ? '0-9A-Fa-f' : '0-9');
  return isWrong ? problem : undefined;
}

/** An integer token's value. `undefined`: the library panics, as it does for a leading zero. */
// pelletier/go-toml v1.9.5 parser.go parseRvalue
export function integerValue(written: string, rules: NumberRules): NumberValue | undefined {
  const cleaned = written.replaceAll('_', '');
  const isLong = cleaned.length >= 3 && cleaned.startsWith('0');
  const base = isLong ? cleaned.slice(0, 2) : '';
  if (/^0\d$/.test(base)) return undefined;
  const problem = underscoreIn(written, base === '0x', rules.hasOldUnderscores);
  if (problem !== undefined) return { problem };
  const digits = cleaned.slice(base.length);
  const value = parseDigits(digits, base);
  if (value !== undefined && value >= -(2n ** 63n) && value < 2n ** 63n) return { value: exact(value) };
  const isUnsigned = rules.takesUnsigned && !digits.startsWith('-');
  if (isUnsigned && value !== undefined && value < 2n ** 64n && !digits.startsWith('+')) {
    return { value: exact(value) };
  }
  const isSigned = isUnsigned && digits.startsWith('+');
  const words = isSigned || !/^[+-]?[0-9A-Fa-f]+$/.test(digits) ? 'invalid syntax' : 'value out of range';
  return { problem: `strconv.Parse${isUnsigned ? 'Uint' : 'Int'}: parsing ${quote(digits)}: ${words}` };
}

/** More digits than this are out of any range. */
const maxDigits = 66;

function parseDigits(digits: string, base: string): bigint | undefined {
  const [, sign = '', plain = ''] = /^([+-]?)0*(.*)$/s.exec(digits) ?? [];
  if (plain.length > maxDigits) return undefined;
  const value = BigInt(`${base}${plain === '' ? '0' : plain}`);
  return sign === '-' ? -value : value;
}

export function exact(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

export function floatValue(written: string, rules: NumberRules): NumberValue {
  const problem = underscoreIn(written, false, rules.hasOldUnderscores);
  if (problem !== undefined) return { problem };
  const cleaned = written.replaceAll('_', '');
  const words = floatProblem(cleaned);
  if (words !== undefined) return { problem: words };
  return { value: Number(cleaned) };
}

/** The error of Go for what is no float, or too big for one. */
// Go strconv ParseFloat
export function floatProblem(cleaned: string): string | undefined {
  const isFloat = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(cleaned);
  if (isFloat && Number.isFinite(Number(cleaned))) return undefined;
  return `strconv.ParseFloat: parsing ${quote(cleaned)}: ${isFloat ? 'value out of range' : 'invalid syntax'}`;
}

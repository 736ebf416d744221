import { exact, floatProblem } from './v1Numbers.ts';
import { daysIn } from './v1Dates.ts';
import { GoTomlProblem } from './goTomlError.ts';

/** What the parser took for a value. */
export type ValueKind = 'integer' | 'float' | 'date-time' | 'local-date-time' | 'local-date' | 'local-time';

/** Where a value is read, and by the rules of which version. */
export interface ValueText {
  readonly text: string;
  readonly start: number;
  /** Version 2.2 takes the second 60. */
  readonly takesLeapSeconds: boolean;
}

/**
 * A number or date as the decoder reads it.
 *
 * @throws GoTomlProblem
 */
// pelletier/go-toml v2.2.4 decode.go
export function decodeValue2(kind: ValueKind, value: ValueText): string | number | bigint {
  const { text, start } = value;
  if (kind === 'integer') return exact(decodeInteger(text, start));
  if (kind === 'float') return decodeFloat(text, start);
  checkDate(kind, value);
  return text;
}

function decodeInteger(text: string, start: number): bigint {
  const base = text.length > 2 && /^0[xob]/.test(text) ? text.slice(0, 2) : '';
  const cleaned = withoutUnderscores(text.slice(base.length), start + base.length);
  const fail = (problem: string): never => {
    throw new GoTomlProblem(problem, start);
  };
  if (base === '' && /^[+-]?0./s.test(cleaned)) return fail('leading zero not allowed on decimal number');
  const name = { '0x': 'hexadecimal', '0o': 'octal', '0b': 'binary' }[base] ?? 'decimal';
  const isNumber = /^[+-]?[0-9A-Fa-f]+$/.test(cleaned);
  const value = isNumber ? parseInteger(cleaned, base) : undefined;
  if (value !== undefined) return value;
  const words = isTooBig(cleaned) || isNumber ? 'value out of range' : 'invalid syntax';
  return fail(`couldn't parse ${name} number: strconv.ParseInt: parsing "${cleaned}": ${words}`);
}

/** Go looks no further once the digits are too many for 64 bits. */
function isTooBig(text: string): boolean {
  const digits = /^[+-]?0*(\d*)/.exec(text)?.[1] ?? '';
  return digits.length > 20 || BigInt(`0${digits}`) >= 2n ** 64n;
}

/** More digits than this are out of any range. */
const maxDigits = 66;

/** An integer of 64 bits; undefined where the digits are more than that. */
export function parseInteger(digits: string, base: string): bigint | undefined {
  const [, sign = '', plain = ''] = /^([+-]?)0*(.*)$/s.exec(digits) ?? [];
  if (plain.length > maxDigits) return undefined;
  const size = BigInt(`${base}${plain === '' ? '0' : plain}`);
  const value = sign === '-' ? -size : size;
  return value >= -(2n ** 63n) && value < 2n ** 63n ? value : undefined;
}

// pelletier/go-toml v2.2.4 decode.go checkAndRemoveUnderscoresIntegers
function withoutUnderscores(text: string, start: number): string {
  const sign = /^[+-]/.test(text) ? 1 : 0;
  if (text.length === sign) return text;
  if (text[sign] === '_') throw new GoTomlProblem('number cannot start with underscore', start + sign);
  if (text.endsWith('_'))
    throw new GoTomlProblem('number cannot end with underscore', start + text.length - 1);
  const double = text.indexOf('__');
  if (double >= 0) {
    throw new GoTomlProblem('number must have at least one digit between underscores', start + double);
  }
  return text.replaceAll('_', '');
}

function decodeFloat(text: string, start: number): number {
  if (/^[+-]nan$/.test(text)) return Number.NaN;
  const cleaned = withoutFloatUnderscores(text, start);
  const fail = (problem: string, at = 0): never => {
    throw new GoTomlProblem(problem, start + at);
  };
  if (cleaned.startsWith('.')) return fail('float cannot start with a dot');
  if (cleaned.endsWith('.')) return fail('float cannot end with a dot');
  checkDots(cleaned, fail);
  if (/^[+-]?0\d/.test(cleaned)) return fail('float integer part cannot have leading zeroes');
  if (/^[+-]?inf$/.test(cleaned)) return cleaned.startsWith('-') ? -Infinity : Infinity;
  if (cleaned === 'nan') return Number.NaN;
  const problem = floatProblem(cleaned);
  return problem === undefined ? Number(cleaned) : fail(`unable to parse float: ${problem}`);
}

function checkDots(cleaned: string, fail: (problem: string, at: number) => never): void {
  let hasDot = false;
  for (let at = cleaned.indexOf('.'); at >= 0; at = cleaned.indexOf('.', at + 1)) {
    if (hasDot) fail('float can have at most one decimal point', at);
    if (!/^\d$/.test(cleaned.charAt(at - 1))) fail('float decimal point must be preceded by a digit', at - 1);
    if (!/^\d$/.test(cleaned.charAt(at + 1))) fail('float decimal point must be followed by a digit', at);
    hasDot = true;
  }
}

// pelletier/go-toml v2.2.4 decode.go checkAndRemoveUnderscoresFloats
function withoutFloatUnderscores(text: string, start: number): string {
  const fail = (problem: string, at: number): never => {
    throw new GoTomlProblem(problem, start + at);
  };
  if (text.startsWith('_')) fail('number cannot start with underscore', 0);
  if (text.endsWith('_')) fail('number cannot end with underscore', text.length - 1);
  if (!text.includes('_')) return text;
  let isAfterDigit = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    const next = text[at + 1] ?? '';
    if (character === '_') {
      if (!isAfterDigit) fail('number must have at least one digit between underscores', at - 1);
      if (/^[eE]$/.test(next)) fail('cannot have underscore before exponent', at + 1);
      isAfterDigit = false;
    } else if (character === '+' || character === '-') {
      isAfterDigit = false;
    } else if (character === 'e' || character === 'E') {
      if (next === '_') fail('cannot have underscore after exponent', at + 1);
    } else if (character === '.') {
      if (next === '_') fail('cannot have underscore after decimal point', at + 1);
      if (text[at - 1] === '_') fail('cannot have underscore before decimal point', at - 1);
    } else {
      isAfterDigit = true;
    }
  }
  return text.replaceAll('_', '');
}

function checkDate(kind: ValueKind, value: ValueText): void {
  const { text, start } = value;
  const reader = new DateReader(value);
  if (kind === 'local-date') {
    reader.date(text, 0);
    return;
  }
  const rest = kind === 'local-time' ? reader.time(0) : reader.dateAndTime();
  if (kind === 'date-time') reader.offset(rest);
  else if (rest < text.length) {
    const what = kind === 'local-time' ? 'time' : 'date time';
    throw new GoTomlProblem(`extra characters at the end of a local ${what}`, start + rest);
  }
}

/** Reads a date or time; offsets count in its text. */
class DateReader {
  readonly #text: string;
  readonly #start: number;
  readonly #takesLeapSeconds: boolean;

  constructor({ text, start, takesLeapSeconds }: ValueText) {
    this.#text = text;
    this.#start = start;
    this.#takesLeapSeconds = takesLeapSeconds;
  }

  #fail(problem: string, at: number): never {
    throw new GoTomlProblem(problem, this.#start + at, { isAtEnd: at >= this.#text.length });
  }

  #digits(start: number, end: number): number {
    for (let at = start; at < end; at += 1) {
      if (!/^\d$/.test(this.#text.charAt(at))) this.#fail('expected digit (0-9)', at);
    }
    return Number(this.#text.slice(start, end));
  }

  date(text: string, at: number): void {
    if (text.length !== 10 || text[4] !== '-' || text[7] !== '-') {
      this.#fail('dates are expected to have the format YYYY-MM-DD', at);
    }
    const year = this.#digits(0, 4);
    const month = this.#digits(5, 7);
    const day = this.#digits(8, 10);
    if (month < 1 || month > 12 || day < 1 || day > daysIn(month, year)) this.#fail('impossible date', at);
  }

  /** Returns where the rest begins. */
  dateAndTime(): number {
    if (this.#text.length < 11) {
      this.#fail('local datetimes are expected to have the format YYYY-MM-DDTHH:MM:SS[.NNNNNNNNN]', 0);
    }
    this.date(this.#text.slice(0, 10), 0);
    if (!/^[Tt ]$/.test(this.#text.charAt(10))) {
      this.#fail('datetime separator is expected to be T or a space', 10);
    }
    return this.time(11);
  }

  time(start: number): number {
    if (this.#text.length - start < 8) {
      this.#fail('times are expected to have the format HH:MM:SS[.NNNNNN]', start);
    }
    if (this.#digits(start, start + 2) > 23) this.#fail('hour cannot be greater 23', start);
    this.#colon(start + 2, 'expecting colon between hours and minutes');
    if (this.#digits(start + 3, start + 5) > 59) this.#fail('minutes cannot be greater 59', start + 3);
    this.#colon(start + 5, 'expecting colon between minutes and seconds');
    this.#seconds(start + 6);
    return this.#fraction(start + 8);
  }

  #colon(at: number, problem: string): void {
    if (this.#text[at] !== ':') this.#fail(problem, at);
  }

  #seconds(at: number): void {
    const second = this.#digits(at, at + 2);
    if (this.#takesLeapSeconds && second > 60) this.#fail('seconds cannot be greater 60', at);
    if (!this.#takesLeapSeconds && second > 59) this.#fail('seconds cannot be greater than 59', at);
  }

  #fraction(start: number): number {
    if (this.#text[start] !== '.') return start;
    const digits = /^\d*/.exec(this.#text.slice(start + 1))?.[0].length ?? 0;
    if (digits > 0) return start + 1 + digits;
    const isEnd = start + 1 >= this.#text.length;
    const problem = isEnd
      ? 'nanoseconds need at least one digit'
      : 'need at least one digit after fraction point';
    return this.#fail(problem, start);
  }

  // pelletier/go-toml v2.2.4 decode.go parseDateTime
  offset(start: number): void {
    const rest = this.#text.slice(start);
    if (/^[Zz]/.test(rest)) {
      if (rest.length > 1) this.#fail('extra bytes at the end of the timezone', start + 1);
      return;
    }
    if (rest.length !== 6) this.#fail('invalid date-time timezone', start);
    if (!/^[+-]/.test(rest)) this.#fail('invalid timezone offset character', start);
    this.#colon(start + 3, 'expected a : separator');
    if (this.#digits(start + 1, start + 3) > 23) this.#fail('invalid timezone offset hours', start);
    if (this.#digits(start + 4, start + 6) > 59) this.#fail('invalid timezone offset minutes', start);
  }
}

import { daysIn } from './v1Dates.ts';
import { exact, floatProblem } from './v1Numbers.ts';
import { GoTomlProblem } from './goTomlError.ts';
import { parseInteger, type ValueKind } from './v2Values.ts';

/**
 * A number or date as the decoder reads it; the parser has refused what does not look like one.
 *
 * @throws GoTomlProblem
 */
// pelletier/go-toml v2.4.3 decode.go
export function decodeValue24(kind: ValueKind, text: string, start: number): string | number | bigint {
  if (kind === 'integer') return exact(decodeInteger(text, start));
  if (kind === 'float') return decodeFloat(text, start);
  new DateReader(text, start).check(kind);
  return text;
}

function decodeInteger(text: string, start: number): bigint {
  const base = /^0[xob]/.test(text) ? text.slice(0, 2) : '';
  const value = parseInteger(text.slice(base.length).replaceAll('_', ''), base);
  if (value !== undefined) return value;
  const name = { '0x': 'hexadecimal', '0o': 'octal', '0b': 'binary' }[base] ?? 'decimal';
  throw new GoTomlProblem(`${name} number is too large to fit in a 64-bit signed integer`, start);
}

function decodeFloat(text: string, start: number): number {
  if (text.endsWith('nan')) return Number.NaN;
  if (text.endsWith('inf')) return text.startsWith('-') ? -Infinity : Infinity;
  const cleaned = text.replaceAll('_', '');
  const problem = floatProblem(cleaned);
  if (problem !== undefined) throw new GoTomlProblem(`unable to parse float: ${problem}`, start);
  return Number(cleaned);
}

/** Reads a date or time; offsets count in its text. */
class DateReader {
  readonly #text: string;
  readonly #start: number;

  constructor(text: string, start: number) {
    this.#text = text;
    this.#start = start;
  }

  check(kind: ValueKind): void {
    if (kind === 'local-date') {
      this.#date(this.#text);
      return;
    }
    const rest = kind === 'local-time' ? this.#time(0) : this.#dateAndTime();
    if (kind === 'date-time') this.#offset(rest);
    else if (rest < this.#text.length) {
      this.#fail(
        `extra characters at the end of a local ${kind === 'local-time' ? 'time' : 'date time'}`,
        rest,
      );
    }
  }

  #fail(problem: string, at: number): never {
    throw new GoTomlProblem(problem, this.#start + at);
  }

  #digits(start: number, end: number): number {
    for (let at = start; at < end; at += 1) {
      if (!/^\d$/.test(this.#text.charAt(at))) this.#fail('expected digit (0-9)', at);
    }
    return Number(this.#text.slice(start, end));
  }

  #date(text: string): void {
    if (text.length !== 10 || text[4] !== '-' || text[7] !== '-') {
      this.#fail('dates are expected to have the format YYYY-MM-DD', 0);
    }
    const year = this.#digits(0, 4);
    const month = this.#digits(5, 7);
    const day = this.#digits(8, 10);
    if (month < 1 || month > 12) this.#fail('impossible date', 5);
    if (day < 1 || day > daysIn(month, year)) this.#fail('impossible date', 8);
  }

  #dateAndTime(): number {
    if (this.#text.length < 11) {
      this.#fail('local datetimes are expected to have the format YYYY-MM-DDTHH:MM[:SS[.NNNNNNNNN]]', 0);
    }
    this.#date(this.#text.slice(0, 10));
    if (!/^[Tt ]$/.test(this.#text.charAt(10))) {
      this.#fail('datetime separator is expected to be T or a space', 10);
    }
    return this.#time(11);
  }

  #time(start: number): number {
    if (this.#text.length - start < 5) {
      this.#fail('times are expected to have the format HH:MM[:SS[.NNNNNN]]', start);
    }
    if (this.#digits(start, start + 2) > 23) this.#fail('hour cannot be greater 23', start);
    if (this.#text[start + 2] !== ':') this.#fail('expecting colon between hours and minutes', start + 2);
    if (this.#digits(start + 3, start + 5) > 59) this.#fail('minutes cannot be greater 59', start + 3);
    return this.#text[start + 5] === ':' ? this.#seconds(start + 5) : start + 5;
  }

  #seconds(start: number): number {
    if (this.#text.length - start < 3) this.#fail('incomplete seconds', start);
    if (this.#digits(start + 1, start + 3) > 59) this.#fail('seconds cannot be greater than 59', start + 1);
    if (this.#text[start + 3] !== '.') return start + 3;
    const digits = /^\d*/.exec(this.#text.slice(start + 4))?.[0].length ?? 0;
    if (digits === 0) this.#fail('need at least one digit after fraction point', start + 3);
    return start + 4 + digits;
  }

  #offset(start: number): void {
    const rest = this.#text.slice(start);
    if (rest === '') this.#fail('date-time is missing timezone', start);
    if (/^[Zz]/.test(rest)) {
      if (rest.length > 1) this.#fail('extra bytes at the end of the timezone', start + 1);
      return;
    }
    if (rest.length !== 6) this.#fail('invalid date-time timezone', start);
    if (!/^[+-]/.test(rest)) this.#fail('invalid timezone offset character', start);
    if (rest[3] !== ':') this.#fail('expected a : separator', start + 3);
    if (this.#digits(start + 1, start + 3) > 23) this.#fail('invalid timezone offset hours', start + 1);
    if (this.#digits(start + 4, start + 6) > 59) this.#fail('invalid timezone offset minutes', start + 4);
  }
}

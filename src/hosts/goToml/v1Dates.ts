import { quote } from '../goText.ts';
import { isDigit, printCharacter } from './v1Tokens.ts';

/** A date, a time or an offset from UTC. */
export interface DateToken {
  readonly kind: 'LocalDate' | 'LocalTime' | 'TimeOffset';
  readonly start: number;
  readonly end: number;
  readonly hasOffset?: boolean;
}

type DatePart = DateToken | { readonly problem: string; readonly start: number };

class WrongDate extends Error {}

/** The tokens of what begins as a date or a time; an error is the last one. */
// pelletier/go-toml v1.9.5 lexer.go lexDateTimeOrTime
export function lexDateTime(text: string, start: number): readonly DatePart[] {
  const parts: DatePart[] = [];
  const reader = new DateReader(text, start, parts);
  try {
    reader.read();
  } catch (error) {
    if (!(error instanceof WrongDate)) throw error;
    parts.push({ problem: error.message, start: reader.start });
  }
  return parts;
}

class DateReader {
  start: number;
  readonly #text: string;
  readonly #parts: DatePart[];
  #at: number;

  constructor(text: string, start: number, parts: DatePart[]) {
    this.#text = text;
    this.#at = start;
    this.start = start;
    this.#parts = parts;
  }

  read(): void {
    if (this.#text[this.#at + 2] === ':') {
      this.#at += 3;
      this.#minutesAndSeconds();
      this.#emit('LocalTime');
      return;
    }
    this.#at += 5;
    this.#digits('invalid month digit in date: ');
    this.#expect('-', 'expected - to separate month of a date, not ');
    this.#digits('invalid day digit in date: ');
    this.#emit('LocalDate');
    if (this.#hasTime()) this.#timeOfDate();
  }

  #peek(): string {
    const code = this.#text.codePointAt(this.#at);
    return code === undefined ? '' : String.fromCodePoint(code);
  }

  #emit(kind: DateToken['kind']): void {
    this.#parts.push({ kind, start: this.start, end: this.#at });
    this.start = this.#at;
  }

  #expect(character: string, problem: string): void {
    const next = this.#peek();
    if (next !== character) throw new WrongDate(`${problem}${printCharacter(next)}`);
    this.#at += 1;
  }

  #digit(problem: string): void {
    const next = this.#peek();
    if (!isDigit(next)) throw new WrongDate(`${problem}${printCharacter(next)}`);
    this.#at += 1;
  }

  /** Two digits. */
  #digits(problem: string): void {
    this.#digit(problem);
    this.#digit(problem);
  }

  #hasTime(): boolean {
    const next = this.#peek();
    if (next === '') return false;
    if (next !== ' ' && next !== 'T') {
      throw new WrongDate(`incorrect date/time separation character: ${printCharacter(next)}`);
    }
    return next === 'T' || /^\d\d$/.test(this.#text.slice(this.#at + 1, this.#at + 3));
  }

  #timeOfDate(): void {
    this.#at += 1;
    this.start = this.#at;
    this.#digits('invalid hour digit in time: ');
    this.#expect(':', 'time hour/minute separator should be :, not ');
    this.#minutesAndSeconds();
    this.#emit('LocalTime');
    const next = this.#peek();
    if (next === 'Z') {
      this.#at += 1;
      this.#emit('TimeOffset');
    } else if (next === '+' || next === '-') {
      this.#at += 1;
      this.#digits('invalid hour digit in time offset: ');
      this.#expect(':', 'time offset hour/minute separator should be :, not ');
      this.#digits('invalid minute digit in time offset: ');
      this.#emit('TimeOffset');
    }
  }

  #minutesAndSeconds(): void {
    this.#digits('invalid minute digit in time: ');
    this.#expect(':', 'time minute/second separator should be :, not ');
    this.#digits('invalid second digit in time: ');
    if (this.#peek() !== '.') return;
    this.#at += 1;
    this.#digit("expected at least one digit in time's fraction, not ");
    while (isDigit(this.#peek())) this.#at += 1;
  }
}

const oldDate = /^(?:\d{1,4}-\d{2}-\d{2})?(?:[T ]?\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})?)?/;

/** A date or time as version 1.8 finds it; undefined where none begins. */
// pelletier/go-toml v1.8.1 lexer.go init
export function lexOldDate(text: string, start: number): DateToken | undefined {
  const [found = '', , offset] = oldDate.exec(text.slice(start, start + 35)) ?? [];
  if (found === '') return undefined;
  return { kind: 'LocalDate', start, end: start + found.length, hasOffset: offset !== undefined };
}

/** What Go says about a date or time that does not exist; undefined where it does. */
// Go time Parse; pelletier/go-toml v1.9.5 localtime.go
export function dateProblem(written: string, hasOffset: boolean): string | undefined {
  const [, date = '', separator = '', time = '', offset = ''] =
    /^(\d+-\d\d-\d\d)?([T ]?)(\d\d:\d\d:\d\d(?:\.\d+)?)?(.*)$/.exec(written) ?? [];
  const fail = (what: string): string => `parsing time ${quote(written)}: ${what} out of range`;
  if (date !== '' && time !== '' && separator === '')
    return withoutSeparator(written, `${time}${offset}`, fail);
  const [year = '0', month = '1', day = '1'] = date === '' ? [] : date.split('-');
  if (date === '' ? separator !== '' : year.length < 4) return wrongYear(written, hasOffset);
  if (Number(month) < 1 || Number(month) > 12) return fail('month');
  const range = timeRange(time) ?? offsetRange(offset);
  const isDay = Number(day) >= 1 && Number(day) <= daysIn(Number(month), Number(year));
  const wrong = range ?? (isDay ? undefined : 'day');
  if (wrong === undefined) return undefined;
  // A date and a time without offset are tried a second time, with a small t between them.
  if (date === '' || time === '' || hasOffset) return fail(wrong);
  const rest = `${separator}${time}`;
  return `parsing time ${quote(written)} as "2006-01-02t15:04:05.999999999": cannot parse ${quote(rest)} as "t"`;
}

/** Only version 1.8 looks at years of fewer digits, and at none before a T. */
function wrongYear(written: string, hasOffset: boolean): string {
  const local = written.includes('T') ? '2006-01-02t15:04:05.999999999' : '2006-01-02';
  const separator = written.includes('T') ? 'T' : ' ';
  const layout = hasOffset ? `2006-01-02${separator}15:04:05.999999999Z07:00` : local;
  return `parsing time ${quote(written)} as ${quote(layout)}: cannot parse ${quote(written)} as "2006"`;
}

/** Only version 1.8 takes a date with a time right behind it for one; then it finds the time wrong. */
function withoutSeparator(written: string, time: string, fail: (what: string) => string): string {
  const isOffset = !/^[\d:.]*$/.test(time);
  if (!isOffset && Number(written.slice(0, 2)) > 23) return fail('hour');
  const layout = isOffset ? '2006-01-02 15:04:05.999999999Z07:00' : '15:04:05.999999999';
  const [rest, missed] = isOffset ? [time, ' '] : [written.slice(2), ':'];
  return `parsing time ${quote(written)} as ${quote(layout)}: cannot parse ${quote(rest)} as ${quote(missed)}`;
}

function timeRange(time: string): string | undefined {
  const [hour = '0', minute = '0', second = '0'] = time === '' ? [] : time.split(':');
  if (Number(hour) > 23) return 'hour';
  if (Number(minute) > 59) return 'minute';
  return Number(second) >= 60 ? 'second' : undefined;
}

function offsetRange(offset: string): string | undefined {
  const [, hour = '0', minute = '0'] = /^[+-](\d\d):(\d\d)$/.exec(offset) ?? [];
  if (Number(minute) > 60) return 'time zone offset minute';
  return Number(hour) > 24 ? 'time zone offset hour' : undefined;
}

/** A date or time without offset as Go prints it with `%#v`. */
export function printDate(written: string): string {
  const [, year, month, day, time] = /^(?:(\d+)-(\d+)-(\d+)T?)?(.*)$/.exec(written) ?? [];
  const date = `toml.LocalDate{Year:${Number(year)}, Month:${Number(month)}, Day:${Number(day)}}`;
  if (time === undefined || time === '') return date;
  const [hour, minute, seconds = ''] = time.split(':');
  const [second, fraction = ''] = seconds.split('.');
  const nanosecond = Number(fraction.slice(0, 9).padEnd(9, '0'));
  const fields = `Hour:${Number(hour)}, Minute:${Number(minute)}, Second:${Number(second)}, Nanosecond:${nanosecond}`;
  const printed = `toml.LocalTime{${fields}}`;
  return year === undefined ? printed : `toml.LocalDateTime{Date:${date}, Time:${printed}}`;
}

/** The days of a month. */
export function daysIn(month: number, year: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

import { lexDateTime, lexOldDate, type DateToken } from './v1Dates.ts';
import { lexNumber } from './v1Numbers.ts';
import { isStringProblem, readBasicString, readLiteralString } from './v1Strings.ts';
import { isBareCharacter, isDigit, isSpace, printCharacter, type Token, type TokenKind } from './v1Tokens.ts';

/** What is read next: a key or header, a value, or nothing more. */
type State = 'void' | 'value' | 'end';

/** The tokens of a text. The last one is the end of the text or an error. */
// pelletier/go-toml v1.9.5 lexer.go
export function lexToml1(text: string, start: number, hasOldDates: boolean): readonly Token[] {
  const lexer = new Lexer(text, start, hasOldDates);
  return lexer.run();
}

const words: readonly (readonly [string, TokenKind])[] = [
  ['true', 'True'],
  ['false', 'False'],
  ['inf', 'Inf'],
  ['nan', 'NaN'],
];

class Lexer {
  readonly #text: string;
  readonly #hasOldDates: boolean;
  readonly #tokens: Token[] = [];
  readonly #brackets: string[] = [];
  #at: number;
  /** Where the token begins that is being read. */
  #start: number;

  constructor(text: string, start: number, hasOldDates: boolean) {
    this.#text = text;
    this.#at = start;
    this.#start = start;
    this.#hasOldDates = hasOldDates;
  }

  run(): readonly Token[] {
    let state: State = 'void';
    while (state !== 'end') state = state === 'void' ? this.#lexVoid() : this.#lexValue();
    return this.#tokens;
  }

  /** The character that comes next; empty at the end of the text. */
  #peek(): string {
    const code = this.#text.codePointAt(this.#at);
    return code === undefined ? '' : String.fromCodePoint(code);
  }

  #skip(length: number): void {
    this.#at += length;
    this.#start = this.#at;
  }

  #emit(kind: TokenKind, text: string = this.#text.slice(this.#start, this.#at)): void {
    this.#tokens.push({ kind, text, start: this.#start, end: this.#at });
    this.#start = this.#at;
  }

  #fail(problem: string): State {
    this.#tokens.push({ kind: 'Error', text: problem, start: this.#start, end: this.#at });
    return 'end';
  }

  #end(): State {
    this.#emit('EOF', '');
    return 'end';
  }

  #punctuation(kind: TokenKind, next: State): State {
    this.#at += 1;
    this.#emit(kind);
    return next;
  }

  #lexVoid(): State {
    for (;;) {
      const next = this.#peek();
      if (next === '') return this.#end();
      if (next === '}') return this.#closeBracket('}', '{');
      if (next === '[') return this.#lexHeader();
      if (next === '#') this.#skipComment();
      else if (next === '=') return this.#punctuation('=', 'value');
      else if (next === '\r' || next === '\n' || isSpace(next)) this.#skip(1);
      else return this.#lexKey();
    }
  }

  #lexValue(): State {
    for (;;) {
      const next = this.#peek();
      if (next === '') return this.#end();
      if (next === '#') this.#skipComment();
      else if (isSpace(next)) this.#skip(1);
      else if (next === '\r' || next === '\n') {
        this.#skip(1);
        if (this.#brackets.at(-1) !== '[') return 'void';
      } else return this.#lexPunctuation(next) ?? this.#lexScalar(next);
    }
  }

  #lexPunctuation(next: string): State | undefined {
    switch (next) {
      case '.':
        return this.#fail('cannot start float with a dot');
      case '=':
        return this.#punctuation('=', 'value');
      case '[':
      case '{':
        this.#brackets.push(next);
        return this.#punctuation(next, next === '{' ? 'void' : 'value');
      case ']':
        return this.#closeBracket(']', '[');
      case '}':
        return this.#closeBracket('}', '{');
      case ',':
        return this.#punctuation(',', this.#brackets.at(-1) === '{' ? 'void' : 'value');
      default:
        return undefined;
    }
  }

  #closeBracket(bracket: ']' | '}', opening: string): State {
    this.#punctuation(bracket, 'value');
    if (this.#brackets.at(-1) !== opening) return this.#fail(`cannot have '${bracket}' here`);
    this.#brackets.pop();
    return 'value';
  }

  #lexScalar(next: string): State {
    if (next === '"' || next === "'") return this.#lexString(next);
    const word = words.find(([written]) => this.#text.startsWith(written, this.#at));
    if (word) {
      this.#at += word[0].length;
      this.#emit(word[1]);
      return 'value';
    }
    if (this.#hasOldDates) {
      const date = lexOldDate(this.#text, this.#at);
      if (date) return this.#emitDate(date);
    }
    if (next === '+' || next === '-') return this.#lexNumber();
    if (!isDigit(next)) return this.#fail(`no value can start with ${printCharacter(next)}`);
    if (!this.#hasOldDates && /^(?:\d\d:|\d{4}-)/.test(this.#text.slice(this.#at, this.#at + 5))) {
      for (const token of lexDateTime(this.#text, this.#at)) {
        if ('problem' in token) {
          this.#start = token.start;
          return this.#fail(token.problem);
        }
        this.#emitDate(token);
      }
      return 'value';
    }
    return this.#lexNumber();
  }

  #emitDate({ kind, start, end, hasOffset = false }: DateToken): State {
    const text = this.#text.slice(start, end);
    this.#tokens.push({ kind, text, start, end, hasOffset });
    this.#at = end;
    this.#start = end;
    return 'value';
  }

  #lexNumber(): State {
    const read = lexNumber(this.#text, this.#at);
    if ('problem' in read) return this.#fail(read.problem);
    this.#at = read.end;
    this.#emit(read.kind);
    return 'value';
  }

  #lexString(quote: string): State {
    const isLong = this.#text.startsWith(quote.repeat(3), this.#at);
    const terminator = isLong ? quote.repeat(3) : quote;
    const opening = this.#at;
    this.#skip(terminator.length);
    if (isLong) {
      if (this.#text.startsWith('\r\n', this.#at)) this.#skip(2);
      else if (this.#peek() === '\n') this.#skip(1);
    }
    const read =
      quote === '"'
        ? readBasicString(this.#text, this.#at, terminator, isLong)
        : readLiteralString(this.#text, this.#at, terminator);
    if (isStringProblem(read)) return this.#fail(read.problem);
    const end = read.end + terminator.length;
    this.#tokens.push({ kind: 'String', text: read.value, start: this.#start, end, places: [opening] });
    this.#at = end;
    this.#start = end;
    return 'value';
  }

  #skipComment(): void {
    const rest = /[^\n]*/y;
    rest.lastIndex = this.#at;
    const line = rest.exec(this.#text)?.[0] ?? '';
    const isWindows = line.endsWith('\r') && this.#text[this.#at + line.length] === '\n';
    this.#skip(isWindows ? line.length - 1 : line.length);
  }

  /** `[` or `[[`, the key as it is written and `]` or `]]`: quotes do not count here. */
  #lexHeader(): State {
    const isArray = this.#text.startsWith('[[', this.#at);
    this.#at += isArray ? 2 : 1;
    this.#emit(isArray ? '[[' : '[');
    const what = isArray ? 'table array key' : 'table key';
    const brackets = /[[\]]/g;
    for (;;) {
      brackets.lastIndex = this.#at;
      const found = brackets.exec(this.#text);
      if (!found) return this.#fail(`unclosed ${what}`);
      this.#at = found.index;
      if (found[0] === '[') return this.#fail(`${what} cannot contain ']'`);
      if (this.#at > this.#start) this.#emit(isArray ? 'KeyGroupArray' : 'KeyGroup');
      this.#at += 1;
      if (isArray && this.#text[this.#at] !== ']') continue;
      if (isArray) this.#at += 1;
      this.#emit(isArray ? ']]' : ']');
      return 'void';
    }
  }

  #lexKey(): State {
    const key = new KeyText();
    for (let next = this.#peek(); next !== '' && next !== '='; next = this.#peek()) {
      if (next === '"' || next === "'") {
        const problem = this.#quotedKey(key, next);
        if (problem !== undefined) return this.#fail(problem);
      } else if (next === '\n') {
        return this.#fail('keys cannot contain new lines');
      } else if (isSpace(next)) {
        if (!this.#spacesInKey(key)) break;
      } else if (next === '.' || isBareCharacter(next)) {
        key.add(next, this.#at);
        this.#at += 1;
      } else {
        return this.#fail(`keys cannot contain ${printCharacter(next)} character`);
      }
    }
    const { text, places } = key;
    this.#tokens.push({ kind: 'Key', text, start: this.#start, end: this.#at, places });
    this.#start = this.#at;
    return 'void';
  }

  #quotedKey(key: KeyText, quote: string): string | undefined {
    key.add(quote, this.#at);
    this.#at += 1;
    const read =
      quote === '"'
        ? readBasicString(this.#text, this.#at, quote, true)
        : readLiteralString(this.#text, this.#at, quote);
    if (isStringProblem(read)) return read.problem;
    key.add(read.value, this.#at);
    key.add(quote, read.end);
    this.#at = read.end + 1;
    return undefined;
  }

  /** Spaces in a key; false where no dot follows them, so that they end it. */
  #spacesInKey(key: KeyText): boolean {
    const spaces = /[ \t]+(\.[ \t]*)?/y;
    spaces.lastIndex = this.#at;
    const [all = '', dot] = spaces.exec(this.#text) ?? [];
    if (dot !== undefined) key.add(` ${all.slice(1)}`, this.#at);
    this.#at += all.length;
    return dot !== undefined;
  }
}

/** A key without its escapes, and where its characters stand. */
class KeyText {
  text = '';
  readonly places: number[] = [];

  add(text: string, place: number): void {
    this.text += text;
    for (let index = 0; index < text.length; index += 1) this.places.push(place);
  }
}

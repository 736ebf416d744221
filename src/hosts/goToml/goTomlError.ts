/** Why a version of go-toml refuses a text, in its words. */
export interface GoTomlError {
  /** As the library returns it. */
  readonly message: string;
  /** Where the text is wrong: an offset into it. */
  readonly offset: number;
  /** What is said to be wrong stands twice, and is none of the mistakes of writing. */
  readonly isDoubled: boolean;
  /** The place that the library tells besides its words. Only version 2 does, and not for all errors. */
  readonly position?: GoPosition | undefined;
  /** The library panics, which ends containerd. */
  readonly isPanic?: boolean;
}

/** A place in a text, counted in bytes from 1. */
export interface GoPosition {
  readonly row: number;
  readonly column: number;
}

/** What goes wrong while a text is read, before the words are those of a version. */
export class GoTomlProblem extends Error {
  readonly offset: number;
  readonly isDoubled: boolean;
  /** The part of the text that the library points at is empty: the text ends there. */
  readonly isAtEnd: boolean;
  constructor(message: string, offset: number, { isDoubled = false, isAtEnd = false } = {}) {
    super(message);
    this.offset = offset;
    this.isDoubled = isDoubled;
    this.isAtEnd = isAtEnd;
  }
}

/** Makes the library panic: containerd ends with these words. */
export class GoTomlPanic extends Error {
  readonly offset: number;
  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

/** An error without a place. */
export class Placeless extends Error {
  readonly offset: number;
  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

import type { Location, SourceProblem } from './location.ts';

/** A change of one stretch of text. */
export interface TextEdit {
  readonly location: Location;
  readonly replacement: string;
}

/** What to do about something that is wrong: always in words, and as an edit where one stretch of text is the whole fix. */
export interface Fix {
  readonly message: string;
  readonly edit?: TextEdit;
}

/** Something that is wrong with a source text, and what to do about it where that is known. */
export interface FixableProblem extends SourceProblem {
  readonly fix?: Fix;
}

/** Another place that belongs to a problem, and what it has to do with it. */
export interface Related {
  readonly message: string;
  readonly location: Location;
}

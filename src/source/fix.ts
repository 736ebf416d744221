import type { Location } from './location.ts';

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

/** Another place that belongs to a problem, and what it has to do with it. */
export interface Related {
  readonly message: string;
  readonly location: Location;
}

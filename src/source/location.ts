/** A place in a text file. Lines and columns count from 1; columns count UTF-16 code units, as editors do. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A stretch of a file, from the first character to just behind the last one. */
export interface Location {
  /** Path relative to the repository root, with forward slashes. */
  readonly file: string;
  readonly start: Position;
  readonly end: Position;
}

/** A value together with the place where the user wrote it. */
export interface Located<T> {
  readonly value: T;
  readonly location: Location;
}

/** Something that is wrong with a source text: found while reading it, so that every reader reports alike. */
export interface SourceProblem {
  readonly message: string;
  readonly location: Location;
}

/** The first character of a file: where a problem of the whole file is reported. */
export function startOfFile(file: string): Location {
  const start = { line: 1, column: 1 };
  return { file, start, end: start };
}

/** A place as people write it: `registries.yaml:4:9`. */
export function formatPlace({ file, start }: Location): string {
  return `${file}:${start.line}:${start.column}`;
}

/** Orders locations by file, then by where they start. */
export function compareLocations(a: Location, b: Location): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return a.start.line - b.start.line || a.start.column - b.start.column;
}

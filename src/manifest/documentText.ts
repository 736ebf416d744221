/** The text of one document of a YAML file. */
export interface DocumentText {
  /** From the `---` line on, if there is one. */
  readonly text: string;
  /** Offset of `text` in the file. */
  readonly start: number;
  /** Line of the file that `text` begins on, from 1. */
  readonly firstLine: number;
}

/** Cuts a text at its `---` lines, which begin a document wherever they stand. */
export function splitDocuments(source: string): readonly DocumentText[] {
  const parts: DocumentText[] = [];
  let start = 0;
  let firstLine = 1;
  for (const end of [...documentStarts(source), source.length]) {
    if (end === start) continue;
    const text = source.slice(start, end);
    parts.push({ text, start, firstLine });
    start = end;
    firstLine += countLines(text);
  }
  return parts;
}

/**
 * Empties the documents whose kind `isForeign`, and keeps the place of every line. Most of what a repository holds in bytes
 * are the schemas of custom resources, which nobody needs to have parsed.
 */
export function blankDocuments(source: string, isForeign: (kind: string, text: string) => boolean): string {
  const parts = splitDocuments(source);
  const kept = parts.map(({ text }) => {
    const kind = plainKind(text);
    return kind !== undefined && isForeign(kind, text) ? blank(text) : text;
  });
  return kept.join('');
}

function* documentStarts(source: string): Generator<number> {
  if (isMarker(source, 0)) yield 0;
  for (let at = source.indexOf('\n---'); at >= 0; at = source.indexOf('\n---', at + 1)) {
    if (isMarker(source, at + 1)) yield at + 1;
  }
}

function isMarker(source: string, at: number): boolean {
  // At the end of the text there is no character, and the empty text is in every other.
  return source.startsWith('---', at) && ' \t\r\n'.includes(source.charAt(at + 3));
}

function countLines(text: string): number {
  let lines = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines += 1;
  return lines;
}

/** A document with nothing in it, which still counts as one. */
function blank(text: string): string {
  return `---${'\n'.repeat(countLines(text))}`;
}

/**
 * The kind of a document whose outermost keys are all plain words at the beginning of a line, as nearly everybody writes them.
 * Undefined where a key is quoted, where the text begins with a brace, and whenever else only a parser can tell.
 */
function plainKind(text: string): string | undefined {
  let kind: string | undefined;
  for (const line of outerLines(text)) {
    if (!/^[A-Za-z][\w./-]*:(?:\s|$)/.test(line)) return undefined;
    if (!line.startsWith('kind:')) continue;
    const value = /^kind:[ \t]+([A-Za-z][A-Za-z0-9]*)[ \t]*(?:[ \t]#.*)?\r?$/.exec(line)?.[1];
    if (value === undefined || kind !== undefined) return undefined;
    kind = value;
  }
  return kind;
}

/** The lines that are not indented, no comments, and neither begin a document nor a list item. */
function* outerLines(text: string): Generator<string> {
  for (let start = 0; start < text.length;) {
    const lineBreak = text.indexOf('\n', start);
    const end = lineBreak < 0 ? text.length : lineBreak;
    if (start < end && !' \t\r#-'.includes(text.charAt(start))) yield text.slice(start, end);
    start = end + 1;
  }
}

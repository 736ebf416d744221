/** A text as one word of a POSIX shell, whatever is in it. It must hold no NUL, which no word can. */
export function shellWord(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

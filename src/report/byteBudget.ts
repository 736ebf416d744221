/** The first rows that together have no more than `bytes`, with their line breaks. */
export function rowsThatFit(rows: readonly string[], bytes: number): readonly string[] {
  let left = bytes;
  const end = rows.findIndex((row) => {
    left -= byteLength(row) + 1;
    return left < 0;
  });
  return end === -1 ? rows : rows.slice(0, end);
}

/** Bytes of a text in UTF-8. */
export function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}

import type { ScalarNode } from '../source/tree.ts';

/**
 * Finds the character of a file that a character of a string comes from, by offsets. Undefined where the string is written in a
 * way that does not keep its lines: folded, or in quotes over several lines.
 */
export function contentOffsets(source: string, scalar: ScalarNode): ((offset: number) => number) | undefined {
  const written = source.slice(scalar.start, scalar.end);
  const first = written.charAt(0);
  if (first === '|') return literalOffsets(written, scalar);
  if (written.includes('\n') || first === '>') return undefined;
  if (first === '"') return quotedOffsets(scalar, [...doubleQuoted(written)]);
  if (first === "'") return quotedOffsets(scalar, [...singleQuoted(written)]);
  return written === scalar.text ? (offset) => scalar.start + offset : undefined;
}

/** Each line of a literal block is a line of the string with the indentation of the block in front. */
function literalOffsets(
  written: string,
  { text, start }: ScalarNode,
): ((offset: number) => number) | undefined {
  const [header = '', ...lines] = written.split('\n');
  const content = text.split('\n');
  const sample = content.findIndex((line) => line !== '');
  const indentation = (lines[sample] ?? '').length - (content[sample] ?? '').length;
  const isKept = content.every(
    (line, index) => line === '' || lines[index] === ' '.repeat(indentation) + line,
  );
  if (sample < 0 || indentation < 0 || !isKept) return undefined;
  const lineStarts: { readonly content: number; readonly file: number }[] = [];
  let inContent = 0;
  let inFile = start + header.length + 1;
  for (const [index, line] of content.entries()) {
    lineStarts.push({ content: inContent, file: inFile + (line === '' ? 0 : indentation) });
    inContent += line.length + 1;
    inFile += (lines[index] ?? '').length + 1;
  }
  return (offset) => {
    const line = lineStarts.findLast(({ content: from }) => from <= offset);
    return line ? line.file + offset - line.content : start;
  };
}

function quotedOffsets(
  { text, start }: ScalarNode,
  offsets: readonly number[],
): ((offset: number) => number) | undefined {
  if (offsets.length !== text.length) return undefined;
  const last = offsets.at(-1) ?? 0;
  return (offset) => start + (offsets[offset] ?? last + 1);
}

/** The offset of each character of the string in `'it''s'`. */
function* singleQuoted(written: string): Generator<number> {
  for (let at = 1; at < written.length - 1; at += written.startsWith("''", at) ? 2 : 1) yield at;
}

/** Characters behind the backslash of an escape. */
const escapeLengths: Readonly<Record<string, number>> = { x: 3, u: 5, U: 9 };

/** The offset of each character of the string in `"a\nb"`. */
function* doubleQuoted(written: string): Generator<number> {
  for (let at = 1; at < written.length - 1;) {
    const length = written.charAt(at) === '\\' ? 1 + (escapeLengths[written.charAt(at + 1)] ?? 1) : 1;
    yield at;
    at += length;
  }
}

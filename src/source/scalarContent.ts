import type { Stretch } from './lineIndex.ts';
import type { ScalarNode } from './tree.ts';

/** Where the characters of a value stand, without the quotes around them. */
export function withinQuotes(source: string, { start, end }: ScalarNode): Stretch {
  const first = source.charAt(start);
  // A plain value begins with neither.
  return first === '"' || first === "'" ? { start: start + 1, end: end - 1 } : { start, end };
}

/** The same for values of every kind: a block begins below its `|` or `>`, behind the indentation. */
export function contentStretch(source: string, scalar: ScalarNode): Stretch {
  const { start, end } = scalar;
  const first = source.charAt(start);
  if (first !== '|' && first !== '>') return withinQuotes(source, scalar);
  const written = source.slice(start, end);
  const header = written.indexOf('\n') + 1;
  const content = written.slice(header);
  const indentation = content.length - content.trimStart().length;
  return { start: start + header + indentation, end: start + written.trimEnd().length };
}

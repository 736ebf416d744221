import type { Location } from '../source/location.ts';
import type { ScalarNode } from '../source/tree.ts';
import type { KubernetesObject } from './manifest.ts';

/** Where the characters of a value stand: within its quotes, and below the `|` or `>` of a block. */
export function locateScalar({ document, source }: KubernetesObject, scalar: ScalarNode): Location {
  const first = source.charAt(scalar.start);
  // A plain value begins with none of these.
  if (first === '"' || first === "'")
    return document.locate({ start: scalar.start + 1, end: scalar.end - 1 });
  if (first === '|' || first === '>') return document.locate(blockContent(source, scalar));
  return document.locate(scalar);
}

function blockContent(source: string, { start, end }: ScalarNode): { start: number; end: number } {
  const written = source.slice(start, end);
  const header = written.indexOf('\n') + 1;
  const content = written.slice(header);
  const indentation = content.length - content.trimStart().length;
  return { start: start + header + indentation, end: start + written.trimEnd().length };
}

import type { Location } from '../source/location.ts';
import { contentStretch } from '../source/scalarContent.ts';
import type { ScalarNode } from '../source/tree.ts';
import type { KubernetesObject } from './manifest.ts';

/** Where the characters of a value stand: within its quotes, and below the `|` or `>` of a block. */
export function locateScalar({ document, source }: KubernetesObject, scalar: ScalarNode): Location {
  return document.locate(contentStretch(source, scalar));
}

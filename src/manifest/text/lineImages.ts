import type { ScalarNode } from '../../source/tree.ts';
import type { ImageUse } from '../imageUse.ts';
import { findInProse, findNamedImages, type NamedText, type TextPlace } from './textFinder.ts';

/** `key = "value"`, `key: value`, `export KEY=value`; groups: all in front of the value, the key, the quote, the value. */
const assignment =
  /^([ \t]*(?:export[ \t]+|-[ \t]+)?["']?([A-Za-z][\w.-]{0,100})["']?[ \t]*(?:=|:[ \t])[ \t]*(["']?))([^"'\s#,]+)\3[ \t]*(?:,[ \t]*)?(?:#.*)?$/;

/** Longer lines are data. */
const maxLineLength = 2000;

const comment = /^[ \t]*(?:#|\/\/|;|--)/;

/** The images in a text that is read line by line, as TOML, properties and scripts: values by their keys, all else as prose. */
export function findLineImages(node: ScalarNode, field: string, place: TextPlace): readonly ImageUse[] {
  const named: NamedText[] = [];
  const prose: NamedText[] = [];
  let start = 0;
  for (const line of node.text.split('\n')) {
    const end = start + line.length;
    if (line.length <= maxLineLength && !comment.test(line)) {
      const [, lead, name, , value] = assignment.exec(line.trimEnd()) ?? [];
      if (lead !== undefined && name !== undefined && value !== undefined) {
        const at = start + lead.length;
        named.push({ name, node, field, start: at, end: at + value.length });
      } else prose.push({ name: '', node, field, start, end });
    }
    start = end + 1;
  }
  return [...findNamedImages(named, place), ...prose.flatMap((line) => findInProse(line, place))];
}

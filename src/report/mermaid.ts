import type { FailingPath } from './failingPaths.ts';
import { mermaidLabel } from './markdownText.ts';

/** A flowchart, and how many of the paths have no room in it. */
export interface Flowchart {
  readonly text: string;
  readonly leftOut: number;
}

// mermaid's maxTextSize, which GitHub leaves at its default
const maxCharacters = 50_000;
/** More attempts than any sensible configuration makes; the rest are summed up. */
const maxAttempts = 8;

/** Draws one chain for each path: the images, the nodes, each attempt, the end. */
export function drawFailingPaths(paths: readonly FailingPath[], maxPaths = 12): Flowchart {
  const lines = ['flowchart LR'];
  let size = lines.join('\n').length;
  let drawn = 0;
  for (const path of paths.slice(0, maxPaths)) {
    const line = drawPath(path, drawn);
    if (size + line.length + 1 > maxCharacters) break;
    lines.push(line);
    size += line.length + 1;
    drawn++;
  }
  return { text: lines.join('\n'), leftOut: paths.length - drawn };
}

function drawPath({ images, group, cell }: FailingPath, index: number): string {
  const [first = '', ...others] = images;
  const attempts = cell.attempts.slice(0, maxAttempts);
  const more = cell.attempts.length - attempts.length;
  const steps = [
    others.length === 0 ? first : `${first} and ${others.length} more`,
    `on ${group.name}`,
    ...attempts.map((url, attempt) => `${attempt + 1}. ${url}`),
    ...(more > 0 ? [`${more} more attempts`] : []),
    cell.note ?? 'the pull fails',
  ];
  return `  ${steps.map((step, position) => `p${index}s${position}[${mermaidLabel(step)}]`).join(' --> ')}`;
}

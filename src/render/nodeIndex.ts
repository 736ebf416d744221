import type { RefusedNodes } from './renderNodes.ts';
import { safeSegment } from './safePath.ts';
import type { ConfiguredNode } from './target.ts';

/** A folder of the rendered tree and the nodes that it is for. */
export interface NodeFolder {
  /** `nodes/<name of the first node>`. */
  readonly folder: string;
  readonly tree: ReadonlyMap<string, string>;
  readonly nodes: readonly ConfiguredNode[];
}

/** What becomes of the nodes. */
export interface NodeFolders {
  readonly folders: readonly NodeFolder[];
  /** Nodes for which there is nothing to do. */
  readonly unchanged: readonly ConfiguredNode[];
  readonly refused: readonly RefusedNodes[];
}

/** `index.json` and `index.md`, which say which folder is for which nodes. Neither where nothing is rendered. */
export function renderIndex(nodes: NodeFolders): readonly [path: string, text: string][] {
  if (nodes.folders.length === 0) return [];
  return [
    ['index.json', renderJson(nodes)],
    ['index.md', renderMarkdown(nodes)],
  ];
}

function renderJson({ folders, unchanged, refused }: NodeFolders): string {
  const index = {
    schemaVersion: 1,
    folders: folders.map(({ folder, nodes }) => ({ folder, nodes: namesOf(nodes) })),
    unchanged: namesOf(unchanged),
    refused: refused.map(({ nodes, problem }) => ({ reason: problem.message, nodes: namesOf(nodes) })),
  };
  return `${JSON.stringify(index, null, 2)}\n`;
}

function renderMarkdown({ folders, unchanged, refused }: NodeFolders): string {
  const left = refused.flatMap(({ nodes }) => nodes);
  return [
    '# Files for the nodes',
    '',
    'Copy a folder to each of its nodes and run `sh apply.sh` in it, as root. What the script will do stands at its top. It may',
    'be run again at any time: where nothing is to be changed, it changes nothing.',
    '',
    '| folder | nodes |',
    '| --- | --- |',
    ...folders.map(({ folder, nodes }) => `| \`${folder}\` | ${listNodes(nodes)} |`),
    ...(unchanged.length > 0 ? ['', `Nothing to do: ${listNodes(unchanged)}`] : []),
    ...(left.length > 0 ? ['', `Nothing could be rendered, see \`index.json\`: ${listNodes(left)}`] : []),
    '',
  ].join('\n');
}

/** More names than these are in `index.json` only. */
const maxNames = 20;

function listNodes(nodes: readonly ConfiguredNode[]): string {
  // A name may be any text, so it is shown as its path segment.
  const names = nodes.slice(0, maxNames).map(({ node }) => `\`${safeSegment(node.name)}\``);
  const more = nodes.length - names.length;
  return names.join(', ') + (more > 0 ? ` and ${more} more` : '');
}

function namesOf(nodes: readonly ConfiguredNode[]): readonly string[] {
  return nodes.map(({ node }) => node.name);
}

import { groupBy } from '../source/groupBy.ts';
import { renderApplyScript } from './applyScript.ts';
import { targets } from './index.ts';
import { renderIndex, type NodeFolder } from './nodeIndex.ts';
import { safePath, safeSegment } from './safePath.ts';
import type { ConfiguredNode, NodeFile, NodeRendering, RenderProblem } from './target.ts';

/** The files for the nodes, and for which nodes there are none. */
export interface RenderedNodes {
  /** By path in the rendered tree, sorted. */
  readonly files: ReadonlyMap<string, string>;
  readonly refused: readonly RefusedNodes[];
}

/** Nodes for which nothing can be rendered, and why. */
export interface RefusedNodes {
  readonly nodes: readonly ConfiguredNode[];
  readonly problem: RenderProblem;
}

/**
 * The rendered tree: `nodes/<name>/<path on the node>`, with `apply.sh` beside it, and an index. Nodes with the same files share
 * the folder of the first of them. Nothing that a repository names can leave the tree: each name becomes one harmless path
 * segment.
 */
export function renderNodes(nodes: readonly ConfiguredNode[]): RenderedNodes {
  const keys = new SettingsKeys();
  const folders = new Folders();
  const unchanged: ConfiguredNode[] = [];
  const refused: RefusedNodes[] = [];
  for (const alike of groupBy(nodes, (node) => keys.of(node)).values()) {
    const [first] = alike;
    if (isNothingToDo(first)) {
      unchanged.push(...alike);
      continue;
    }
    const { files, problem } = renderNode(first);
    if (problem) refused.push({ nodes: alike, problem });
    else folders.add(treeOf(first, files), alike);
  }
  const named = folders.named();
  const files = named.flatMap(({ folder, tree }) =>
    [...tree].map(([path, text]): [string, string] => [`${folder}/${path}`, text]),
  );
  files.push(...renderIndex({ folders: named, unchanged, refused }));
  return { files: new Map(files.sort(([a], [b]) => (a < b ? -1 : 1))), refused };
}

/** True where registries.yaml asks for nothing on a node, or for nothing that its own files do not say already. */
export function isNothingToDo({ node, isUnchanged, sandboxImage }: ConfiguredNode): boolean {
  const isSilent = node.mirrors.size === 0 && node.configs.size === 0 && node.configPath === undefined;
  return !sandboxImage && (isUnchanged === true || isSilent);
}

/** The files for one node. With a problem, none of them is of any use. */
export function renderNode(configured: ConfiguredNode): NodeRendering {
  const { node, configuration } = configured;
  if (!configuration.profile.emulated) {
    const message = 'the files of its runtime are not rendered here';
    return { files: [], problem: { message, location: node.location, isKnown: true } };
  }
  const renderings = targets.map((target) => target.render(configured));
  const files = renderings.flatMap((rendering) => rendering.files);
  const problem = renderings.find((rendering) => rendering.problem)?.problem ?? findClash(configured, files);
  return { files, ...(problem && { problem }) };
}

/** Two files in one place, or one in the place of another's folder: made by a `configPath` that leads into the wrong place. */
function findClash({ node }: ConfiguredNode, files: readonly NodeFile[]): RenderProblem | undefined {
  const paths = new Set(files.map(({ path }) => path));
  const isClash = ({ path }: NodeFile): boolean =>
    path.split('/').some((_, index, segments) => index > 0 && paths.has(segments.slice(0, index).join('/')));
  const hasNul = files.some(({ path }) => path.includes('\0'));
  if (paths.size === files.length && !hasNul && !files.some(isClash)) return undefined;
  const location = node.configPath?.location ?? node.location;
  return {
    message: `nothing is rendered for nodes with the config path \`${node.configPath?.value ?? ''}\`: its files would lie in the place of others`,
    location,
  };
}

/** The files by their path in the folder of the node, and the script that puts them in their places. */
function treeOf(configured: ConfiguredNode, files: readonly NodeFile[]): ReadonlyMap<string, string> {
  const stored = files.map((file) => ({ ...file, stored: storedPath(file.path) }));
  const sorted = stored.sort((a, b) => (a.stored < b.stored ? -1 : 1));
  const script = renderApplyScript(configured, sorted);
  return new Map([[scriptName, script], ...sorted.map((file): [string, string] => [file.stored, file.text])]);
}

const scriptName = 'apply.sh';

/** Where a file is in the folder of its node. No file of a node takes the place of the script. */
function storedPath(path: string): string {
  const stored = safePath(path);
  return stored.split('/', 1)[0]?.toLowerCase() === scriptName ? `%${stored}` : stored;
}

/** Texts that are equal for nodes for which the same is rendered. Nodes mostly share their maps, so each gets a number. */
class SettingsKeys {
  readonly #numbers = new Map<object | undefined, number>();

  of({ node, own, isUnchanged, sandboxImage }: ConfiguredNode): string {
    const { runtime, configPath, containerdConfig, mirrors, configs } = node;
    const settings = [mirrors, configs, own].map((shared) => this.#numberOf(shared));
    const texts = [
      runtime.kind,
      runtime.version,
      configPath?.value,
      containerdConfig?.value,
      sandboxImage?.value,
    ];
    return JSON.stringify([...settings, isUnchanged, ...texts]);
  }

  #numberOf(shared: object | undefined): number {
    const number = this.#numbers.get(shared) ?? this.#numbers.size;
    this.#numbers.set(shared, number);
    return number;
  }
}

/** The distinct trees and the nodes that have them. */
class Folders {
  readonly #texts = new Map<string, { readonly text: string; readonly number: number }>();
  readonly #byContent = new Map<string, { tree: ReadonlyMap<string, string>; nodes: ConfiguredNode[] }>();

  add(tree: ReadonlyMap<string, string>, nodes: readonly ConfiguredNode[]): void {
    const shared = new Map([...tree].map(([path, text]) => [path, this.#share(text)]));
    const content = JSON.stringify([...shared].map(([path, { number }]) => [path, number]));
    const known = this.#byContent.get(content);
    if (known) known.nodes.push(...nodes);
    else {
      const texts = new Map([...shared].map(([path, { text }]) => [path, text]));
      this.#byContent.set(content, { tree: texts, nodes: [...nodes] });
    }
  }

  /** One text for all that are equal: most files of most nodes are. */
  #share(text: string): { readonly text: string; readonly number: number } {
    const known = this.#texts.get(text) ?? { text, number: this.#texts.size };
    this.#texts.set(text, known);
    return known;
  }

  /** The trees under the name of their first node, each under one of its own, also where case does not count. */
  named(): readonly NodeFolder[] {
    const taken = new Set<string>();
    return [...this.#byContent.values()].map(({ tree, nodes }) => {
      const name = safeSegment(nodes[0]?.node.name ?? '');
      let folder = name;
      for (let number = 2; taken.has(folder.toLowerCase()); number++)
        folder = `${name.slice(0, 240)}%${number}`;
      taken.add(folder.toLowerCase());
      return { folder: `nodes/${folder}`, tree, nodes };
    });
  }
}

import { lstatSync, statSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { UserError } from '../errors.ts';
import type { NodeFiles } from '../files/nodeFiles.ts';
import type { Inventory, NodeSource } from '../import/importNodes.ts';
import { readKindConfig } from '../import/kindConfig.ts';
import type { Mounted } from '../import/mountedFiles.ts';
import { readHostname } from '../nodeRoot/nodeRoot.ts';
import { openNode, readRuntime } from './nodeOptions.ts';

/** What the command line names. */
export interface ImportLine {
  readonly folders: readonly string[];
  /** `NAME=DIR` each. */
  readonly nodes: readonly string[];
  readonly kind?: string | undefined;
  readonly inventory?: string | undefined;
  /** `RUNTIME` or `NAME=RUNTIME` each. */
  readonly runtimes: readonly string[];
  /** Where the registries.yaml will be. */
  readonly out?: string | undefined;
}

/**
 * Opens the nodes that a command line names.
 *
 * @throws {@link UserError} where one cannot be read, or where two have the same name.
 */
export function readImportSources(line: ImportLine): {
  readonly sources: readonly NodeSource[];
  readonly inventory?: Inventory;
} {
  const runtimeOf = readRuntimes(line.runtimes);
  const withRuntime = (source: NodeSource): NodeSource => ({ ...source, runtime: runtimeOf(source.name) });
  const sources = [
    ...line.nodes.map(openNamedNode),
    ...line.folders.flatMap(openFolderOfNodes),
    ...(line.kind === undefined ? [] : openKindNodes(line.kind)),
  ].map(withRuntime);
  if (sources.length === 0)
    throw new UserError('import wants the files of a node', 'see `mirrorproof import --help`');
  refuseSameNames(sources);
  if (line.inventory === undefined) return { sources };
  return { sources, inventory: readInventoryFile(line.inventory, line.out ?? 'registries.yaml') };
}

function openNamedNode(text: string): NodeSource {
  const equals = text.indexOf('=');
  if (equals <= 0 || equals === text.length - 1) throw new UserError(`--node wants NAME=DIR, not ${text}`);
  const folder = text.slice(equals + 1);
  const files = openNode(folder);
  if (!isNodeRoot(files)) throw noNode(folder);
  return { name: text.slice(0, equals), files: shownBelow(folder, files) };
}

/** The one node, or the nodes, in a folder. */
function openFolderOfNodes(folder: string): readonly NodeSource[] {
  const files = openNode(folder);
  if (isNodeRoot(files)) return [nodeIn(folder, files)];
  const nodes = files.list('/').flatMap((name) => {
    const path = join(folder, name);
    // A link would lead to files that are not below the folder.
    if (!lstatSync(path, { throwIfNoEntry: false })?.isDirectory()) return [];
    const inside = openNode(path);
    return isNodeRoot(inside) ? [nodeIn(path, inside)] : [];
  });
  if (nodes.length === 0) throw noNode(folder);
  return nodes;
}

function noNode(folder: string): UserError {
  return new UserError(
    `there are no files of a node in ${folder}`,
    'a node has etc/containerd, etc/rancher or etc/docker',
  );
}

function nodeIn(folder: string, files: NodeFiles): NodeSource {
  return { name: readHostname(files) ?? basename(resolve(folder)), files: shownBelow(folder, files) };
}

/** Files that are named with the folder in which they are. */
function shownBelow(folder: string, files: NodeFiles): NodeFiles {
  return { ...files, nameOf: (path) => join(folder, files.nameOf(path)) };
}

function isNodeRoot(files: NodeFiles): boolean {
  return ['/etc/containerd', '/etc/rancher', '/etc/docker'].some(
    (path) => files.kindOf(path) === 'directory',
  );
}

function openKindNodes(file: string): readonly NodeSource[] {
  const known = new Map<string, Mounted | undefined>();
  const openMounted = (hostPath: string): Mounted | undefined => {
    const mounted = known.has(hostPath) ? known.get(hostPath) : openMount(hostPath, file);
    known.set(hostPath, mounted);
    return mounted;
  };
  const result = readKindConfig(file, readText(file), openMounted, undefined);
  if (!result.ok) throw new UserError(`${file} cannot be used: ${result.error}`);
  return result.nodes;
}

/** A folder or file that kind mounts, where it is below this folder or that of its configuration. */
// kind resolves relative paths in the folder in which it is started
function openMount(hostPath: string, configuration: string): Mounted | undefined {
  for (const base of [process.cwd(), resolve(dirname(configuration))]) {
    const path = resolve(base, hostPath);
    const inside = relative(base, path);
    if (inside.split(sep)[0] === '..' || isAbsolute(inside)) continue;
    const files = openNode(base);
    const onNode = `/${inside.split(sep).join('/')}`;
    const kind = files.kindOf(onNode);
    const content = kind === 'file' ? files.read(onNode) : undefined;
    if (content) return { kind: 'file', content };
    if (kind === 'directory') return { kind, files: openInside(files, onNode) };
  }
  return undefined;
}

/** A folder of node files as a root of its own, out of which no link leads further than out of the whole. */
function openInside(files: NodeFiles, folder: string): NodeFiles {
  const at = (path: string): string => (path === '/' ? folder : folder + path);
  return {
    isComplete: files.isComplete,
    kindOf: (path) => files.kindOf(at(path)),
    read: (path) => files.read(at(path)),
    list: (path) => files.list(at(path)),
    nameOf: (path) => files.nameOf(at(path)),
  };
}

function readRuntimes(texts: readonly string[]): (name: string) => string | undefined {
  const byName = new Map<string | undefined, string>();
  for (const text of texts) {
    const [, name, runtime = ''] = /^(?:([^=]+)=)?(.*)$/s.exec(text) ?? [];
    readRuntime(runtime, text);
    byName.set(name, runtime);
  }
  return (name) => byName.get(name) ?? byName.get(undefined);
}

function refuseSameNames(sources: readonly NodeSource[]): void {
  const names = new Set<string>();
  for (const { name } of sources) {
    if (names.has(name)) throw new UserError(`two nodes are named ${name}`, 'name them with --node NAME=DIR');
    names.add(name);
  }
}

/** The inventory, by the name that it has for the registries.yaml. */
function readInventoryFile(file: string, out: string): Inventory {
  const path = relative(dirname(resolve(out)), resolve(file))
    .split(sep)
    .join('/');
  if (path.startsWith('../') || path === '..')
    throw new UserError(
      `${file} is not below the folder of ${out}`,
      'registries.yaml can only name files that are below its own folder',
    );
  return { path, text: readText(file) };
}

function readText(file: string): string {
  if (!statSync(file, { throwIfNoEntry: false })) throw new UserError(`there is no ${file}`);
  const content = openNode(dirname(file)).read(`/${basename(file)}`);
  if (content && 'text' in content) return content.text;
  throw new UserError(`${file} cannot be read${content ? `: it is ${content.unreadable}` : ''}`);
}

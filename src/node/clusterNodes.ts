import { dirname, join, normalize } from 'node:path/posix';
import type { RepositoryFiles } from '../files/repositoryFiles.ts';
import type { Mirrors, NodeEntry, Registries, RegistryConfigs } from '../registries/registries.ts';
import { parseRuntime, unknownRuntime } from '../resolver/runtime.ts';
import { startOfFile, type Located, type Location, type SourceProblem } from '../source/location.ts';
import { parseYaml } from '../source/yaml.ts';
import type { ClusterNode, Taint } from './clusterNode.ts';
import { readInventory, type InventoryNode } from './inventory.ts';

/** The nodes of the cluster, and what is wrong with the entries of `nodes`. */
export interface ClusterNodes {
  readonly nodes: readonly ClusterNode[];
  readonly problems: readonly SourceProblem[];
}

/**
 * Builds the nodes from the entries of `nodes`, in their order: each entry selects nodes and sets something on them, and a
 * later entry wins. Without entries there is one node named `default`.
 */
export function buildClusterNodes(registries: Registries, files: RepositoryFiles): ClusterNodes {
  const builder = new ClusterNodesBuilder(registries, files);
  for (const entry of registries.nodes) builder.apply(entry);
  if (registries.nodes.length === 0)
    builder.add('default', startOfFile(registries.file ?? 'registries.yaml'));
  return { nodes: builder.finish(), problems: builder.problems };
}

/** A node while entries are still being applied to it. */
interface Draft {
  readonly name: string;
  readonly location: Location;
  inventory?: InventoryNode;
  readonly entries: NodeEntry[];
}

class ClusterNodesBuilder {
  readonly problems: SourceProblem[] = [];
  readonly #registries: Registries;
  readonly #files: RepositoryFiles;
  readonly #drafts = new Map<string, Draft>();
  /** Merged mirrors and configs by the entries that they come from: nodes that share entries share the maps. */
  readonly #merged = new Map<string, { mirrors: Mirrors; configs: RegistryConfigs }>();

  constructor(registries: Registries, files: RepositoryFiles) {
    this.#registries = registries;
    this.#files = files;
  }

  add(name: string, location: Location): Draft {
    const draft = this.#drafts.get(name) ?? { name, location, entries: [] };
    this.#drafts.set(name, draft);
    return draft;
  }

  apply(entry: NodeEntry): void {
    for (const draft of this.#select(entry)) draft.entries.push(entry);
  }

  #select(entry: NodeEntry): readonly Draft[] {
    const { selection } = entry;
    if (selection.kind === 'name') return [this.add(selection.name.value, selection.name.location)];
    if (selection.kind === 'from') return this.#load(selection.file);
    const wanted = Object.entries(selection.labels);
    const selected = [...this.#drafts.values()].filter((draft) => {
      const labels = labelsOf(draft);
      return wanted.every(([key, value]) => labels?.[key] === value);
    });
    if (selected.length === 0) {
      this.problems.push({
        message: 'no node that is named above has these labels',
        location: entry.location,
      });
    }
    return selected;
  }

  #load(file: Located<string>): readonly Draft[] {
    const path = relativeTo(this.#registries.file, file.value);
    const content = this.#files.read(path);
    if (!content || !('text' in content)) {
      const why = content ? `cannot be read: it is ${content.unreadable}` : 'is not in the repository';
      this.problems.push({ message: `the node inventory \`${path}\` ${why}`, location: file.location });
      return [];
    }
    const { documents, problems } = parseYaml(path, content.text);
    this.problems.push(...problems);
    const nodes = readInventory(documents);
    if (nodes.length === 0 && problems.length === 0) {
      const message = `\`${path}\` names no node: save the output of \`kubectl get nodes -o yaml\` there`;
      this.problems.push({ message, location: file.location });
    }
    return nodes.map((node) => {
      const draft = this.add(node.name.value, node.name.location);
      draft.inventory = node;
      return draft;
    });
  }

  finish(): ClusterNode[] {
    return [...this.#drafts.values()].map((draft) => this.#build(draft));
  }

  #build(draft: Draft): ClusterNode {
    const runtime = lastOf(draft, 'runtime') ?? draft.inventory?.runtime;
    const configPath = lastOf(draft, 'configPath');
    const containerdConfig = lastOf(draft, 'containerdConfig');
    const architecture = lastOf(draft, 'architecture') ?? draft.inventory?.architecture;
    const labels = labelsOf(draft);
    return {
      name: draft.name,
      location: draft.location,
      ...(labels && { labels }),
      taints: [
        ...(draft.inventory?.taints ?? []),
        ...draft.entries.flatMap((entry) => entry.taints.map(parseTaint)),
      ],
      ...(architecture !== undefined && { architecture }),
      runtime: runtime ? parseRuntime(runtime.value) : unknownRuntime,
      ...(runtime && { writtenRuntime: runtime }),
      ...(configPath && { configPath }),
      ...(containerdConfig && {
        containerdConfig: {
          ...containerdConfig,
          value: relativeTo(this.#registries.file, containerdConfig.value),
        },
      }),
      resolves: new Map(
        draft.entries.flatMap((entry) => entry.resolves.map(({ name, address }) => [name.value, address])),
      ),
      ...this.#settings(draft),
    };
  }

  #settings(draft: Draft): { mirrors: Mirrors; configs: RegistryConfigs } {
    const entries = draft.entries.filter((entry) => entry.mirrors.size > 0 || entry.configs.size > 0);
    const key = entries.map((entry) => this.#registries.nodes.indexOf(entry)).join(' ');
    const known = this.#merged.get(key);
    if (known) return known;
    const settings = {
      mirrors: new Map([this.#registries, ...entries].flatMap((source) => [...source.mirrors])),
      configs: new Map([this.#registries, ...entries].flatMap((source) => [...source.configs])),
    };
    this.#merged.set(key, settings);
    return settings;
  }
}

function lastOf<K extends 'runtime' | 'configPath' | 'containerdConfig' | 'architecture'>(
  draft: Draft,
  key: K,
): NodeEntry[K] | undefined {
  return draft.entries.findLast((entry) => entry[key] !== undefined)?.[key];
}

function labelsOf(draft: Draft): Readonly<Record<string, string>> | undefined {
  const own = draft.entries.map((entry) => entry.labels).filter((labels) => Object.keys(labels).length > 0);
  if (!draft.inventory && own.length === 0) return undefined;
  return Object.fromEntries(
    [draft.inventory?.labels ?? {}, ...own].flatMap((labels) => Object.entries(labels)),
  );
}

/** `key=value:Effect`, as `kubectl taint` writes it; value and effect may be missing. */
function parseTaint({ value: written }: Located<string>): Taint {
  const [subject = '', effect = 'NoSchedule'] = written.split(':');
  const [key = '', value = ''] = subject.split('=');
  return { key, value, effect };
}

/** A path in registries.yaml is relative to the folder of that file. */
function relativeTo(registriesFile: string | undefined, path: string): string {
  return normalize(join(dirname(registriesFile ?? ''), path));
}

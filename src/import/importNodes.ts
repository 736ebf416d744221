import { configFile } from '../config/containerdConfig.ts';
import type { NodeFiles } from '../files/nodeFiles.ts';
import { filesInMemory } from '../files/repositoryFiles.ts';
import { buildClusterNodes } from '../node/clusterNodes.ts';
import type { ClusterNode } from '../node/clusterNode.ts';
import { readEtcHosts } from '../nodeRoot/etcHosts.ts';
import { parseEndpoint } from '../registries/endpoint.ts';
import { loadRegistries } from '../registries/load.ts';
import { configureNode } from '../render/configureNode.ts';
import { profileFor } from '../resolver/profile.ts';
import { parseRuntime, unknownRuntime, type Runtime } from '../resolver/runtime.ts';
import { startOfFile, type Location } from '../source/location.ts';
import { compareNode } from './compareNode.ts';
import { containerdDraft, namespacesIn, type RuntimeDraft } from './containerdDraft.ts';
import { dockerDraft } from './dockerDraft.ts';
import { k3sDraft } from './k3sDraft.ts';
import type { LostSetting } from './lostSetting.ts';
import type { NodeDraft } from './nodeDraft.ts';
import { writeRegistries } from './registriesText.ts';
import { SecretNames, type NamedSecret } from './secretNames.ts';

/** A node and a copy of its files. */
export interface NodeSource {
  readonly name: string;
  readonly files: NodeFiles;
  /** As `kubectl get nodes -o wide` prints it; absent where nothing tells it. */
  readonly runtime?: string | undefined;
  /** Where its config.toml comes from, where it is no file of its own. */
  readonly configPlace?: Location;
  /** What is known to be lost before its files are read. */
  readonly lost?: readonly LostSetting[];
}

/** A saved `kubectl get nodes -o yaml`. */
export interface Inventory {
  /** Relative to the registries.yaml. */
  readonly path: string;
  readonly text: string;
}

/** Something that is not in the registries.yaml, and the nodes that have it. */
export interface Leftover extends LostSetting {
  readonly nodes: readonly string[];
}

/** The registries.yaml of some nodes, and what it does not say. */
export interface ImportedNodes {
  /** Without the remarks at its top. */
  readonly body: string;
  readonly nodes: readonly string[];
  readonly secrets: readonly NamedSecret[];
  readonly leftovers: readonly Leftover[];
}

/**
 * Makes a registries.yaml of the files of nodes. What it says is compared with what the nodes do, so everything that they would do
 * otherwise with it is among the leftovers.
 */
export function importNodes(sources: readonly NodeSource[], inventory?: Inventory): ImportedNodes {
  const known = knownRuntimes(inventory);
  const drafts = sources.map((source) => draftNode(source, known.get(source.name)));
  const secrets = new SecretNames(drafts);
  const body = writeRegistries(drafts, secrets, { inventory: inventory?.path, inventoryNodes: known });
  const imported = readBack(body, inventory);
  const found = drafts.flatMap((draft, index) =>
    [...draft.lost, ...lostBy(draft, imported.get(draft.name))].map((lost) => ({
      lost: placed(lost, sources[index]),
      node: draft.name,
    })),
  );
  const unseen = [...known.keys()].filter((name) => !sources.some((source) => source.name === name));
  return {
    body,
    nodes: drafts.map(({ name }) => name),
    secrets: secrets.secrets,
    leftovers: [...groupLeftovers(found), ...unseen.map((name) => unseenNode(name, inventory))],
  };
}

/** Runtimes by node, as the inventory tells them. */
function knownRuntimes(inventory: Inventory | undefined): ReadonlyMap<string, string | undefined> {
  if (!inventory) return new Map();
  const registries = loadRegistries(
    'registries.yaml',
    `nodes: [{from: ${JSON.stringify(inventory.path)}}]\n`,
  );
  const { nodes } = buildClusterNodes(registries, filesInMemory({ [inventory.path]: inventory.text }));
  return new Map(nodes.map(({ name, writtenRuntime }) => [name, writtenRuntime?.value]));
}

/** What is lost with its place in a file that there is. */
function placed(lost: LostSetting, source: NodeSource | undefined): LostSetting {
  const isInConfig = source?.configPlace && lost.location?.file === source.files.nameOf(configFile);
  return isInConfig ? { ...lost, location: source.configPlace } : lost;
}

function draftNode(
  { name, files, runtime: wanted, lost = [] }: NodeSource,
  inInventory: string | undefined,
): NodeDraft {
  const text = wanted ?? inInventory ?? guessRuntime(files);
  const runtime = text === undefined ? unknownRuntime : parseRuntime(text);
  const draft = draftRuntime(files, runtime);
  return {
    ...draft,
    lost: [...lost, ...draft.lost],
    name,
    runtime: text === inInventory ? undefined : text,
    resolves: resolvedNames(draft, files),
  };
}

/** What the files of a node tell of its runtime, where nobody said it. */
export function guessRuntime(files: NodeFiles): string | undefined {
  for (const kind of ['k3s', 'rke2'])
    if (files.kindOf(`/etc/rancher/${kind}/registries.yaml`)) return `${kind}://`;
  if (files.kindOf('/etc/containerd')) return undefined;
  return files.kindOf('/etc/docker/daemon.json') ? 'docker://' : undefined;
}

function draftRuntime(files: NodeFiles, runtime: Runtime): RuntimeDraft {
  if (runtime.kind === 'docker') return dockerDraft(files, profileFor(runtime));
  if (runtime.kind === 'k3s' || runtime.kind === 'rke2') return k3sDraft(files, runtime);
  return containerdDraft(files, profileFor(runtime));
}

/** The names in `/etc/hosts` that mirrors and images need. */
function resolvedNames({ mirrors, configs }: RuntimeDraft, files: NodeFiles): ReadonlyMap<string, string> {
  const hosts = [...mirrors, ...configs].flatMap(([key]) => key);
  const endpoints = [...mirrors.values()].flatMap((mirror) => mirror.endpoints);
  const names = [...hosts, ...endpoints].flatMap((text) => {
    const result = parseEndpoint(text);
    return result.ok ? result.endpoint.hostname.toLowerCase() : [];
  });
  const wanted = new Set(names.filter((name) => name !== 'localhost'));
  return new Map(
    [...readEtcHosts(files)].filter(([name]) => wanted.has(name)).map(([name, { value }]) => [name, value]),
  );
}

/** The nodes that a registries.yaml makes, by name. */
function readBack(body: string, inventory: Inventory | undefined): ReadonlyMap<string, ClusterNode> {
  const registries = loadRegistries('registries.yaml', body);
  const [problem] = registries.problems;
  if (problem) throw new Error(`the registries.yaml that was written is wrong: ${problem.message}`);
  const files = filesInMemory(inventory ? { [inventory.path]: inventory.text } : {});
  return new Map(buildClusterNodes(registries, files).nodes.map((node) => [node.name, node]));
}

function lostBy(draft: NodeDraft, node: ClusterNode | undefined): readonly LostSetting[] {
  // What a runtime does that does not start is of no interest.
  if (draft.lost.some(({ kind }) => kind === 'startup')) return [];
  if (!node) throw new Error(`the registries.yaml that was written has no node ${draft.name}`);
  const { original } = draft;
  const imported = {
    ...configureNode(node),
    ...(original.tlsFiles && { tlsFiles: original.tlsFiles }),
  };
  return compareNode(original, imported, hostsOf(draft));
}

/** The hosts from which images are treated specially on the node, and those for which that may be so with what is rendered. */
function hostsOf({ original: { registry }, mirrors, configs }: NodeDraft): {
  readonly configured: readonly string[];
  readonly others: readonly string[];
} {
  const endpoints = [...mirrors.values()].flatMap((mirror) =>
    mirror.endpoints.flatMap((text) => {
      const result = parseEndpoint(text);
      return result.ok ? result.endpoint.host : [];
    }),
  );
  return {
    configured: configuredHosts(registry),
    others: [...mirrors.keys(), ...configs.keys(), ...endpoints],
  };
}

function configuredHosts(registry: NodeDraft['original']['registry']): readonly string[] {
  switch (registry.form) {
    case 'hosts-directory':
      return registry.roots.flatMap(({ directories }) => [...directories.keys()].flatMap(namespacesIn));
    case 'inline':
      return [...registry.mirrors.keys(), ...registry.configs.keys()];
    case 'docker':
      return registry.insecureRegistries.map(({ value }) => value).filter((host) => !host.includes('/'));
  }
}

function groupLeftovers(
  found: readonly { readonly lost: LostSetting; readonly node: string }[],
): readonly Leftover[] {
  const groups = new Map<string, { readonly lost: LostSetting; readonly nodes: string[] }>();
  for (const { lost, node } of found) {
    const key = JSON.stringify([lost.kind, lost.message, lost.host, lost.location]);
    const group = groups.get(key) ?? { lost, nodes: [] };
    groups.set(key, group);
    if (!group.nodes.includes(node)) group.nodes.push(node);
  }
  return [...groups.values()].map(({ lost, nodes }) => ({ ...lost, nodes }));
}

function unseenNode(name: string, inventory: Inventory | undefined): Leftover {
  return {
    kind: 'setting',
    message: 'no files of this node were read: it gets what all the others have',
    nodes: [name],
    ...(inventory && { location: startOfFile(inventory.path) }),
  };
}

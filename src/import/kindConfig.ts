import { parse, stringify, type TomlTable } from 'smol-toml';
import type { NodeFiles } from '../files/nodeFiles.ts';
import { startOfFile, type Location } from '../source/location.ts';
import { child, entries, items, text, type SourceDocument, type TreeNode } from '../source/tree.ts';
import { parseYaml } from '../source/yaml.ts';
import type { LostSetting } from './lostSetting.ts';
import type { NodeSource } from './importNodes.ts';
import { mountedFiles, type Mounted } from './mountedFiles.ts';

/** The nodes of a kind configuration; or why it is none, in words that fit behind its name. */
export type KindNodes =
  | { readonly ok: true; readonly nodes: readonly NodeSource[] }
  | { readonly ok: false; readonly error: string };

interface Mount {
  readonly containerPath: string;
  readonly hostPath: string;
  readonly location: Location;
}

/**
 * The config.toml of kind's node images, as far as it matters to pulls: none of their versions has a registry section, and all
 * that is unpacked is discarded, which rules the transfer service out.
 */
// kind images/base/files/etc/containerd/config.toml
const nodeImageConfig = `version = 2
[plugins."io.containerd.grpc.v1.cri".containerd]
discard_unpacked_layers = true
[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
runtime_type = "io.containerd.runc.v2"
`;

/**
 * Reads the configuration of a kind cluster: its nodes, the patches of their config.toml, and the files that are mounted.
 *
 * @param open - What stands at a path that the configuration mounts; undefined where nothing does, or where it is not to be read.
 * @param runtime - Of the node image, which does not tell it.
 */
export function readKindConfig(
  file: string,
  source: string,
  open: (hostPath: string) => Mounted | undefined,
  runtime: string | undefined,
): KindNodes {
  const { documents, problems } = parseYaml(file, source);
  const document = documents.find(({ root }) => text(child(root, 'kind')) === 'Cluster');
  if (!document) return { ok: false, error: problems[0]?.message ?? 'it describes no kind cluster' };
  const cluster = text(child(document.root, 'name')) ?? 'kind';
  const patched = patchedConfig(document);
  const written = items(child(document.root, 'nodes'));
  const counts = new Map<string, number>();
  const nodes = (written.length > 0 ? written : [undefined]).map((node): NodeSource => {
    const role = text(child(node, 'role')) ?? 'control-plane';
    const number = (counts.get(role) ?? 0) + 1;
    counts.set(role, number);
    const mounts = mountsOf(document, node);
    const files = kindFiles(patched.text, mounts, open);
    return {
      // kind pkg/cluster/internal/providers/common/namer.go MakeNodeNamer
      name: `${cluster}-${role}${number === 1 ? '' : number}`,
      files,
      runtime,
      configPlace: patched.location,
      lost: [...patched.lost, ...unreadMounts(mounts, open)],
    };
  });
  return { ok: true, nodes };
}

interface PatchedConfig {
  readonly text: string;
  readonly location: Location;
  readonly lost: readonly LostSetting[];
}

function patchedConfig(document: SourceDocument): PatchedConfig {
  const key = 'containerdConfigPatches';
  const list = child(document.root, key);
  const lost: LostSetting[] = [];
  let config = parse(nodeImageConfig);
  for (const node of items(list)) {
    const patch = parsePatch(text(node) ?? '');
    const location = document.locate(node);
    if (!patch) {
      lost.push({ kind: 'setting', message: 'kind stops at this patch: it is no valid TOML', location });
      continue;
    }
    // kind pkg/internal/patch/toml.go ContainerdTOML
    if (patch['version'] !== undefined && patch['version'] !== config['version']) {
      const message = 'kind skips this patch: the config.toml of its node images is of version 2';
      lost.push({ kind: 'ignored', message, location });
      continue;
    }
    config = mergePatch(config, patch);
  }
  const json = entries(document.root).find((entry) => entry.key.text === `${key}JSON6902`);
  if (json) {
    const message = 'JSON patches of the config.toml are not read';
    lost.push({ kind: 'setting', message, location: document.locate(json.key) });
  }
  const location = list ? document.locate(list) : startOfFile(document.file);
  return { text: stringify(config), location, lost };
}

function parsePatch(source: string): TomlTable | undefined {
  try {
    return parse(source);
  } catch {
    return undefined;
  }
}

/** Tables are merged, all else is replaced. */
// RFC 7396, JSON Merge Patch
function mergePatch(target: TomlTable, patch: TomlTable): TomlTable {
  const merged = new Map(Object.entries(target));
  for (const [key, value] of Object.entries(patch)) {
    const known = merged.get(key);
    merged.set(key, isTable(value) && isTable(known) ? mergePatch(known, value) : value);
  }
  return Object.fromEntries(merged);
}

function isTable(value: unknown): value is TomlTable {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return !(value instanceof Date);
}

function mountsOf(document: SourceDocument, node: TreeNode | undefined): readonly Mount[] {
  return items(child(node, 'extraMounts')).flatMap((mount): Mount[] => {
    const [hostPath, containerPath] = ['hostPath', 'containerPath'].map((key) => text(child(mount, key)));
    if (hostPath === undefined || !containerPath?.startsWith('/')) return [];
    const path = containerPath.replace(/\/+$/, '');
    return [{ hostPath, containerPath: path, location: document.locate(mount) }];
  });
}

/** Folders from which a node's runtime reads how it pulls. */
const folders = ['/etc/containerd', '/etc/docker', '/etc/hosts'];

function isOfInterest({ containerPath }: Mount): boolean {
  return folders.some(
    (folder) => `${containerPath}/`.startsWith(`${folder}/`) || folder.startsWith(`${containerPath}/`),
  );
}

function unreadMounts(
  mounts: readonly Mount[],
  open: (hostPath: string) => Mounted | undefined,
): LostSetting[] {
  return mounts.flatMap((mount): LostSetting[] => {
    if (!isOfInterest(mount) || open(mount.hostPath)) return [];
    const message = `\`${mount.hostPath}\` is not read: it is not there, or not in the folder of this file`;
    return [{ kind: 'setting', message, location: mount.location }];
  });
}

/** The files of a node: the patched config.toml, and what is mounted over it. */
function kindFiles(
  config: string,
  mounts: readonly Mount[],
  open: (hostPath: string) => Mounted | undefined,
): NodeFiles {
  const opened = mounts.filter(isOfInterest).flatMap(({ containerPath, hostPath }) => {
    const mounted = open(hostPath);
    return mounted ? [{ containerPath, hostPath, mounted }] : [];
  });
  return mountedFiles(config, opened);
}

import { folderPath } from '../../files/folderPath.ts';
import { readText, type RepositoryFiles } from '../../files/repositoryFiles.ts';
import { child, descend, text } from '../../source/tree.ts';
import { groupOf, readManifest, type KubernetesObject } from '../manifest.ts';

/** The objects that tell a cluster what to do with other files of the repository. */
export interface GitopsObjects {
  /** Those of Flux, Argo CD and k3s. */
  readonly objects: readonly KubernetesObject[];
  /** What they may take values from: the first ConfigMap of that name. */
  readonly configMap: (name: string) => KubernetesObject | undefined;
}

const kinds: ReadonlySet<string> = new Set([
  'Kustomization',
  'HelmRelease',
  'HelmChart',
  'HelmChartConfig',
  'Application',
  'ApplicationSet',
]);

const groups = ['toolkit.fluxcd.io/', 'helm.cattle.io/', 'argoproj.io/'];

/** What was found, as long as the files are held: whoever composes asks for it, before the builds and after them. */
const known = new WeakMap<RepositoryFiles, GitopsObjects>();

/** Looks through all files, once. */
export function findGitopsObjects(files: RepositoryFiles): GitopsObjects {
  const found = known.get(files) ?? readGitopsObjects(files);
  known.set(files, found);
  return found;
}

function readGitopsObjects(files: RepositoryFiles): GitopsObjects {
  const objects: KubernetesObject[] = [];
  const withConfigMaps: string[] = [];
  for (const path of files.paths) {
    const source = /\.(?:ya?ml|json)$/.test(path) ? readText(files, path) : undefined;
    if (source === undefined) continue;
    if (source.includes('ConfigMap')) withConfigMaps.push(path);
    if (groups.some((group) => source.includes(group)))
      objects.push(...objectsOf(path, source, (kind) => kinds.has(kind)));
  }
  let configMaps: ReadonlyMap<string, KubernetesObject> | undefined;
  return {
    objects,
    // Hardly anybody asks, and there may be thousands.
    configMap: (name) => (configMaps ??= readConfigMaps(files, withConfigMaps)).get(name),
  };
}

function objectsOf(
  path: string,
  source: string,
  isWanted: (kind: string) => boolean,
): readonly KubernetesObject[] {
  const { objects } = readManifest(path, source, isWanted) ?? { objects: [] };
  return objects.filter(({ kind }) => isWanted(kind));
}

function readConfigMaps(
  files: RepositoryFiles,
  paths: readonly string[],
): ReadonlyMap<string, KubernetesObject> {
  const byName = new Map<string, KubernetesObject>();
  for (const path of paths) {
    for (const object of objectsOf(path, readText(files, path) ?? '', (kind) => kind === 'ConfigMap')) {
      const name = text(descend(object.root, 'metadata', 'name'));
      if (name !== undefined && !byName.has(name)) byName.set(name, object);
    }
  }
  return byName;
}

const fluxGroup = 'kustomize.toolkit.fluxcd.io';

/** True for a Kustomization of Flux, which is none of kustomize. */
export function isFluxKustomization(object: KubernetesObject): boolean {
  return object.kind === 'Kustomization' && groupOf(object) === fluxGroup;
}

/** False for a document that is none for sure. */
export function mayBeFluxKustomization(kind: string, text: string): boolean {
  return kind === 'Kustomization' && text.includes(fluxGroup);
}

/** The `spec.path` of a Flux Kustomization, empty for the root; undefined for one that leads out of the repository. */
export function fluxFolder({ root }: KubernetesObject): string | undefined {
  return folderPath(text(child(child(root, 'spec'), 'path')) ?? '');
}

import type { RepositoryFiles } from '../files/repositoryFiles.ts';
import { groupOf, readManifest, type KubernetesObject } from '../manifest/manifest.ts';
import { isInstallKind, readInstalls, type ChartInstall } from './installs.ts';
import { readText } from './readText.ts';

/** The objects that tell a cluster what to do with other files of the repository. */
export interface FluxObjects {
  /** The charts that objects install. */
  readonly installs: readonly ChartInstall[];
  /** Flux Kustomizations. */
  readonly kustomizations: readonly KubernetesObject[];
  /** What a Flux Kustomization may take its variables from. */
  readonly configMaps: readonly KubernetesObject[];
}

const fluxGroup = 'kustomize.toolkit.fluxcd.io';

/** What was found, as long as the files are held: both halves of a composer ask for it. */
const known = new WeakMap<RepositoryFiles, FluxObjects>();

/** Looks through the files for objects that install charts or fill in variables. */
export function findFluxObjects(files: RepositoryFiles): FluxObjects {
  const found = known.get(files) ?? readFluxObjects(files);
  known.set(files, found);
  return found;
}

function readFluxObjects(files: RepositoryFiles): FluxObjects {
  const installs: ChartInstall[] = [];
  const kustomizations: KubernetesObject[] = [];
  const configMaps: KubernetesObject[] = [];
  for (const path of files.paths) {
    const text = /\.(?:ya?ml|json)$/.test(path) ? readText(files, path) : undefined;
    if (text === undefined || !mayMatter(text)) continue;
    for (const object of readManifest(path, text, isWanted)?.objects ?? []) {
      installs.push(...readInstalls(object));
      if (object.kind === 'Kustomization' && groupOf(object) === fluxGroup) kustomizations.push(object);
      if (object.kind === 'ConfigMap') configMaps.push(object);
    }
  }
  return { installs, kustomizations, configMaps };
}

function mayMatter(text: string): boolean {
  return ['HelmRelease', 'HelmChart', 'argoproj.io/', fluxGroup, 'ConfigMap'].some((word) =>
    text.includes(word),
  );
}

function isWanted(kind: string): boolean {
  return isInstallKind(kind) || kind === 'Kustomization' || kind === 'ConfigMap';
}

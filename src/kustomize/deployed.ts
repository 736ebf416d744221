import { dirname } from 'node:path/posix';
import type { RepositoryFiles } from '../files/repositoryFiles.ts';
import { argoDirectories, argoSources } from '../manifest/gitops/argoSources.ts';
import { findGitopsObjects, fluxFolder, isFluxKustomization } from '../manifest/gitops/gitopsObjects.ts';
import type { Kustomization } from './kustomization.ts';

/**
 * The kustomizations that objects of Flux and Argo CD deploy by their path, if the path is one of this repository.
 *
 * @param all - every kustomization of the repository
 */
export function findDeployed(
  files: RepositoryFiles,
  all: readonly Kustomization[],
): ReadonlySet<Kustomization> {
  const { objects } = findGitopsObjects(files);
  const byFlux = new Set(objects.filter(isFluxKustomization).flatMap((object) => fluxFolder(object) ?? []));
  const byArgo = new Set(objects.flatMap(argoSources).flatMap(({ folder }) => folder ?? []));
  const directories = objects.map(argoDirectories);
  const folders = new Set(all.map(({ folder }) => folder));
  /** Flux makes a kustomization where there is none, of all that is below. */
  // github.com/fluxcd/pkg/kustomize kustomize_generator.go scanManifests
  const isGenerated = (folder: string): boolean => {
    const above = dirname(folder);
    // Every repository has a root: the path to one may be to that of another repository.
    if (above === '.' || folders.has(above)) return false;
    return byFlux.has(above) || isGenerated(above);
  };
  const isDeployed = ({ folder }: Kustomization): boolean =>
    byFlux.has(folder) ||
    byArgo.has(folder) ||
    directories.some((hasOne) => hasOne(folder)) ||
    isGenerated(folder);
  return new Set(all.filter(isDeployed));
}

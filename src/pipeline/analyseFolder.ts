import { planBuilds } from '../discovery/discover.ts';
import type { RepositoryFiles } from '../files/repositoryFiles.ts';
import type { BuildOutputs } from '../manifest/build.ts';
import { findRegistries } from './findRegistries.ts';
import { openFolder } from './openFolder.ts';
import { analyse, type Analysis, type AnalyseOptions } from './run.ts';

/** How a folder is to be read and looked at. */
export interface AnalyseFolderOptions extends AnalyseOptions {
  /** Globs of the manifests to read; empty for all files that are not ignored. */
  readonly manifests: readonly string[];
  /** `auto`, the default: kustomize and helm build what they can, where they are on this machine. `off`: nothing is started. */
  readonly build?: 'auto' | 'off';
}

/**
 * Everything from reading a folder to the report. The programs that build manifests are started where the folder has something
 * for them to build, over copies of its files.
 *
 * @throws {@link UserError} for a folder that cannot be read.
 */
export async function analyseFolder(root: string, options: AnalyseFolderOptions): Promise<Analysis> {
  const files = await openFolder(root, options.manifests);
  const outputs = options.build === 'off' ? new Map() : await buildManifests(root, files, options);
  return analyse(files, { ...options, outputs });
}

async function buildManifests(
  root: string,
  files: RepositoryFiles,
  options: AnalyseOptions,
): Promise<BuildOutputs> {
  const { registries, mayLackRegistries: mayBeMissing } = options;
  const { imagePaths } = findRegistries(files, registries, { mayBeMissing }).registries;
  const jobs = planBuilds(files, { ...options, imagePaths });
  if (jobs.length === 0) return new Map();
  const { runBuilds } = await import('../build/runBuilds.ts');
  return runBuilds(root, jobs);
}

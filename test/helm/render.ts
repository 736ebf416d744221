import { readFolder } from '../../src/files/folder.ts';
import { runBuilds, type BuildSettings } from '../../src/build/runBuilds.ts';
import { discover, planBuilds } from '../../src/discovery/discover.ts';
import type { Discovery } from '../../src/manifest/discovery.ts';
import type { BuildJob, BuildOutputs } from '../../src/manifest/build.ts';
import { helmFolder, type HelmVersion } from './helmPrograms.ts';

/** What is found in a folder, with a helm of that version. */
export async function discoverWithHelm(
  folder: string,
  version: HelmVersion,
  settings: Partial<BuildSettings> = {},
  isWanted: (job: BuildJob) => boolean = () => true,
): Promise<Discovery & { readonly outputs: BuildOutputs }> {
  const files = readFolder(folder);
  const jobs = planBuilds(files).filter((job) => job.program === 'helm' && isWanted(job));
  // The programs of the system are for the isolation.
  const program = await helmFolder(version);
  if (program === undefined) throw new Error(`there is no helm ${version}`);
  const path = `${program}:${process.env['PATH'] ?? ''}`;
  const outputs = await runBuilds(folder, jobs, { path, ...settings });
  return { ...discover(files, { outputs }), outputs };
}

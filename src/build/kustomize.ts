import type { BuildJob } from '../manifest/build.ts';
import { CommandError, run } from '../process/process.ts';
import { findOnPath, type BuildTool, type Probe } from './tool.ts';

/** `kustomize` of a PATH, or the one that is in its `kubectl`. */
export async function findKustomize(probe: Probe): Promise<BuildTool | undefined> {
  const kustomize = findOnPath('kustomize', probe.path);
  const kustomizeVersion = kustomize && (await ask(kustomize, ['version'], probe));
  if (kustomize && kustomizeVersion !== undefined)
    return { file: kustomize, name: `kustomize ${kustomizeVersion}`, arguments: argumentsOf('build') };
  const kubectl = findOnPath('kubectl', probe.path);
  const kubectlVersion = kubectl && (await ask(kubectl, ['version', '--client'], probe));
  if (kubectl && kubectlVersion !== undefined)
    return {
      file: kubectl,
      name: `kubectl kustomize ${kubectlVersion}`,
      arguments: argumentsOf('kustomize'),
    };
  return undefined;
}

/** Plugins, functions and Helm are off unless an argument turns them on. */
function argumentsOf(command: string): (job: BuildJob) => readonly string[] {
  // A folder may begin with a dash.
  return ({ folder, args }) => [command, ...args, `./${folder}`];
}

/** Its version; undefined where it does not start or is something else. */
async function ask(
  file: string,
  args: readonly string[],
  { environment }: Probe,
): Promise<string | undefined> {
  try {
    const { status, stdout } = await run({ file, args, environment }, { time: 10_000 });
    if (status !== 0) return undefined;
    // `v5.7.1`, `{Version:kustomize/v4.5.4 ...}`, and a line of its own among those of kubectl.
    const [version = 'of an unknown version'] =
      /v\d+\.\d+\.\d+[\w.-]*/.exec(/Kustomize Version: .*/.exec(stdout)?.[0] ?? stdout) ?? [];
    return version;
  } catch (error) {
    if (error instanceof CommandError) return undefined;
    throw error;
  }
}

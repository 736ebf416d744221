import { CommandError, run } from '../process/process.ts';
import { findOnPath, type BuildTool, type Probe } from './tool.ts';

/**
 * `helm` of a PATH. The arguments of its jobs are all that comes behind `helm`: the chart is named by its folder, `./` in front,
 * relative to the root of the repository.
 */
export async function findHelm({ path, environment }: Probe): Promise<BuildTool | undefined> {
  const file = findOnPath('helm', path);
  if (file === undefined) return undefined;
  try {
    const { status, stdout } = await run(
      { file, args: ['version', '--short'], environment },
      { time: 10_000 },
    );
    // Built by `go install` it knows no more than `v3.17`. Version 2 has no `template` that works alone.
    const [version] = /v(?:[3-9]|\d\d)\.\d+[\w.-]*/.exec(stdout) ?? [];
    if (status !== 0 || version === undefined) return undefined;
    return { file, name: `helm ${version}`, arguments: ({ args }) => args };
  } catch (error) {
    if (error instanceof CommandError) return undefined;
    throw error;
  }
}

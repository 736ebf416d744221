import { cacheFolder, findBinaries, type ContainerdBinary } from './containerd/binaries.ts';
import { ContainerdEngine, defaultLimits } from './containerd/engine.ts';
import type { ProofEngine } from './engine.ts';

/** What an engine needs to know of the machine and of its user's wishes. */
export interface EngineSettings {
  /** The program that runs in a simulated node, a bundle of its own or `nodeMain.ts`. */
  readonly nodeProgram: string;
  /** containerd programs that the user named. */
  readonly containerds: readonly ContainerdBinary[];
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** The engines by their names. A new one is a folder and a line here. */
export const engines: Readonly<Record<'containerd', (settings: EngineSettings) => ProofEngine>> = {
  containerd: ({ nodeProgram, containerds, environment }) =>
    new ContainerdEngine({
      nodeProgram,
      binaries: () =>
        findBinaries({
          named: containerds,
          path: (environment['PATH'] ?? '').split(':').filter((folder) => folder.startsWith('/')),
          cache: cacheFolder(environment),
        }),
      ...defaultLimits,
    }),
};

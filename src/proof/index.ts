import { binarySources, findBinaries, type ContainerdBinary } from './containerd/binaries.ts';
import { ContainerdEngine, defaultLimits } from './containerd/engine.ts';
import type { ProofEngine } from './engine.ts';
import type { EngineName } from './engineNames.ts';
import { KindEngine } from './kind/engine.ts';
import { ProbeEngine, probeLimits } from './probe/engine.ts';

/** What an engine needs to know of the machine and of its user's wishes. */
export interface EngineSettings {
  /** The program that runs in a simulated node, a bundle of its own or `nodeMain.ts`. */
  readonly nodeProgram: string;
  /** containerd programs that the user named. */
  readonly containerds: readonly ContainerdBinary[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Somebody wrote the repository who is not to be trusted, as a pull request from a fork: no host that it names is asked. */
  readonly isUntrusted?: boolean;
  /** This machine is itself a node of the cluster: what nodes have at 127.0.0.1 is here. */
  readonly isOnNode?: boolean;
  /** Image of the nodes of a kind cluster, and that of its registry, where the user chose them. */
  readonly nodeImage?: string;
  readonly registryImage?: string;
  /** What an engine makes outside of its own process stays there, for somebody to look at. */
  readonly isKept?: boolean;
  /** Folder for logs of what failed. */
  readonly artifacts?: string;
  /** What is done next, for people, where that takes long. */
  readonly onProgress?: (text: string) => void;
}

/** How to get an engine. */
export interface EngineKind {
  /** It does nothing without root. */
  readonly needsRoot: boolean;
  readonly create: (settings: EngineSettings) => ProofEngine;
}

/** The engines by their names. A new one is a folder, a name in engineNames.ts, and an entry here. */
export const engines: Readonly<Record<EngineName, EngineKind>> = {
  containerd: {
    needsRoot: true,
    create: ({ nodeProgram, containerds, environment }) =>
      new ContainerdEngine({
        nodeProgram,
        binaries: () => findBinaries(binarySources(containerds, environment)),
        ...defaultLimits,
      }),
  },
  kind: {
    needsRoot: false,
    create: ({ artifacts, ...settings }) =>
      new KindEngine({ ...settings, ...(artifacts !== undefined && { logFolder: artifacts }) }),
  },
  probe: {
    needsRoot: false,
    create: ({ environment, isUntrusted = false, isOnNode = false }) =>
      new ProbeEngine({ isUntrusted, isOnNode, environment, limits: probeLimits }),
  },
};

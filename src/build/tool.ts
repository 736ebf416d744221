import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import type { BuildJob } from '../manifest/build.ts';

/** A program that builds manifests, as it is on this machine. */
export interface BuildTool {
  /** Absolute path. */
  readonly file: string;
  /** With its version, as `kustomize v5.4.2`. */
  readonly name: string;
  /** The arguments that do a job; the program is started in the root of the copy. */
  readonly arguments: (job: BuildJob) => readonly string[];
}

/** Where a program is looked for, and the environment that it is asked for its version in. */
export interface Probe {
  readonly path: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** The program of that name in the folders of a PATH. */
export function findOnPath(name: string, path: string): string | undefined {
  return (
    path
      .split(delimiter)
      // A relative folder could be one of the repository.
      .filter((folder) => isAbsolute(folder))
      .map((folder) => join(folder, name))
      .find(isProgram)
  );
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

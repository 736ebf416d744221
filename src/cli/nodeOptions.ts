import { resolve } from 'node:path';
import { UserError } from '../errors.ts';
import type { NodeFiles } from '../files/nodeFiles.ts';
import { openNodeFolder } from '../files/nodeFolder.ts';
import { parseRuntime, type Runtime } from '../resolver/runtime.ts';

/**
 * The files of a node in a folder that somebody names.
 *
 * @throws {@link UserError} where it cannot be read.
 */
export function openNode(folder: string): NodeFiles {
  try {
    return openNodeFolder(resolve(folder));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UserError(`cannot read the folder ${folder}: ${reason}`, undefined, { cause: error });
  }
}

/**
 * The runtime that somebody names.
 *
 * @param given - what stands behind `--runtime`, which may be more than the runtime
 * @throws {@link UserError} for one that is not emulated.
 */
export function readRuntime(text: string, given = text): Runtime {
  const runtime = parseRuntime(text);
  if (runtime.kind !== 'other' && runtime.kind !== 'unknown') return runtime;
  throw new UserError(
    `--runtime ${given} is not known`,
    'known are containerd://, k3s://, rke2:// and docker://',
  );
}

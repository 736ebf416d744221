import { writeFileSync } from 'node:fs';
import { UserError } from '../errors.ts';

/**
 * Writes a file that is not there yet.
 *
 * @throws {@link UserError} where there is one, or where it cannot be written.
 */
export function writeNewFile(path: string, text: string): void {
  try {
    writeFileSync(path, text, { flag: 'wx' });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EEXIST')
      throw new UserError(`there is a ${path} already`, 'remove it, or write another file', { cause: error });
    const reason = error instanceof Error ? error.message : String(error);
    throw new UserError(`cannot write ${path}: ${reason}`, undefined, { cause: error });
  }
}

import { readFileSync, statSync } from 'node:fs';
import type { NodeFiles } from '../../files/nodeFiles.ts';

/** A certificate or key that only the node has. */
export class NodeFileError extends Error {
  override readonly name = 'NodeFileError';
}

/** No certificate is nearly as long, in bytes. */
const maxLength = 1_000_000;

/** Reads a certificate or key by its path on the node: from the node's files in the repository, or from the same path here. */
export function nodeFileReader(own: NodeFiles | undefined): (path: string) => string {
  return (path) => {
    const content = own?.read(path);
    if (content && 'text' in content) return content.text;
    try {
      const { size } = regularFile(path);
      if (size > 0 && size <= maxLength) return readFileSync(path, 'utf8');
    } catch (error) {
      throw new NodeFileError(`the file ${path} of the node is not here`, { cause: error });
    }
    throw new NodeFileError(`the file ${path} is empty, or too long for a certificate`);
  };
}

/** The repository names the path: it may be that of a device, or of something without a length that never ends. */
function regularFile(path: string): { readonly size: number } {
  const stat = statSync(path);
  if (!stat.isFile()) throw new NodeFileError(`${path} is no file`);
  return stat;
}

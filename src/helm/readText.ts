import type { RepositoryFiles } from '../files/repositoryFiles.ts';

/** A file of the repository, if there is one and it can be read. */
export function readText(files: RepositoryFiles, path: string): string | undefined {
  const content = files.read(path);
  return content && 'text' in content ? content.text : undefined;
}

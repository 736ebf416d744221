import { dirname, join } from 'node:path/posix';
import { UserError } from '../errors.ts';
import type { RepositoryFiles } from '../files/repositoryFiles.ts';
import type { Registries } from '../registries/registries.ts';
import { readCatalog, type Catalog } from './catalog.ts';

/**
 * The catalogs that registries.yaml names.
 *
 * @throws UserError where one cannot be read or has something in it that is no image
 */
export function repositoryCatalogs(registries: Registries, files: RepositoryFiles): readonly Catalog[] {
  const mirrors = [registries, ...registries.nodes].flatMap((entry) => [...entry.mirrors.values()]);
  return mirrors.flatMap(({ namespaceHost, catalog }) => {
    if (!catalog) return [];
    const path = join(dirname(registries.file ?? ''), catalog.value);
    const content = files.read(path);
    if (!content || !('text' in content)) {
      const reason = content ? content.unreadable : 'there is no such file';
      throw new UserError(`the catalog ${path} of ${namespaceHost.value} cannot be read: ${reason}`);
    }
    const { catalog: read, problems } = readCatalog(namespaceHost.value, content.text);
    const [problem] = problems;
    if (!problem) return [read];
    throw new UserError(`${path}:${problem.line} is no image: ${problem.text}`, 'write one image a line');
  });
}

import { readText, type RepositoryFiles } from '../files/repositoryFiles.ts';
import { yamlFile, type YamlText } from './yamlText.ts';

/** UTF-16 code units. The largest charts have values of a third of this. */
const maxValuesLength = 1024 * 1024;

/**
 * True for a file that holds values of a chart, as its name says: `values.yaml`, `values-prod.yaml`, `prod-values.yaml`,
 * `values.prod.yml`.
 */
export function isValuesFile(path: string): boolean {
  return /(?:^|\/)(?:[^/]*[-_.])?values(?:[-_.][^/]*)?\.ya?ml$/.test(path);
}

/** What was read, as long as the files are held: several runs are made of the same values. */
const known = new WeakMap<RepositoryFiles, Map<string, YamlText | undefined>>();

/** A file of values. Undefined where there is none, or where it is too large, or no YAML. */
export function readValues(files: RepositoryFiles, path: string): YamlText | undefined {
  const cache = known.get(files) ?? new Map<string, YamlText | undefined>();
  known.set(files, cache);
  if (!cache.has(path)) {
    const text = readText(files, path);
    const isReadable = text !== undefined && text.length <= maxValuesLength;
    cache.set(path, isReadable ? yamlFile(path, text) : undefined);
  }
  return cache.get(path);
}

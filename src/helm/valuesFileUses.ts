import { readText } from '../files/repositoryFiles.ts';
import type { BuildProblem, ComposeInput } from '../manifest/build.ts';
import type { ImageUse } from '../manifest/imageUse.ts';
import { holdsTemplate } from '../manifest/placeholder.ts';
import { startOfFile, type Located } from '../source/location.ts';
import { pathIn, type Chart } from './chart.ts';
import { readValueUses } from './chartValueUses.ts';
import { isValuesFile, readValues } from './valuesFile.ts';

/** What the files of values say, of charts in the repository and elsewhere. */
export function readValuesFiles(
  { files, substitutions }: ComposeInput,
  charts: ReadonlyMap<string, Chart>,
): { readonly uses: readonly ImageUse[]; readonly problems: readonly BuildProblem[] } {
  const uses: ImageUse[] = [];
  const problems: BuildProblem[] = [];
  for (const path of files.paths.filter(isValuesFile)) {
    const text = readText(files, path);
    if (text === undefined || !mayNameImages(text)) continue;
    const yaml = readValues(files, path);
    const chart = chartOf(path, charts);
    const appVersionOf = (key: string): Located<string> | undefined =>
      chart && appVersionFor(key, chart, charts);
    if (yaml) uses.push(...readValueUses(yaml, { prefix: '', substitutions, appVersionOf }).map(markCi));
    else if (!holdsTemplate(text))
      problems.push({ kind: 'unbuilt', location: startOfFile(path), message: unreadable });
  }
  return { uses, problems };
}

const unreadable =
  'these values of a chart are no YAML, or too large: the images that they name are not known';

function chartOf(path: string, charts: ReadonlyMap<string, Chart>): Chart | undefined {
  const folder = path.slice(0, Math.max(path.lastIndexOf('/'), 0));
  return charts.get(folder) ?? charts.get(folder.replace(/(?:^|\/)ci$/, ''));
}

/** `ct` of chart-testing installs a chart with these values where CI runs, and nobody elsewhere. */
export function markCi(use: ImageUse): ImageUse {
  const isCi = /(?:^|\/)ci\/[^/]*values\.ya?ml$/.test(use.location.file) && use.pulledBy.length > 0;
  return isCi ? { ...use, pulledBy: ['runner'] } : use;
}

/** The values below the name of a dependency are for that. */
function appVersionFor(
  key: string,
  chart: Chart,
  charts: ReadonlyMap<string, Chart>,
): Located<string> | undefined {
  const dependency = chart.dependencies.find(({ name, alias }) => (alias ?? name) === key);
  const subchart = charts.get(pathIn(chart.folder, `charts/${dependency?.name ?? key}`));
  return dependency || subchart ? subchart?.appVersion : chart.appVersion;
}

function mayNameImages(text: string): boolean {
  return /image|repository|registry|repo\b|hub\b/i.test(text);
}

import { readText, type RepositoryFiles } from '../files/repositoryFiles.ts';
import { findGitopsObjects, type GitopsObjects } from '../manifest/gitops/gitopsObjects.ts';
import { startOfFile, type Location } from '../source/location.ts';
import { descend } from '../source/tree.ts';
import { isSubchart, pathIn, type Chart } from './chart.ts';
import { gatherChart, type ChartFiles } from './chartFiles.ts';
import { readInstalls, type ChartInstall, type ValuesSource } from './installs.ts';
import { yamlInString, type YamlText } from './yamlText.ts';
import { readValues } from './valuesFile.ts';

/** One way in which a chart is installed: the chart, and the values that it gets besides its own. */
export interface Rendering {
  readonly id: string;
  readonly chart: Chart;
  readonly files: ChartFiles;
  /** The later ones win. */
  readonly values: readonly YamlText[];
  readonly releaseName: string;
  readonly namespace: string;
  /**
   * `default`: the chart with nothing but its own values. `guessed`: with a file of values beside it, by its name. `given`: with files
   * that the user names. `install`: as an object installs it.
   */
  readonly reason: 'default' | 'guessed' | 'given' | 'install';
  /** Where to say that it fails. */
  readonly location: Location;
  /** The files that make it. */
  readonly builtBy: readonly string[];
}

/** Files of values that the user names, by the folder of the chart. */
export type GivenValues = ReadonlyMap<string, readonly string[]>;

/** More files of values than this are not tried with one chart. */
const maxGuessedFiles = 6;

/** More renderings than this are not made of one repository. */
export const maxRenderings = 120;

/** The ways in which the charts of a repository are installed. */
export function findRenderings(
  files: RepositoryFiles,
  charts: ReadonlyMap<string, Chart>,
  given: GivenValues,
): readonly Rendering[] {
  const { objects, configMap } = findGitopsObjects(files);
  const installs = objects.flatMap(readInstalls);
  const repository = { files, charts, given, installs, configMap };
  const isOwn = (chart: Chart): boolean =>
    !isSubchart(chart, charts) || installs.some(({ folder }) => folder === chart.folder);
  const renderings = [...charts.values()]
    .filter((chart) => !chart.isLibrary && isOwn(chart))
    .flatMap((chart) => renderingsOf(chart, repository));
  // Where there are too many, those that are only tried are left out first.
  const isGuessed = ({ reason }: Rendering): boolean => reason === 'guessed';
  const ordered = [...renderings.filter((one) => !isGuessed(one)), ...renderings.filter(isGuessed)];
  return ordered.slice(0, maxRenderings);
}

/** What is known of a repository with charts. */
interface ChartRepository extends Pick<GitopsObjects, 'configMap'> {
  readonly files: RepositoryFiles;
  readonly charts: ReadonlyMap<string, Chart>;
  readonly given: GivenValues;
  readonly installs: readonly ChartInstall[];
}

function renderingsOf(chart: Chart, repository: ChartRepository): readonly Rendering[] {
  const { files, charts, given, installs } = repository;
  const base = {
    chart,
    files: gatherChart(files, charts, chart),
    releaseName: releaseName(chart.name, 'release'),
    namespace: 'default',
    location: startOfFile(chart.file),
    builtBy: [chart.file],
  };
  const named = given.get(chart.folder);
  if (named) return [{ ...base, ...fileValues(named, files), id: idOf(chart, 'given'), reason: 'given' }];
  const own = installs.filter(({ folder }) => folder === chart.folder);
  // What is installed some way is not installed another way, as far as the repository tells.
  if (own.length > 0) return own.map((install, index) => installRendering(install, index, base, repository));
  const guessed = valueFilesBeside(chart, files).map((file): Rendering => ({
    ...base,
    ...fileValues([file], files),
    id: idOf(chart, file),
    reason: 'guessed',
    location: startOfFile(file),
    builtBy: [chart.file, file],
  }));
  return [{ ...base, values: [], id: idOf(chart, 'values'), reason: 'default' }, ...guessed];
}

function installRendering(
  install: ChartInstall,
  index: number,
  base: Omit<Rendering, 'id' | 'values' | 'reason'>,
  { files, configMap }: ChartRepository,
): Rendering {
  const { object, name, namespace, valueFiles, values } = install;
  const fromConfigMaps = install.configMaps.flatMap((source) => configMapValues(source, configMap));
  return {
    ...base,
    id: `${idOf(base.chart, object.document.file)}:${index}`,
    reason: 'install',
    values: [...fileValues(valueFiles, files).values, ...fromConfigMaps, ...values.map(({ yaml }) => yaml)],
    releaseName: releaseName(name, base.releaseName),
    namespace: releaseName(namespace ?? '', 'default'),
    location: object.document.locate({ start: object.root.start, end: object.root.start }),
    builtBy: [
      ...new Set([
        base.chart.file,
        ...valueFiles,
        ...fromConfigMaps.map(({ file }) => file),
        object.document.file,
      ]),
    ],
  };
}

function configMapValues({ name, key }: ValuesSource, find: GitopsObjects['configMap']): readonly YamlText[] {
  const configMap = find(name);
  const content = descend(configMap?.root, 'data', key);
  if (!configMap || content?.kind !== 'scalar') return [];
  const yaml = yamlInString(configMap.document.file, configMap.source, content);
  return yaml ? [yaml] : [];
}

function idOf(chart: Chart, rest: string): string {
  return `helm:${chart.folder}:${rest}`;
}

function fileValues(paths: readonly string[], files: RepositoryFiles): Pick<Rendering, 'values'> {
  const values = paths.flatMap((path) => {
    const content = readText(files, path);
    if (content === undefined) return [];
    // Too large, or no YAML: that is for helm to judge.
    return readValues(files, path) ?? unreadableYaml(path, content);
  });
  return { values };
}

function unreadableYaml(file: string, content: string): YamlText {
  const root = { kind: 'mapping' as const, entries: [], start: 0, end: 0 };
  return { file, text: content, root, locate: () => startOfFile(file) };
}

/** `values-prod.yaml` and `values.prod.yaml` beside values.yaml, and `ci/*-values.yaml` as chart-testing has them. */
function valueFilesBeside({ folder }: Chart, files: RepositoryFiles): readonly string[] {
  const start = pathIn(folder, '');
  return files.paths
    .filter(
      (path) =>
        path.startsWith(start) &&
        /^(?:values[-_.][^/]+|ci\/[^/]*values)\.ya?ml$/.test(path.slice(start.length)),
    )
    .slice(0, maxGuessedFiles);
}

/** A name that Kubernetes takes, and that no program takes for an option. */
function releaseName(name: string, otherwise: string): string {
  return /^[a-z0-9](?:[-a-z0-9]{0,51}[a-z0-9])?$/.test(name) ? name : otherwise;
}

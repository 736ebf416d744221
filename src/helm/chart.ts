import { readText, type RepositoryFiles } from '../files/repositoryFiles.ts';
import { startOfFile, type Located, type Location } from '../source/location.ts';
import { child, items, text, type TreeNode } from '../source/tree.ts';
import { locateValue, yamlFile, type YamlText } from './yamlText.ts';

/** What a chart wants to have in its folder `charts`. */
export interface ChartDependency {
  readonly name: string;
  readonly alias: string | undefined;
  readonly version: string;
  /** `https://...`, `oci://...`, `file://../other`, `@name`; empty where the chart is expected in `charts`. */
  readonly repository: string;
  readonly location: Location;
}

/** A Helm chart of the repository. */
export interface Chart {
  /** Relative to the root of the repository, empty for the root. */
  readonly folder: string;
  /** Chart.yaml. */
  readonly file: string;
  readonly yaml: YamlText;
  readonly name: string;
  readonly isLibrary: boolean;
  readonly appVersion: Located<string> | undefined;
  readonly dependencies: readonly ChartDependency[];
  /** The file that says what it depends on: Chart.yaml, or requirements.yaml of older charts. */
  readonly dependencyFile: YamlText;
}

/** More charts than this are not looked at. */
export const maxCharts = 200;

/** All charts of the repository by their folders, those within other charts among them. */
export function findCharts(files: RepositoryFiles): ReadonlyMap<string, Chart> {
  const charts = files.paths
    .filter((path) => path === 'Chart.yaml' || path.endsWith('/Chart.yaml'))
    .slice(0, maxCharts)
    .flatMap((path) => readChart(files, path) ?? []);
  return new Map(charts.map((chart) => [chart.folder, chart]));
}

/** True for a chart in the folder `charts` of another one: it comes with that. */
export function isSubchart(chart: Chart, charts: ReadonlyMap<string, Chart>): boolean {
  const parent = /^(?:(.*)\/)?charts\/[^/]+$/.exec(chart.folder);
  return parent !== null && charts.has(parent[1] ?? '');
}

/** The path of a file in a folder, which is empty for the root. */
export function pathIn(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}

function readChart(files: RepositoryFiles, file: string): Chart | undefined {
  const yaml = readYaml(files, file);
  const name = text(child(yaml?.root, 'name'));
  if (!yaml || name === undefined) return undefined;
  const folder = file.slice(0, -'/Chart.yaml'.length);
  const appVersion = child(yaml.root, 'appVersion');
  const requirements = readYaml(files, pathIn(folder, 'requirements.yaml'));
  const hasOwn = child(yaml.root, 'dependencies') !== undefined || !requirements;
  const dependencyFile = hasOwn ? yaml : requirements;
  return {
    folder,
    file,
    yaml,
    name,
    isLibrary: text(child(yaml.root, 'type')) === 'library',
    appVersion:
      appVersion?.kind === 'scalar' && text(appVersion)
        ? { value: appVersion.text, location: locateValue(yaml, appVersion) }
        : undefined,
    dependencies: items(child(dependencyFile.root, 'dependencies')).flatMap(
      (item) => readDependency(dependencyFile, item) ?? [],
    ),
    dependencyFile,
  };
}

function readYaml(files: RepositoryFiles, file: string): YamlText | undefined {
  const content = readText(files, file);
  return content === undefined ? undefined : yamlFile(file, content);
}

function readDependency(yaml: YamlText, item: TreeNode): ChartDependency | undefined {
  const name = child(item, 'name');
  if (name?.kind !== 'scalar' || !text(name)) return undefined;
  return {
    name: name.text,
    alias: text(child(item, 'alias')),
    version: text(child(item, 'version')) ?? '',
    repository: text(child(item, 'repository')) ?? '',
    location: name.start < name.end ? locateValue(yaml, name) : startOfFile(yaml.file),
  };
}

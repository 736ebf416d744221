import { folderPath } from '../files/folderPath.ts';
import { readText, type RepositoryFiles } from '../files/repositoryFiles.ts';
import { toData } from '../source/tree.ts';
import { pathIn, type Chart, type ChartDependency } from './chart.ts';
import type { YamlText } from './yamlText.ts';

/** A chart with the folder that it has in the copy that helm gets. */
export interface ChartMember {
  readonly chart: Chart;
  readonly folder: string;
  /** What helm writes in front of the path of its templates, as `parent/charts/child`. */
  readonly sourceNames: readonly string[];
}

/** A chart with all that comes with it. */
export interface ChartFiles {
  /** The chart itself first. */
  readonly members: readonly ChartMember[];
  /** Files that the copy needs besides those of the chart, or other than they are. */
  readonly overrides: ReadonlyMap<string, string>;
  /** What has to come from the network. */
  readonly missing: readonly ChartDependency[];
}

/** More files than this are not put into one chart. */
const maxFiles = 5000;
const maxDepth = 5;

/** Gathers a chart and its subcharts. Those that it names by `file://` are put where helm looks for them. */
export function gatherChart(
  files: RepositoryFiles,
  charts: ReadonlyMap<string, Chart>,
  chart: Chart,
): ChartFiles {
  const gathered = { members: [], overrides: new Map<string, string>(), missing: [] };
  addMember(
    { chart, folder: chart.folder, sourceNames: [chart.name] },
    { files, charts, gathered, depth: 0 },
  );
  return gathered;
}

interface Gathering {
  readonly files: RepositoryFiles;
  readonly charts: ReadonlyMap<string, Chart>;
  readonly gathered: {
    readonly members: ChartMember[];
    readonly overrides: Map<string, string>;
    readonly missing: ChartDependency[];
  };
  readonly depth: number;
}

function addMember(member: ChartMember, at: Gathering): void {
  const { chart, folder, sourceNames } = member;
  at.gathered.members.push(member);
  const missing: ChartDependency[] = [];
  const own = ownSubcharts(chart, at.charts);
  const deeper = { ...at, depth: at.depth + 1 };
  for (const child of at.depth < maxDepth ? own : []) {
    const name = child.folder.slice(child.folder.lastIndexOf('/') + 1);
    const aliases = chart.dependencies.flatMap((one) =>
      one.name === child.name && one.alias ? one.alias : [],
    );
    const names = [child.name, ...aliases].flatMap((last) =>
      sourceNames.map((parent) => `${parent}/charts/${last}`),
    );
    addMember({ chart: child, folder: pathIn(folder, `charts/${name}`), sourceNames: names }, deeper);
  }
  for (const dependency of chart.dependencies) {
    if (own.some((child) => child.name === dependency.name) || isPackaged(chart, dependency, at.files))
      continue;
    const local = at.depth < maxDepth ? localChart(chart, dependency, at.charts) : undefined;
    if (local) addLocal(local, dependency, member, deeper);
    else missing.push(dependency);
  }
  at.gathered.missing.push(...missing);
  overrideChart(member, missing, at);
}

function ownSubcharts(chart: Chart, charts: ReadonlyMap<string, Chart>): readonly Chart[] {
  const parent = pathIn(chart.folder, 'charts/');
  return [...charts.values()].filter(
    ({ folder }) => folder.startsWith(parent) && !folder.slice(parent.length).includes('/'),
  );
}

/** The path of a package cannot be listed, but it can be asked for. */
function isPackaged({ folder }: Chart, { name, version }: ChartDependency, files: RepositoryFiles): boolean {
  const isPlain = /^[\w.-]+$/.test(name) && /^[\w.+-]+$/.test(version);
  return isPlain && files.read(pathIn(folder, `charts/${name}-${version}.tgz`)) !== undefined;
}

function localChart(
  { folder }: Chart,
  { repository }: ChartDependency,
  charts: ReadonlyMap<string, Chart>,
): Chart | undefined {
  if (!repository.startsWith('file://')) return undefined;
  const path = folderPath(pathIn(folder, repository.slice('file://'.length)));
  return path === undefined ? undefined : charts.get(path);
}

function addLocal(local: Chart, dependency: ChartDependency, parent: ChartMember, at: Gathering): void {
  const { gathered, files } = at;
  const folder = pathIn(parent.folder, `charts/${local.folder.slice(local.folder.lastIndexOf('/') + 1)}`);
  const from = local.folder === '' ? '' : `${local.folder}/`;
  // A chart that contains the one which wants it would be copied into itself.
  if (`${parent.folder}/`.startsWith(from)) return;
  for (const path of files.paths) {
    if (!path.startsWith(from)) continue;
    if (gathered.overrides.size >= maxFiles) return;
    const text = readText(files, path);
    if (text !== undefined) gathered.overrides.set(pathIn(folder, path.slice(from.length)), text);
  }
  const names = [local.name, ...(dependency.alias ? [dependency.alias] : [])];
  const sourceNames = names.flatMap((name) => parent.sourceNames.map((above) => `${above}/charts/${name}`));
  addMember({ chart: local, folder, sourceNames }, at);
}

/** What cannot be had is taken out of Chart.yaml, and with it which Kubernetes it wants: helm would refuse all of it. */
function overrideChart(
  { chart, folder }: ChartMember,
  missing: readonly ChartDependency[],
  at: Gathering,
): void {
  const names = new Set(missing.map(({ name }) => name));
  const hasOwn = chart.dependencyFile === chart.yaml;
  const data = dataOf(chart.yaml);
  if (data['kubeVersion'] !== undefined || (names.size > 0 && hasOwn)) {
    const { kubeVersion: _, ...others } = data;
    at.gathered.overrides.set(
      pathIn(folder, 'Chart.yaml'),
      writeJson(hasOwn ? without(others, names) : others),
    );
  }
  if (names.size > 0 && !hasOwn) {
    const path = pathIn(folder, 'requirements.yaml');
    at.gathered.overrides.set(path, writeJson(without(dataOf(chart.dependencyFile), names)));
  }
}

/** A file as plain data. */
export function dataOf({ root }: YamlText): Readonly<Record<string, unknown>> {
  const data = toData(root);
  return isRecord(data) ? data : {};
}

function without(
  data: Readonly<Record<string, unknown>>,
  names: ReadonlySet<string>,
): Readonly<Record<string, unknown>> {
  const list = Array.isArray(data['dependencies']) ? data['dependencies'] : [];
  const kept: readonly unknown[] = list.filter((one) => !(isRecord(one) && names.has(String(one['name']))));
  return { ...data, dependencies: kept };
}

/** JSON, which is YAML. */
export function writeJson(data: unknown): string {
  return JSON.stringify(data, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

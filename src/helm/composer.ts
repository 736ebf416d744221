import { readText, type RepositoryFiles } from '../files/repositoryFiles.ts';
import type {
  BuildOutput,
  BuildProblem,
  Composed,
  ComposeInput,
  Composer,
  ReadImages,
} from '../manifest/build.ts';
import type { Facts } from '../manifest/facts.ts';
import type { ImageUse } from '../manifest/imageUse.ts';
import { mergeUses, placeOf } from '../manifest/mergeUses.ts';
import { holdsTemplate } from '../manifest/placeholder.ts';
import { startOfFile, type Located, type Location } from '../source/location.ts';
import { findCharts, isSubchart, maxCharts, pathIn, type Chart } from './chart.ts';
import { prepareJobs, type RenderingJobs } from './chartJobs.ts';
import { readValueUses } from './chartValueUses.ts';
import { collectMarks, mapBack } from './mapBack.ts';
import { readRenderedFacts } from './renderedFacts.ts';
import { alignRendered, readRendered } from './renderedUses.ts';
import { findRenderings, maxRenderings, type GivenValues, type Rendering } from './rendering.ts';
import { substituteUses } from './substituteUses.ts';
import { isValuesFile, readValues } from './valuesFile.ts';

/** What a user says about charts. */
export interface HelmOptions {
  /** Files of values for charts, by the folder of the chart: such a chart is rendered with them and in no other way. */
  readonly values: GivenValues;
}

/** Finds the images of charts and of the objects that install them. */
export function helmComposer(options: HelmOptions): Composer {
  return {
    plan: (files, read) => {
      const all = planRenderings(files, read, options);
      // A chart that takes too long is found out before its other runs are begun.
      return [...all.map(({ plain }) => plain), ...all.flatMap(({ marked }) => marked.map(({ job }) => job))];
    },
    compose: (input) => compose(input, options),
  };
}

function planRenderings(
  files: RepositoryFiles,
  read: ReadImages,
  options: HelmOptions,
): readonly RenderingJobs[] {
  const charts = findCharts(files);
  if (charts.size === 0) return [];
  return findRenderings(files, charts, options.values).map((one) => prepareJobs(one, files, read));
}

function compose(input: ComposeInput, options: HelmOptions): Composed {
  const { files, written, read } = input;
  const charts = findCharts(files);
  const values = readValuesFiles(input, charts);
  const results = planRenderings(files, read, options).map((jobs) => readResult(jobs, input));
  const rendered = mergeUses(
    results.flatMap((result) => result.uses),
    ({ field, hook, workload }) => [field, hook, workload?.kind, workload?.name, workload?.namespace],
  );
  const isReplaced = createReplacement(results);
  const replaced = new Set(written.filter(isReplaced));
  const places = new Set(rendered.map(placeOf));
  const keptValues = values.uses.flatMap((use) => {
    if (!isReplaced(use)) return use;
    return places.has(placeOf(use)) ? [] : { ...use, pulledBy: [] };
  });
  const substituted = substituteUses(input, [...keptValues, ...rendered]);
  return {
    uses: [...substituted.own, ...substituted.made],
    replaced: new Set([...replaced, ...substituted.replaced]),
    facts: {
      secrets: withoutRepeats(results.flatMap(({ facts }) => facts.secrets)),
      serviceAccounts: withoutRepeats(results.flatMap(({ facts }) => facts.serviceAccounts)),
    },
    problems: [...values.problems, ...describeProblems(results), ...describeLimits(charts, results)],
  };
}

/** What several renderings make alike. */
function withoutRepeats<T>(facts: readonly T[]): readonly T[] {
  return [...new Map(facts.map((fact) => [JSON.stringify(fact), fact])).values()];
}

/** What the files of values say, of charts in the repository and elsewhere. */
function readValuesFiles(
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
function markCi(use: ImageUse): ImageUse {
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

/** What became of a rendering. */
interface RenderingResult {
  readonly rendering: Rendering;
  readonly output: BuildOutput | undefined;
  readonly uses: readonly ImageUse[];
  /** The places that the images of this rendering come from. */
  readonly places: ReadonlySet<string>;
  readonly facts: Pick<Facts, 'secrets' | 'serviceAccounts'>;
}

const noFacts: RenderingResult['facts'] = { secrets: [], serviceAccounts: [] };

function readResult({ rendering, plain, marked }: RenderingJobs, input: ComposeInput): RenderingResult {
  const output = input.outputs.get(plain.id);
  if (!output?.ok) return { rendering, output, uses: [], places: new Set(), facts: noFacts };
  const found = readRendered(output.text, input.read);
  const aligned = marked.flatMap(({ job, kind, marks }) => {
    const other = input.outputs.get(job.id);
    return other?.ok
      ? [{ kind, uses: alignRendered(found, readRendered(other.text, input.read)), marks }]
      : [];
  });
  const places = new Set<string>();
  const uses = found.map((one, index) => {
    const marks = collectMarks(aligned, index);
    for (const mark of marks) places.add(startOf(mark.location));
    const hasMarkedName = aligned.some(
      ({ kind, uses: others }) => kind !== 'versions' && others[index] !== undefined,
    );
    return markCi(mapBack({ ...one, marks, hasMarkedName }, rendering, input.files));
  });
  for (const { location } of uses) places.add(startOf(location));
  return { rendering, output, uses, places, facts: readRenderedFacts(output.text, rendering) };
}

/** Tells which written images a rendering stands for. */
function createReplacement(results: readonly RenderingResult[]): (use: ImageUse) => boolean {
  const places = new Set<string>();
  const templates: string[] = [];
  const rendered: string[] = [];
  const installed: string[] = [];
  for (const { rendering, output, places: own } of results) {
    if (!output?.ok) continue;
    for (const place of own) places.add(place);
    for (const { chart } of rendering.files.members) {
      templates.push(pathIn(chart.folder, 'templates/'));
      rendered.push(pathIn(chart.folder, 'values.yaml'));
      if (rendering.reason === 'install' || rendering.reason === 'given')
        installed.push(pathIn(chart.folder, 'values.yaml'));
    }
  }
  return (use) => {
    const { file } = use.location;
    if (templates.some((folder) => file.startsWith(folder))) {
      return use.status === 'unresolved' || places.has(startOf(use.location));
    }
    if (use.from !== 'chartValues') return false;
    // What a template in the values comes to, the rendering shows.
    if (rendered.includes(file) && use.status === 'unresolved' && use.text.includes('{{')) return true;
    // Where it is known how a chart is installed, nobody pulls what that leaves out.
    if (installed.includes(file)) return true;
    return places.has(startOf(use.location));
  };
}

function startOf({ file, start }: Location): string {
  return `${file}:${start.line}:${start.column}`;
}

function describeProblems(results: readonly RenderingResult[]): readonly BuildProblem[] {
  const problems: BuildProblem[] = describeUnbuilt(results);
  const told = new Set<string>();
  for (const { rendering, output } of results) {
    const { chart, files } = rendering;
    if (!output || isUnbuilt({ output })) continue;
    const isFirst = !told.has(chart.folder);
    told.add(chart.folder);
    if (isFirst) problems.push(...files.missing.map((dependency) => describeMissing(chart, dependency)));
    if (!output.ok) problems.push(describeFailure(rendering, output.reason));
  }
  return problems;
}

function describeMissing(
  chart: Chart,
  { name, repository, location }: Chart['dependencies'][number],
): BuildProblem {
  const source = repository === '' ? 'its folder charts' : repository;
  return {
    kind: 'remote',
    location,
    message: `the chart ${chart.name} is rendered without ${name}, which would come from ${source}: its images are not known`,
  };
}

function describeFailure({ chart, reason: why, location, builtBy }: Rendering, reason: string): BuildProblem {
  // A file that only looks like values for this chart need not fit.
  if (why === 'guessed') {
    const message = `the chart ${chart.name} cannot be rendered with ${builtBy.at(-1)}: ${reason}`;
    return { kind: 'unbuilt', location, message };
  }
  return {
    kind: 'failed',
    location,
    message: `the chart ${chart.name} cannot be rendered: ${reason}. Only the images that its values name by convention are known`,
  };
}

function isUnbuilt({ output }: Pick<RenderingResult, 'output'>): boolean {
  return !output || (!output.ok && output.kind !== 'failed');
}

/** Once for all charts: nobody can do more about the second one than about the first. */
function describeUnbuilt(results: readonly RenderingResult[]): BuildProblem[] {
  const unbuilt = results.filter(isUnbuilt);
  const [first] = unbuilt;
  if (!first) return [];
  const { rendering, output } = first;
  const { chart, location } = rendering;
  const isOnly = unbuilt.every((one) => one.rendering.chart === chart);
  const several = unbuilt.length < results.length ? 'some of the charts here are' : 'the charts here are';
  const [what, whose] = isOnly ? [`the chart ${chart.name} is`, 'its'] : [several, 'their'];
  const reason = output && !output.ok ? `, because ${output.reason}` : '';
  const message = `${what} not rendered${reason}: only the images that ${whose} values name by convention are known`;
  return [{ kind: 'unbuilt', location, message }];
}

function describeLimits(
  charts: ReadonlyMap<string, Chart>,
  results: readonly RenderingResult[],
): readonly BuildProblem[] {
  const last = [...charts.values()].findLast((chart) => !isSubchart(chart, charts));
  const message =
    charts.size >= maxCharts
      ? `there are more than ${maxCharts} charts here: the others are not looked at`
      : results.length >= maxRenderings
        ? `there are more than ${maxRenderings} ways to render the charts here: the others are left out`
        : undefined;
  return message !== undefined && last ? [{ kind: 'unbuilt', location: startOfChart(last), message }] : [];
}

function startOfChart({ yaml }: Chart): Location {
  return yaml.locate({ start: 0, end: 0 });
}

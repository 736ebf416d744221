import type { BuildProblem } from '../manifest/build.ts';
import type { Location } from '../source/location.ts';
import { isSubchart, maxCharts, type Chart } from './chart.ts';
import { maxRenderings, type Rendering } from './rendering.ts';
import type { RenderingResult } from './renderingResult.ts';

/** Why not all is known of the charts that were to be rendered. */
export function describeProblems(results: readonly RenderingResult[]): readonly BuildProblem[] {
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

/** What is left out because there is too much of it. */
export function describeLimits(
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

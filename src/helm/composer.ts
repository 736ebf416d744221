import type { RepositoryFiles } from '../files/repositoryFiles.ts';
import type { Composed, ComposeInput, Composer, ReadImages } from '../manifest/build.ts';
import { mergeUses, placeOf } from '../manifest/mergeUses.ts';
import { findCharts } from './chart.ts';
import { prepareJobs, type RenderingJobs } from './chartJobs.ts';
import { describeLimits, describeProblems } from './chartProblems.ts';
import { findRenderings, type GivenValues } from './rendering.ts';
import { createReplacement, readResult } from './renderingResult.ts';
import { substituteUses } from './substituteUses.ts';
import { readValuesFiles } from './valuesFileUses.ts';

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

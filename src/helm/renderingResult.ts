import type { BuildOutput, ComposeInput } from '../manifest/build.ts';
import type { Facts } from '../manifest/facts.ts';
import type { ImageUse } from '../manifest/imageUse.ts';
import type { Location } from '../source/location.ts';
import { pathIn } from './chart.ts';
import type { RenderingJobs } from './chartJobs.ts';
import { collectMarks, mapBack } from './mapBack.ts';
import { readRenderedFacts } from './renderedFacts.ts';
import { alignRendered, readRendered } from './renderedUses.ts';
import type { Rendering } from './rendering.ts';
import { openSources } from './renderingSources.ts';
import { markCi } from './valuesFileUses.ts';

/** What became of a rendering. */
export interface RenderingResult {
  readonly rendering: Rendering;
  readonly output: BuildOutput | undefined;
  readonly uses: readonly ImageUse[];
  /** The places that the images of this rendering come from. */
  readonly places: ReadonlySet<string>;
  readonly facts: Pick<Facts, 'secrets' | 'serviceAccounts'>;
}

const noFacts: RenderingResult['facts'] = { secrets: [], serviceAccounts: [] };

/** The images of a rendering at the places that decide them, if it was rendered. */
export function readResult(
  { rendering, plain, marked }: RenderingJobs,
  input: ComposeInput,
): RenderingResult {
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
  const sources = openSources(rendering, input.files);
  const uses = found.map((one, index) => {
    const marks = collectMarks(aligned, index);
    for (const mark of marks) places.add(startOf(mark.location));
    const hasMarkedName = aligned.some(
      ({ kind, uses: others }) => kind !== 'versions' && others[index] !== undefined,
    );
    return markCi(mapBack({ ...one, marks, hasMarkedName }, sources));
  });
  for (const { location } of uses) places.add(startOf(location));
  return { rendering, output, uses, places, facts: readRenderedFacts(output.text, rendering) };
}

/** Tells which written images a rendering stands for. */
export function createReplacement(results: readonly RenderingResult[]): (use: ImageUse) => boolean {
  const places = new Set<string>();
  // Many renderings can be of one chart.
  const templates = new Set<string>();
  const rendered = new Set<string>();
  const installed = new Set<string>();
  for (const { rendering, output, places: own } of results) {
    if (!output?.ok) continue;
    for (const place of own) places.add(place);
    for (const { chart } of rendering.files.members) {
      templates.add(pathIn(chart.folder, 'templates/'));
      rendered.add(pathIn(chart.folder, 'values.yaml'));
      if (rendering.reason === 'install' || rendering.reason === 'given')
        installed.add(pathIn(chart.folder, 'values.yaml'));
    }
  }
  const folders = [...templates];
  return (use) => {
    const { file } = use.location;
    if (folders.some((folder) => file.startsWith(folder))) {
      return use.status === 'unresolved' || places.has(startOf(use.location));
    }
    if (use.from !== 'chartValues') return false;
    // What a template in the values comes to, the rendering shows.
    if (rendered.has(file) && use.status === 'unresolved' && use.text.includes('{{')) return true;
    // Where it is known how a chart is installed, nobody pulls what that leaves out.
    if (installed.has(file)) return true;
    return places.has(startOf(use.location));
  };
}

function startOf({ file, start }: Location): string {
  return `${file}:${start.line}:${start.column}`;
}

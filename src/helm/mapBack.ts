import type { ImageParts, ImageUse, Workload } from '../manifest/imageUse.ts';
import { startOfFile, type Location } from '../source/location.ts';
import { pathIn } from './chart.ts';
import { findMarks, type Mark, type MarkedPart } from './marks.ts';
import type { RenderedUse } from './renderedUses.ts';
import type { Rendering } from './rendering.ts';
import { findText, type FoundPart, type RenderingSources } from './renderingSources.ts';

/** The marks that an image shows where it is rendered with them. */
export interface MarkedUse extends RenderedUse {
  readonly marks: readonly Mark[];
  /** True when a run with marks in names has the image too. */
  readonly hasMarkedName: boolean;
}

/** An image of a rendering at the place in the repository that decides it. */
export function mapBack(rendered: MarkedUse, sources: RenderingSources): ImageUse {
  const { use, hook, hasMarkedName } = rendered;
  const { rendering } = sources;
  const template = findTemplate(rendered.template, rendering);
  const { parts: _, workload, ...plain } = use;
  const guessed = hasMarkedName ? undefined : sources.findInValues(use.text);
  const marks: readonly FoundPart[] = guessed ? [guessed, ...rendered.marks] : rendered.marks;
  const location =
    decidingPart(marks)?.location ??
    findWrittenOut(use, template, sources) ??
    sources.findInValues(use.text)?.location ??
    findImageLine(use, template, sources);
  const parts = partsOf(marks);
  const isValue = !isTemplate(location.file, rendering) && location.file !== rendering.chart.file;
  return {
    ...plain,
    location,
    from: isValue ? 'chartValues' : use.from,
    builtBy: rendering.builtBy,
    ...(Object.keys(parts).length > 0 && { parts }),
    ...(workload && { workload: placeWorkload(workload, template, sources) }),
    ...(hook !== undefined && { hook }),
  };
}

const order: readonly MarkedPart[] = ['image', 'repository', 'registry', 'tag', 'digest'];

function decidingPart(marks: readonly FoundPart[]): FoundPart | undefined {
  return marks.toSorted((a, b) => order.indexOf(a.part) - order.indexOf(b.part))[0];
}

function partsOf(marks: readonly FoundPart[]): ImageParts {
  const parts: Partial<Record<keyof ImageParts, Location>> = {};
  const split = marks.some(({ part }) => part !== 'image' && part !== 'repository');
  for (const { part, location } of split ? marks : [])
    parts[part === 'image' ? 'repository' : part] ??= location;
  return parts;
}

function isTemplate(file: string, { files }: Rendering): boolean {
  return files.members.some(({ chart }) => file.startsWith(pathIn(chart.folder, 'templates/')));
}

/** The file of a template by the name that helm gives it; undefined for one in a packaged chart. */
export function findTemplate(name: string, { files }: Rendering): string | undefined {
  for (const { chart, sourceNames } of files.members) {
    const source = sourceNames.find(
      (prefix) => name.startsWith(`${prefix}/`) && !name.startsWith(`${prefix}/charts/`),
    );
    if (source !== undefined) return pathIn(chart.folder, name.slice(source.length + 1));
  }
  return undefined;
}

/** The line of a template that writes the image out. */
function findWrittenOut(
  use: ImageUse,
  template: string | undefined,
  sources: RenderingSources,
): Location | undefined {
  const own = template === undefined ? undefined : findText(template, sources.textOf(template), use.text);
  return own ?? sources.findInTemplates(use.text);
}

/** Where nothing else is known: the line of the template that has an image, for the image of a container. */
function findImageLine(
  { workload, field }: ImageUse,
  template: string | undefined,
  { rendering, textOf }: RenderingSources,
): Location {
  if (template === undefined) return packagedLocation(rendering);
  const own = workload && field.endsWith('.image') ? textOf(template) : '';
  return findText(template, own, /^[ \t-]*image:[^\n]*/m) ?? startOfFile(template);
}

/** The templates of a package cannot be named: the line that wants the package decides. */
function packagedLocation({ chart }: Rendering): Location {
  const [dependency] = chart.dependencies;
  return chart.dependencies.length === 1 && dependency ? dependency.location : startOfFile(chart.file);
}

function placeWorkload(
  workload: Workload,
  template: string | undefined,
  { rendering, textOf }: RenderingSources,
): Workload {
  // The kind is whatever the chart prints; no name of an object is longer.
  const escaped = workload.kind.slice(0, 253).replaceAll(/\W/g, '\\$&');
  const kind = new RegExp(`^kind:[ \\t]*${escaped}(?!\\w)`, 'm');
  const location =
    template === undefined
      ? packagedLocation(rendering)
      : (findText(template, textOf(template), kind) ?? startOfFile(template));
  const imagePullSecrets = workload.imagePullSecrets.map(({ value }) => ({ value, location }));
  return { ...workload, location, imagePullSecrets };
}

/** The marks in the images that stand at the place of one in the runs with marks. */
export function collectMarks(
  aligned: readonly {
    readonly uses: readonly (RenderedUse | undefined)[];
    readonly marks: readonly Mark[];
  }[],
  index: number,
): readonly Mark[] {
  const found = aligned.flatMap(({ uses, marks }) =>
    findMarks(uses[index]?.use.text ?? '').flatMap((mark) => marks[mark] ?? []),
  );
  return [...new Set(found)];
}

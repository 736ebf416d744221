import { readText, type RepositoryFiles } from '../files/repositoryFiles.ts';
import type { ImageParts, ImageUse, Workload } from '../manifest/imageUse.ts';
import { locateIn } from '../source/lineIndex.ts';
import { startOfFile, type Location } from '../source/location.ts';
import { pathIn } from './chart.ts';
import { findValueImages } from './valueImages.ts';
import { locateValue, type YamlText } from './yamlText.ts';
import { findMarks, type Mark, type MarkedPart } from './marks.ts';
import type { RenderedUse } from './renderedUses.ts';
import type { Rendering } from './rendering.ts';
import { readValues } from './valuesFile.ts';

/** The marks that an image shows where it is rendered with them. */
export interface MarkedUse extends RenderedUse {
  readonly marks: readonly Mark[];
  /** True when a run with marks in names has the image too. */
  readonly hasMarkedName: boolean;
}

/** An image of a rendering at the place in the repository that decides it. */
export function mapBack(rendered: MarkedUse, rendering: Rendering, files: RepositoryFiles): ImageUse {
  const { use, hook, hasMarkedName } = rendered;
  const template = findTemplate(rendered.template, rendering);
  const { parts: _, workload, ...plain } = use;
  const guessed = hasMarkedName ? undefined : findInValues(use.text, rendering, files);
  const marks: readonly FoundPart[] = guessed ? [guessed, ...rendered.marks] : rendered.marks;
  const location =
    decidingPart(marks)?.location ??
    findWrittenOut(use, template, rendering, files) ??
    findInValues(use.text, rendering, files)?.location ??
    findImageLine(use, template, rendering, files);
  const parts = partsOf(marks);
  const isValue = !isTemplate(location.file, rendering) && location.file !== rendering.chart.file;
  return {
    ...plain,
    location,
    from: isValue ? 'chartValues' : use.from,
    builtBy: rendering.builtBy,
    ...(Object.keys(parts).length > 0 && { parts }),
    ...(workload && { workload: placeWorkload(workload, template, rendering, files) }),
    ...(hook !== undefined && { hook }),
  };
}

const order: readonly MarkedPart[] = ['image', 'repository', 'registry', 'tag', 'digest'];

/** A place that decides a part of an image. */
type FoundPart = Pick<Mark, 'part' | 'location'>;

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
  rendering: Rendering,
  files: RepositoryFiles,
): Location | undefined {
  const own =
    template === undefined ? undefined : findText(template, readText(files, template) ?? '', use.text);
  return own ?? findInHelpers(use.text, rendering, files);
}

/** The image in the values whose repository ends the name, the longest of several. */
function findInValues(text: string, rendering: Rendering, files: RepositoryFiles): FoundPart | undefined {
  const name = nameOf(text);
  const found = [...rendering.values, ...ownValues(rendering, files)].flatMap((yaml) =>
    findValueImages(yaml.root).flatMap((image) => {
      const part = nameOf(image.main.text);
      return name === part || name.endsWith(`/${part}`) ? { part, yaml, image } : [];
    }),
  );
  const [best] = found.toSorted((a, b) => b.part.length - a.part.length);
  return (
    best && {
      part: best.image.lacksTag || best.image.parts.tag ? 'repository' : 'image',
      location: locateValue(best.yaml, best.image.main),
    }
  );
}

function ownValues({ files: { members } }: Rendering, files: RepositoryFiles): readonly YamlText[] {
  return members.flatMap(({ chart }) => readValues(files, pathIn(chart.folder, 'values.yaml')) ?? []);
}

/** An image without tag and digest. */
function nameOf(image: string): string {
  const [name = ''] = image.split('@', 1);
  return name.replace(/:[^/]*$/, '');
}

/** Where nothing else is known: the line of the template that has an image, for the image of a container. */
function findImageLine(
  { workload, field }: ImageUse,
  template: string | undefined,
  rendering: Rendering,
  files: RepositoryFiles,
): Location {
  if (template === undefined) return packagedLocation(rendering);
  const own = workload && field.endsWith('.image') ? readText(files, template) : undefined;
  return findText(template, own ?? '', /^[ \t-]*image:[^\n]*/m) ?? startOfFile(template);
}

function findInHelpers(
  text: string,
  { files: { members } }: Rendering,
  files: RepositoryFiles,
): Location | undefined {
  const folders = members.map(({ chart }) => pathIn(chart.folder, 'templates/'));
  const found = files.paths.flatMap((path) => {
    if (!folders.some((folder) => path.startsWith(folder))) return [];
    return findText(path, readText(files, path) ?? '', text) ?? [];
  });
  return found.length === 1 ? found[0] : undefined;
}

function findText(file: string, source: string, wanted: string | RegExp): Location | undefined {
  const [text, start] =
    typeof wanted === 'string' ? [wanted, source.indexOf(wanted)] : firstMatch(source, wanted);
  if (start < 0 || text === '') return undefined;
  return locateIn(file, source)({ start, end: start + text.length });
}

function firstMatch(source: string, pattern: RegExp): readonly [text: string, start: number] {
  const match = pattern.exec(source);
  if (!match) return ['', -1];
  const text = match[0].trimStart();
  return [text, match.index + match[0].length - text.length];
}

/** The templates of a package cannot be named: the line that wants the package decides. */
function packagedLocation({ chart }: Rendering): Location {
  const [dependency] = chart.dependencies;
  return chart.dependencies.length === 1 && dependency ? dependency.location : startOfFile(chart.file);
}

function placeWorkload(
  workload: Workload,
  template: string | undefined,
  rendering: Rendering,
  files: RepositoryFiles,
): Workload {
  const location =
    template === undefined
      ? packagedLocation(rendering)
      : (findText(
          template,
          readText(files, template) ?? '',
          new RegExp(`^kind:[ \\t]*${workload.kind}\\b`, 'm'),
        ) ?? startOfFile(template));
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

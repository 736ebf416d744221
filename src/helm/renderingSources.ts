import { readText, type RepositoryFiles } from '../files/repositoryFiles.ts';
import { locateIn } from '../source/lineIndex.ts';
import type { Location } from '../source/location.ts';
import { pathIn } from './chart.ts';
import type { Mark } from './marks.ts';
import type { Rendering } from './rendering.ts';
import { findValueImages, type ValueImage } from './valueImages.ts';
import { readValues } from './valuesFile.ts';
import { locateValue, type YamlText } from './yamlText.ts';

/** A place that decides a part of an image. */
export type FoundPart = Pick<Mark, 'part' | 'location'>;

/** An image in the values of a rendering. */
interface NamedImage {
  /** Without tag and digest. */
  readonly name: string;
  readonly yaml: YamlText;
  readonly image: ValueImage;
}

/** What a rendering is made of, for all of its images: a file is read once, and only where somebody looks into it. */
export interface RenderingSources {
  readonly rendering: Rendering;
  /** Empty for a file that cannot be read. */
  readonly textOf: (path: string) => string;
  /** The image in the values whose repository ends the name of an image, the longest of several. */
  readonly findInValues: (image: string) => FoundPart | undefined;
  /** A text that stands in one of the templates; undefined where it stands in several. */
  readonly findInTemplates: (text: string) => Location | undefined;
}

export function openSources(rendering: Rendering, files: RepositoryFiles): RenderingSources {
  const texts = new Map<string, string>();
  const textOf = (path: string): string => {
    const text = texts.get(path) ?? readText(files, path) ?? '';
    texts.set(path, text);
    return text;
  };
  let images: readonly NamedImage[] | undefined;
  let templates: readonly string[] | undefined;
  return {
    rendering,
    textOf,
    findInValues: (image) => findLongest(image, (images ??= readNamedImages(rendering, files))),
    findInTemplates: (text) => {
      templates ??= templatesOf(rendering, files);
      const found = templates.flatMap((path) => findText(path, textOf(path), text) ?? []);
      return found.length === 1 ? found[0] : undefined;
    },
  };
}

function readNamedImages(
  { values, files: { members } }: Rendering,
  files: RepositoryFiles,
): readonly NamedImage[] {
  const own = members.flatMap(({ chart }) => readValues(files, pathIn(chart.folder, 'values.yaml')) ?? []);
  return [...values, ...own].flatMap((yaml) =>
    findValueImages(yaml.root).map((image) => ({ name: nameOf(image.main.text), yaml, image })),
  );
}

function findLongest(text: string, images: readonly NamedImage[]): FoundPart | undefined {
  const wanted = nameOf(text);
  const found = images.filter(({ name }) => wanted === name || wanted.endsWith(`/${name}`));
  const [best] = found.toSorted((a, b) => b.name.length - a.name.length);
  return (
    best && {
      part: best.image.lacksTag || best.image.parts.tag ? 'repository' : 'image',
      location: locateValue(best.yaml, best.image.main),
    }
  );
}

/** An image without tag and digest. */
function nameOf(image: string): string {
  const [name = ''] = image.split('@', 1);
  return name.replace(/:[^/]*$/, '');
}

function templatesOf({ files: { members } }: Rendering, files: RepositoryFiles): readonly string[] {
  const folders = members.map(({ chart }) => pathIn(chart.folder, 'templates/'));
  return files.paths.filter((path) => folders.some((folder) => path.startsWith(folder)));
}

/** Where a text stands for the first time, without the spaces that a pattern may begin with. */
export function findText(file: string, source: string, wanted: string | RegExp): Location | undefined {
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

import { readText, type RepositoryFiles } from '../files/repositoryFiles.ts';
import type { BuildJob, ReadImages } from '../manifest/build.ts';
import type { ImageUse } from '../manifest/imageUse.ts';
import { LineIndex } from '../source/lineIndex.ts';
import type { Location } from '../source/location.ts';
import { replaceStretches } from '../source/replaceStretches.ts';
import { isPlaceholder } from '../manifest/placeholder.ts';
import { pathIn } from './chart.ts';
import { dataOf, writeJson, type ChartMember } from './chartFiles.ts';
import { insertMark, markValues, maxMarks, type Mark, type MarkedKind } from './marks.ts';
import type { Rendering } from './rendering.ts';
import { yamlFile } from './yamlText.ts';
import { readValues } from './valuesFile.ts';

/** The runs that a rendering takes: as it is, and with marks in what may be part of an image. */
export interface RenderingJobs {
  readonly rendering: Rendering;
  readonly plain: BuildJob;
  readonly marked: readonly MarkedJob[];
}

/** A run in which values are replaced by marks. */
export interface MarkedJob {
  readonly kind: MarkedKind;
  readonly job: BuildJob;
  readonly marks: readonly Mark[];
}

/** Charts are made for this version of Kubernetes: without a cluster helm would take one from the year it was built. */
const kubernetesVersion = '1.35.0';

/** Prepares the runs of a rendering. */
export function prepareJobs(rendering: Rendering, files: RepositoryFiles, read: ReadImages): RenderingJobs {
  const texts = rendering.values.map(({ text }) => text);
  const plain = createJob(rendering, '', rendering.files.overrides, texts);
  // What is only tried is not worth a third run.
  const kinds: readonly MarkedKind[] = rendering.reason === 'guessed' ? ['all'] : ['names', 'versions'];
  const marked = kinds.map((kind) => markJob(rendering, kind, files, read));
  return { rendering, plain, marked: marked.filter(({ marks }) => marks.length > 0) };
}

function createJob(
  rendering: Rendering,
  variant: string,
  files: ReadonlyMap<string, string>,
  values: readonly string[],
): BuildJob {
  const { chart, releaseName, namespace } = rendering;
  // Under names of our own: a comma in a path would be two paths.
  const paths = values.map((_, index) => `.mirrorproof/values-${index}.yaml`);
  const overrides = new Map(files);
  for (const [index, path] of paths.entries()) overrides.set(path, values[index] ?? '');
  return {
    id: `${rendering.id}${variant}`,
    program: 'helm',
    folder: chart.folder,
    folders: [],
    args: [
      'template',
      releaseName,
      `./${chart.folder}`,
      '--namespace',
      namespace,
      '--kube-version',
      kubernetesVersion,
      ...paths.flatMap((path) => ['--values', `./${path}`]),
    ],
    overrides,
  };
}

function markJob(
  rendering: Rendering,
  kind: MarkedKind,
  files: RepositoryFiles,
  read: ReadImages,
): MarkedJob {
  const marking = new Marking(kind);
  const overrides = new Map(rendering.files.overrides);
  const values = rendering.values.map((yaml) => marking.take(markValues(yaml, kind, marking.next)));
  for (const member of rendering.files.members) markMember(member, marking, overrides, files, read);
  return { kind, job: createJob(rendering, `#${kind}`, overrides, values), marks: marking.marks };
}

/** Numbers the marks of one run. */
class Marking {
  readonly kind: MarkedKind;
  readonly marks: Mark[] = [];

  constructor(kind: MarkedKind) {
    this.kind = kind;
  }

  get next(): number {
    return this.marks.length;
  }

  take({ text, marks }: { readonly text: string; readonly marks: readonly Mark[] }): string {
    this.marks.push(...marks);
    return text;
  }
}

function markMember(
  member: ChartMember,
  marking: Marking,
  overrides: Map<string, string>,
  files: RepositoryFiles,
  read: ReadImages,
): void {
  const { chart, folder } = member;
  const valuesPath = pathIn(chart.folder, 'values.yaml');
  const values = readValues(files, valuesPath);
  if (values) {
    const marked = markValues(values, marking.kind, marking.next);
    if (marked.marks.length > 0) overrides.set(pathIn(folder, 'values.yaml'), marking.take(marked));
  }
  // A schema may allow certain tags only.
  const schema = pathIn(folder, 'values.schema.json');
  if (overrides.has(schema) || files.read(pathIn(chart.folder, 'values.schema.json')))
    overrides.set(schema, '{}');
  if (marking.kind !== 'names') markAppVersion(member, marking, overrides);
  markTemplates(member, marking, overrides, files, read);
}

function markAppVersion(
  { chart, folder }: ChartMember,
  marking: Marking,
  overrides: Map<string, string>,
): void {
  if (!chart.appVersion) return;
  const index = marking.next;
  const text = insertMark(chart.appVersion.value, 'tag', 'versions', index);
  if (text === undefined || index >= maxMarks) return;
  const path = pathIn(folder, 'Chart.yaml');
  const present = overrides.get(path);
  const data = dataOf((present === undefined ? undefined : yamlFile(path, present)) ?? chart.yaml);
  const marks = [{ index, part: 'tag' as const, location: chart.appVersion.location }];
  overrides.set(path, marking.take({ text: writeJson({ ...data, appVersion: text }), marks }));
}

/** Marks the images that templates write out. */
function markTemplates(
  { chart, folder }: ChartMember,
  marking: Marking,
  overrides: Map<string, string>,
  files: RepositoryFiles,
  read: ReadImages,
): void {
  const start = pathIn(chart.folder, 'templates/');
  for (const path of files.paths) {
    const text = path.startsWith(start) ? readText(files, path) : undefined;
    if (text === undefined) continue;
    const marked = markTemplate(path, text, marking, read);
    if (marked !== text) overrides.set(pathIn(folder, `templates/${path.slice(start.length)}`), marked);
  }
}

function markTemplate(path: string, text: string, marking: Marking, read: ReadImages): string {
  const lines = new LineIndex(text);
  const literals = read(path, text).flatMap((use) => literalOf(use, text, lines) ?? []);
  const replacements = literals.flatMap(({ start, image, location }) => {
    const index = marking.next;
    const other = index < maxMarks ? insertMark(image, 'image', marking.kind, index) : undefined;
    if (other === undefined) return [];
    marking.take({ text: '', marks: [{ index, part: 'image', location }] });
    return { start, end: start + image.length, text: other };
  });
  return replaceStretches(text, replacements);
}

/** An image that a template writes out. */
interface Literal {
  readonly start: number;
  readonly image: string;
  readonly location: Location;
}

function literalOf(
  { location, confidence, text: image }: ImageUse,
  text: string,
  lines: LineIndex,
): Literal | undefined {
  const start = lines.offset(location.start);
  const isThere = text.slice(start, start + image.length) === image;
  // The same whatever a user gives for placeholders: the marks are counted twice.
  return isThere && !isPlaceholder(image) && confidence !== 'possible'
    ? { start, image, location }
    : undefined;
}

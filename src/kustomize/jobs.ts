import { basename, join } from 'node:path/posix';
import { readText, type RepositoryFiles } from '../files/repositoryFiles.ts';
import type { BuildJob } from '../manifest/build.ts';
import { child, entries, items, type TreeNode } from '../source/tree.ts';
import { parseYaml } from '../source/yaml.ts';
import type { Candidate } from './candidates.ts';
import { isBroken, type Closure } from './closure.ts';
import type { Include, Kustomizations } from './includes.ts';
import { scalarsOf, type Kustomization } from './kustomization.ts';
import { expectMarks, markImage, markText } from './marks.ts';
import { fetchesFiles } from './remoteFields.ts';
import { replaceStretches, type Replacement } from '../source/replaceStretches.ts';
import type { Piece } from './sourceText.ts';

/** The runs of one root. */
export interface RootJobs {
  /** As the files are. */
  readonly plain: BuildJob;
  /** With marks behind everything that an image may come from; absent where nobody needs them. */
  readonly marked: BuildJob | undefined;
  /** Files that have another path in the copies, by that path. */
  readonly originals: ReadonlyMap<string, string>;
}

/** A change of a file: what stands in its stead. */
interface Edit extends Replacement {
  readonly file: string;
}

/** Fields that do something to images that only a build shows. */
const telling = [
  'images',
  'imageTags',
  'patches',
  'patchesStrategicMerge',
  'patchesJson6902',
  'replacements',
  'vars',
  'configurations',
  'generators',
  'transformers',
];

/** True where a build is possible, and may make other images than stand in the manifests. */
export function canBeBuilt(closure: Closure): boolean {
  if (isBroken(closure)) return false;
  return closure.kustomizations.some(({ root }) => telling.some((key) => items(child(root, key)).length > 0));
}

/**
 * True where only marks tell which line decides an image. Of what `images` does alone the places are known for sure, once kustomize
 * has made the same images.
 */
export function needsMarks({ kustomizations }: Closure): boolean {
  return kustomizations.some(({ patches, opaque }) => patches.length > 0 || opaque.length > 0);
}

/** The id of the run over the files as they are. */
export function plainJob(file: string): string {
  return `kustomize ${file}`;
}

/** The id of the run over the files with marks. */
export function markedJob(file: string): string {
  return `kustomize ${file} with marks`;
}

/** The runs that tell what becomes of the images of a root; undefined where none can. */
export function planRoot(
  closure: Closure,
  candidates: readonly Candidate[] | undefined,
  kustomizations: Kustomizations,
  files: RepositoryFiles,
): RootJobs | undefined {
  if (!canBeBuilt(closure)) return undefined;
  const plan = new CopyPlan(closure, files);
  if (!plan.prepare(kustomizations)) return undefined;
  const { folder, file } = closure.root;
  const { extraFiles } = plan;
  const make = (id: string, edits: readonly Edit[]): BuildJob => ({
    id,
    program: 'kustomize',
    folder,
    folders: [],
    files: [...extraFiles].sort(),
    args: [],
    overrides: plan.overrides(edits),
  });
  return {
    plain: make(plainJob(file), []),
    marked: candidates && make(markedJob(file), candidates.map(markEdit)),
    originals: plan.originals,
  };
}

function markEdit({ piece, kind }: Candidate, id: number): Edit {
  const { file, stretch, text } = piece;
  const marked =
    kind === 'image' ? markImage(text, id) : kind === 'part' ? markText(text, id) : expectMarks(text);
  return { file, start: stretch?.start ?? 0, end: stretch?.end ?? 0, text: marked };
}

class CopyPlan {
  /** Paths of the repository that kustomize has to see. */
  readonly extraFiles = new Set<string>();
  readonly originals = new Map<string, string>();
  readonly #closure: Closure;
  readonly #files: RepositoryFiles;
  readonly #edits: Edit[] = [];
  readonly #made = new Map<string, string>();

  constructor(closure: Closure, files: RepositoryFiles) {
    this.#closure = closure;
    this.#files = files;
  }

  /** False where the files cannot be made ready for a build without network. */
  prepare(kustomizations: Kustomizations): boolean {
    for (const one of this.#closure.kustomizations) {
      if (fetchesFiles(one, kustomizations)) return false;
      this.extraFiles.add(one.file);
      for (const path of referredFiles(one, kustomizations)) this.extraFiles.add(path);
      for (const piece of [...one.resources, ...one.patches.flatMap(({ path }) => path ?? [])])
        if (!this.#bringInside(one, piece, kustomizations)) return false;
    }
    for (const path of [...this.#closure.files.keys(), ...this.#closure.unread]) this.extraFiles.add(path);
    const areReady = this.#closure.remotes.every(({ kustomization, piece }) =>
      this.#replaceRemote(kustomization, piece),
    );
    return (
      areReady &&
      this.#closure.kustomizations.every((one) => this.#removeCharts(one)) &&
      this.#askForOrigins()
    );
  }

  overrides(edits: readonly Edit[]): ReadonlyMap<string, string> {
    const changed = new Map(this.#made);
    const byFile = new Map<string, Edit[]>();
    for (const edit of [...this.#edits, ...edits]) {
      const known = byFile.get(edit.file);
      if (known) known.push(edit);
      else byFile.set(edit.file, [edit]);
    }
    for (const [file, changes] of byFile) {
      const text = readText(this.#files, file);
      if (text !== undefined) changed.set(file, replaceStretches(text, changes));
    }
    for (const [copy, original] of this.originals)
      changed.set(copy, changed.get(original) ?? readText(this.#files, original) ?? '');
    return changed;
  }

  /**
   * kustomize reads no file beside or above the folder of a kustomization unless an argument allows it to read every file of the
   * machine. The copy has such a file where it may be.
   */
  #bringInside(kustomization: Kustomization, piece: Piece, { resolve }: Kustomizations): boolean {
    const include = resolve(kustomization.folder, piece.text);
    if (include.kind !== 'file') return true;
    const isInside = kustomization.folder === '' || include.path.startsWith(`${kustomization.folder}/`);
    if (isInside) return true;
    const name = `mirrorproof-${this.originals.size}-${basename(include.path)}`;
    this.originals.set(join(kustomization.folder, name), include.path);
    return this.#replace(piece, name);
  }

  /** An object that is not printed stands for what is on the network. */
  #replaceRemote(kustomization: Kustomization, piece: Piece): boolean {
    const name = `mirrorproof-remote-${this.#made.size}`;
    const object = `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n  annotations:\n    config.kubernetes.io/local-config: "true"\n`;
    const isComponent = kustomization.components.includes(piece);
    if (!isComponent && !kustomization.resources.includes(piece)) return false;
    const folder = join(kustomization.folder, name);
    this.#made.set(`${folder}/object.yaml`, object);
    const head = isComponent
      ? 'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n'
      : 'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n';
    this.#made.set(`${folder}/kustomization.yaml`, `${head}resources: [object.yaml]\n`);
    return this.#replace(piece, name);
  }

  #replace({ file, stretch }: Piece, text: string): boolean {
    if (!stretch) return false;
    this.#edits.push({ file, ...stretch, text });
    return true;
  }

  /** kustomize refuses all of a kustomization with charts unless an argument lets it run Helm. */
  #removeCharts({ file, root, source }: Kustomization): boolean {
    const charts = entries(root).filter(({ key }) => /^helmChart(?:s|InflationGenerator)$/.test(key.text));
    if (charts.length > 0 && source.text.charAt(root.start) === '{') return false;
    for (const { key, value } of charts)
      this.#edits.push({ file, start: key.start, end: value.end, text: '\n' });
    return true;
  }

  /** Lets kustomize write into each object which file it came from. */
  #askForOrigins(): boolean {
    const { file, root, source } = this.#closure.root;
    const isFlow = source.text.charAt(root.start) === '{';
    const own = entries(root).filter(({ key }) => key.text === 'buildMetadata');
    if (isFlow && own.length > 0) return true;
    for (const { key, value } of own)
      this.#edits.push({ file, start: key.start, end: value.end, text: '\n' });
    const at = isFlow ? root.start + 1 : root.start;
    const indentation = source.locate(root.start, root.start).start.column - 1;
    const text = isFlow
      ? '"buildMetadata": ["originAnnotations"], '
      : `buildMetadata: [originAnnotations]\n${' '.repeat(indentation)}`;
    this.#edits.push({ file, start: at, end: at, text });
    return true;
  }
}

/** Fields without paths in them. */
const pathless: ReadonlySet<string> = new Set([
  'apiVersion',
  'kind',
  'metadata',
  'namespace',
  'namePrefix',
  'nameSuffix',
  'labels',
  'commonLabels',
  'commonAnnotations',
  'images',
  'imageTags',
  'replicas',
  'sortOptions',
  'buildMetadata',
  'generatorOptions',
  'resources',
  'bases',
  'components',
  'vars',
]);

/** The files besides manifests and patches that a kustomization may need: for generators, transformers, configurations. */
function* referredFiles({ root, folder }: Kustomization, kustomizations: Kustomizations): Generator<string> {
  for (const { key, value } of entries(root)) {
    if (pathless.has(key.text)) continue;
    for (const include of includesIn(value, folder, kustomizations)) {
      yield include.path;
      // A transformer names files too, relative to the same folder.
      const isConfiguration = /^(?:generators|transformers|validators)$/.test(key.text);
      if (!isConfiguration || include.kind !== 'file') continue;
      for (const { root: object } of parseYaml(include.path, include.text).documents)
        for (const { path } of includesIn(object, folder, kustomizations)) yield path;
    }
  }
}

function* includesIn(
  value: TreeNode,
  folder: string,
  { resolve }: Kustomizations,
): Generator<Include & { kind: 'file' | 'unread' }> {
  for (const { scalar, path } of scalarsOf(value)) {
    if (path.includes('literals') || scalar.text.length > maxPath || scalar.text.includes('\n')) continue;
    // `name=file` in the files of a generator.
    const written = scalar.text.slice(scalar.text.indexOf('=') + 1);
    const include = written === '' ? undefined : resolve(folder, written);
    if (include?.kind === 'file' || include?.kind === 'unread') yield include;
  }
}

/** Characters; no path is longer. */
const maxPath = 1024;

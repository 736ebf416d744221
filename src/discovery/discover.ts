import { helmComposer } from '../helm/composer.ts';
import type { GivenValues } from '../helm/rendering.ts';
import { isInstallKind, readInstallImages } from '../helm/installs.ts';
import { readDeploymentImages } from '../kustomize/deploymentImages.ts';
import { composeKustomizations } from '../kustomize/composeKustomizations.ts';
import type { FileContent, RepositoryFiles } from '../files/repositoryFiles.ts';
import { compareLocations, type SourceProblem } from '../source/location.ts';
import type { BuildJob, BuildOutputs, Composed, Composer, ReadImages } from '../manifest/build.ts';
import type { Discovery, UnreadableFile } from '../manifest/discovery.ts';
import { isFactKind, readFacts, type Facts } from '../manifest/facts.ts';
import { mayBeFluxKustomization } from '../manifest/gitops/gitopsObjects.ts';
import type { ImageReader } from '../manifest/imageReader.ts';
import type { ImageUse } from '../manifest/imageUse.ts';
import { readJsonPatches } from '../manifest/jsonPatches.ts';
import { readManifest, type Manifest } from '../manifest/manifest.ts';
import { placeOf } from '../manifest/mergeUses.ts';
import { readNodeConfigs } from '../manifest/nodeConfigs/readNodeConfigs.ts';
import { mayNameImages, objectReader, type ImagePath } from '../manifest/objectImages.ts';
import { isPodKind, readPodSpecs } from '../manifest/podSpec.ts';
import { readTemplateLines } from '../manifest/templateLines.ts';

export interface DiscoverOptions {
  /** What stands for placeholders: `TAG` for `${TAG}`. */
  readonly substitutions?: ReadonlyMap<string, string>;
  /** What programs made of the jobs of {@link planBuilds}. */
  readonly outputs?: BuildOutputs;
  /** Fields of custom resources that are images because the user says so. */
  readonly imagePaths?: readonly ImagePath[];
  /** Files of values with which charts are rendered, and in no other way, by the folder of the chart. */
  readonly helmValues?: GivenValues;
}

/** Who looks for images: one for each kind of place that they stand in. {@link objectReader} is one more. */
const imageReaders: readonly ImageReader[] = [
  readPodSpecs,
  readTemplateLines,
  readInstallImages,
  readDeploymentImages,
];

/** Who knows what several files make together. A new one is a folder and an entry here. */
function composers({ helmValues = new Map() }: DiscoverOptions): readonly Composer[] {
  return [composeKustomizations, helmComposer({ values: helmValues })];
}

/** Kinds of objects that a reader always wants to see. */
function isRead(kind: string, text: string): boolean {
  return isPodKind(kind) || isFactKind(kind) || isInstallKind(kind) || mayBeFluxKustomization(kind, text);
}

/** Characters of the files whose images are remembered; those of larger repositories are read anew where somebody asks again. */
const maxRemembered = 128 * 1024 * 1024;

/** Reads files the way that the options say. */
class FileReader {
  readonly #listed: ReadonlySet<string>;
  readonly #known = new Map<string, { readonly text: string; readonly uses: readonly ImageUse[] }>();
  #remembered = 0;
  readonly #substitutions: ReadonlyMap<string, string>;
  readonly #readers: readonly ImageReader[];
  readonly #isRead: (kind: string, text: string) => boolean;

  constructor(files: RepositoryFiles, { substitutions = new Map(), imagePaths = [] }: DiscoverOptions) {
    this.#listed = new Set(files.paths);
    this.#substitutions = substitutions;
    this.#readers = [...imageReaders, objectReader(imagePaths)];
    const kinds = new Set(imagePaths.map(({ kind }) => kind));
    this.#isRead = (kind, text) => isRead(kind, text) || kinds.has(kind) || mayNameImages(kind, text);
  }

  manifest(path: string, text: string): Manifest | undefined {
    return readManifest(path, text, this.#isRead);
  }

  /** The images of a file of the repository, or of what a program printed. Each kustomization asks for all of its files again. */
  readonly images: ReadImages = (path, text) => {
    const known = this.#known.get(path);
    // The outputs of programs have paths too, and a repository may have a file there.
    return known?.text === text ? known.uses : this.imagesOf(path, text, this.manifest(path, text));
  };

  imagesOf(path: string, text: string, manifest: Manifest | undefined): readonly ImageUse[] {
    const ofNodes = readNodeConfigs(path, text, this.#substitutions);
    const ofObjects = manifest ? this.#readers.flatMap((read) => read(manifest, this.#substitutions)) : [];
    const ofPatches = readJsonPatches(path, text, this.#substitutions);
    const uses = [...ofNodes, ...ofPatches, ...ofObjects].sort((a, b) =>
      compareLocations(a.location, b.location),
    );
    this.#remember(path, text, uses);
    return uses;
  }

  #remember(path: string, text: string, uses: readonly ImageUse[]): void {
    if (this.#known.has(path) || !this.#listed.has(path)) return;
    this.#remembered += text.length;
    if (this.#remembered <= maxRemembered) this.#known.set(path, { text, uses });
  }
}

/** Endings of the files that can be manifests, or templates of some. */
const manifestName = /\.(?:ya?ml|json|tpl|tmpl|gotmpl|j2)$/;

/** The runs of other programs whose outputs {@link discover} can use, with the same options. */
export function planBuilds(files: RepositoryFiles, options: DiscoverOptions = {}): readonly BuildJob[] {
  const reader = new FileReader(files, options);
  return composers(options).flatMap(({ plan }) => plan(files, reader.images));
}

/** Finds the images of a repository: those of its manifests, and those that kustomizations and charts make of them. */
export function discover(files: RepositoryFiles, options: DiscoverOptions = {}): Discovery {
  const substitutions = options.substitutions ?? new Map<string, string>();
  const reader = new FileReader(files, options);
  const collected = new Collected(reader);
  for (const path of files.paths) {
    const content = manifestName.test(path) ? files.read(path) : undefined;
    if (content) collected.add(path, content);
  }
  const written = collected.finish();
  const outputs = options.outputs ?? new Map();
  return composers(options).reduce<Discovery>((known, { compose }) => {
    const composed = compose({ files, written: known.uses, outputs, substitutions, read: reader.images });
    return addComposed(known, composed);
  }, written);
}

function addComposed(known: Discovery, { uses, replaced, problems, facts }: Composed): Discovery {
  const places = new Set(uses.map(placeOf));
  const kept = known.uses.flatMap((use) => {
    if (!replaced.has(use)) return use;
    return places.has(placeOf(use)) ? [] : { ...use, pulledBy: [] };
  });
  const all =
    uses.length === 0 ? kept : [...kept, ...uses].sort((a, b) => compareLocations(a.location, b.location));
  return {
    ...known,
    uses: all,
    secrets: [...known.secrets, ...(facts?.secrets ?? [])],
    serviceAccounts: [...known.serviceAccounts, ...(facts?.serviceAccounts ?? [])],
    buildProblems: [...known.buildProblems, ...problems],
  };
}

class Collected {
  readonly #uses: ImageUse[] = [];
  readonly #facts: Facts[] = [];
  readonly #problems: SourceProblem[] = [];
  readonly #unreadable: UnreadableFile[] = [];
  readonly #reader: FileReader;
  #files = 0;
  #objects = 0;

  constructor(reader: FileReader) {
    this.#reader = reader;
  }

  add(path: string, content: FileContent): void {
    if ('unreadable' in content) {
      this.#unreadable.push({ path, reason: content.unreadable });
      return;
    }
    this.#files += 1;
    const manifest = this.#reader.manifest(path, content.text);
    for (const use of this.#reader.imagesOf(path, content.text, manifest)) this.#uses.push(use);
    if (!manifest) return;
    this.#objects += manifest.objects.length;
    for (const problem of manifest.problems) this.#problems.push(problem);
    this.#facts.push(readFacts(manifest.objects));
  }

  finish(): Discovery {
    return {
      uses: this.#uses,
      services: this.#facts.flatMap(({ services }) => services),
      secrets: this.#facts.flatMap(({ secrets }) => secrets),
      serviceAccounts: this.#facts.flatMap(({ serviceAccounts }) => serviceAccounts),
      problems: this.#problems,
      buildProblems: [],
      unreadable: this.#unreadable,
      statistics: { files: this.#files, objects: this.#objects },
    };
  }
}

import type { FileContent, RepositoryFiles } from '../files/repositoryFiles.ts';
import { compareLocations, type SourceProblem } from '../source/location.ts';
import {
  isFactKind,
  readFacts,
  type Facts,
  type SecretFact,
  type ServiceAccountFact,
  type ServiceFact,
} from './facts.ts';
import type { ImageReader } from './imageReader.ts';
import type { ImageUse } from './imageUse.ts';
import { readManifest } from './manifest.ts';
import { isPodKind, readPodSpecs } from './podSpec.ts';
import { readTemplateLines } from './templateLines.ts';

export type { SecretFact, ServiceAccountFact, ServiceFact } from './facts.ts';

export interface DiscoverOptions {
  /** What stands for placeholders: `TAG` for `${TAG}`. */
  readonly substitutions?: ReadonlyMap<string, string>;
}

/** A manifest that cannot be read, and why: "it is" fits in front of the reason. */
export interface UnreadableFile {
  readonly path: string;
  readonly reason: string;
}

/** Everything that the Kubernetes manifests of a repository say about images. */
export interface Discovery {
  /** In the order of the files. */
  readonly uses: readonly ImageUse[];
  readonly services: readonly ServiceFact[];
  readonly secrets: readonly SecretFact[];
  readonly serviceAccounts: readonly ServiceAccountFact[];
  /** Syntax errors of manifests. */
  readonly problems: readonly SourceProblem[];
  readonly unreadable: readonly UnreadableFile[];
  readonly statistics: DiscoveryStatistics;
}

export interface DiscoveryStatistics {
  /** Files that were read. */
  readonly files: number;
  /** Kubernetes objects that were looked at. */
  readonly objects: number;
}

/** Who looks for images: one for each kind of place that they stand in. */
const imageReaders: readonly ImageReader[] = [readPodSpecs, readTemplateLines];

/** Kinds of objects that a reader wants to see. */
function isRead(kind: string): boolean {
  return isPodKind(kind) || isFactKind(kind);
}

/** Endings of the files that can be manifests, or templates of some. */
const manifestName = /\.(?:ya?ml|json|tpl|tmpl|gotmpl|j2)$/;

/** Finds the images in the manifests of a repository. Reads each file once, and keeps none. */
export function discover(files: RepositoryFiles, options: DiscoverOptions = {}): Discovery {
  const substitutions = options.substitutions ?? new Map<string, string>();
  const collected = new Collected();
  for (const path of files.paths) {
    const content = manifestName.test(path) ? files.read(path) : undefined;
    if (content) collected.add(path, content, substitutions);
  }
  return collected.finish();
}

class Collected {
  readonly #uses: ImageUse[] = [];
  readonly #facts: Facts[] = [];
  readonly #problems: SourceProblem[] = [];
  readonly #unreadable: UnreadableFile[] = [];
  #files = 0;
  #objects = 0;

  add(path: string, content: FileContent, substitutions: ReadonlyMap<string, string>): void {
    if ('unreadable' in content) {
      this.#unreadable.push({ path, reason: content.unreadable });
      return;
    }
    this.#files += 1;
    const manifest = readManifest(path, content.text, isRead);
    if (!manifest) return;
    const uses = imageReaders.flatMap((read) => read(manifest, substitutions));
    this.#objects += manifest.objects.length;
    for (const use of uses.sort((a, b) => compareLocations(a.location, b.location))) this.#uses.push(use);
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
      unreadable: this.#unreadable,
      statistics: { files: this.#files, objects: this.#objects },
    };
  }
}

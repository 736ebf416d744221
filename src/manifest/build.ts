import type { RepositoryFiles } from '../files/repositoryFiles.ts';
import type { Location } from '../source/location.ts';
import type { Facts } from './facts.ts';
import type { ImageUse } from './imageUse.ts';

/** The programs that make manifests out of other files. */
export type BuildProgram = 'kustomize' | 'helm';

/** One run of a program over a copy of the repository. Plain data: who plans it does not run it. */
export interface BuildJob {
  /** Unique among all jobs, and the same whenever the files are the same. */
  readonly id: string;
  readonly program: BuildProgram;
  /** The folder that is built, relative to the root of the repository; empty for the root itself. */
  readonly folder: string;
  /** Folders of the repository that the program has to see, besides the one that is built. */
  readonly folders: readonly string[];
  /** The only files that it has to see; all of `folder` where absent. */
  readonly files?: readonly string[];
  readonly args: readonly string[];
  /** Files that have another content in the copy than in the repository, by path relative to the root. */
  readonly overrides: ReadonlyMap<string, string>;
}

/** What became of a job. */
export type BuildOutput =
  | {
      readonly ok: true;
      /** A stream of YAML documents. */
      readonly text: string;
      /** As `kustomize v5.4.2`. */
      readonly program: string;
    }
  | {
      readonly ok: false;
      /**
       * `missing`: the program is not on this machine. `late`: the other builds left no time for it. `failed`: it refuses the files, or
       * takes too long over them.
       */
      readonly kind: 'missing' | 'late' | 'failed';
      /** In one sentence. */
      readonly reason: string;
    };

/** Outputs by the id of their job. */
export type BuildOutputs = ReadonlyMap<string, BuildOutput>;

/** Why not everything is known about what a kustomization or a chart makes. */
export interface BuildProblem {
  /**
   * `failed`: nobody can build it. `unbuilt`: the program is missing, so only what can be told without it is. `remote`: it needs
   * something from the network, which is not followed. `unused`: a part of it changes nothing.
   */
  readonly kind: 'failed' | 'unbuilt' | 'remote' | 'unused';
  readonly location: Location;
  readonly message: string;
}

/** What kustomizations or charts make of a repository. */
export interface Composed {
  readonly uses: readonly ImageUse[];
  /**
   * Those of the written uses that every build replaces: nobody pulls them as they stand. One that a build leaves as it is belongs
   * here too, and to `uses` with the same text and place: that one takes its place.
   */
  readonly replaced: ReadonlySet<ImageUse>;
  readonly problems: readonly BuildProblem[];
  /** What the objects that builds make tell besides their images, where no file of the repository tells it. */
  readonly facts?: Pick<Facts, 'secrets' | 'serviceAccounts'>;
}

/** The images that a text names when it is read as a file of that path: for what programs print, and for files of the repository. */
export type ReadImages = (path: string, text: string) => readonly ImageUse[];

/** What a composer has to go by. */
export interface ComposeInput {
  readonly files: RepositoryFiles;
  /** The images that single files name. */
  readonly written: readonly ImageUse[];
  readonly outputs: BuildOutputs;
  readonly substitutions: ReadonlyMap<string, string>;
  readonly read: ReadImages;
}

/** Finds the images of what several files make together. */
export interface Composer {
  /** The runs that it would like to have the outputs of. */
  readonly plan: (files: RepositoryFiles, read: ReadImages) => readonly BuildJob[];
  /** Works without outputs too, and says what it cannot tell then. */
  readonly compose: (input: ComposeInput) => Composed;
}

import type { RepositoryFiles } from '../files/repositoryFiles.ts';
import type { BuildJob, ReadImages } from '../manifest/build.ts';
import { child, items } from '../source/tree.ts';
import { findCandidates, type Candidate } from './candidates.ts';
import { isBroken, type Closure } from './closure.ts';
import { planCopy, type Edit } from './copyPlan.ts';
import type { Kustomizations } from './includes.ts';
import { expectMarks, markImage, markText } from './marks.ts';

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
function canBeBuilt(closure: Closure): boolean {
  if (isBroken(closure)) return false;
  return closure.kustomizations.some(({ root }) => telling.some((key) => items(child(root, key)).length > 0));
}

/**
 * True where only marks tell which line decides an image. Of what `images` does alone the places are known for sure, once kustomize
 * has made the same images.
 */
function needsMarks({ kustomizations }: Closure): boolean {
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

/** The runs that tell what becomes of the images of a root: none where nothing does, or where that takes more than the repository. */
export function planJobs(
  closure: Closure,
  kustomizations: Kustomizations,
  files: RepositoryFiles,
  read: ReadImages,
): readonly BuildJob[] {
  const plan = canBeBuilt(closure) ? planCopy(closure, kustomizations, files) : undefined;
  if (!plan) return [];
  const { folder, file } = closure.root;
  const make = (id: string, edits: readonly Edit[]): BuildJob => ({
    id,
    program: 'kustomize',
    folder,
    folders: [],
    files: [...plan.files].sort(),
    args: [],
    overrides: plan.overrides(edits),
  });
  const plain = make(plainJob(file), []);
  if (!needsMarks(closure)) return [plain];
  return [plain, make(markedJob(file), findCandidates(closure, kustomizations, read).map(markEdit))];
}

function markEdit({ piece, kind }: Candidate, id: number): Edit {
  const { file, stretch, text } = piece;
  const marked =
    kind === 'image' ? markImage(text, id) : kind === 'part' ? markText(text, id) : expectMarks(text);
  return { file, start: stretch?.start ?? 0, end: stretch?.end ?? 0, text: marked };
}

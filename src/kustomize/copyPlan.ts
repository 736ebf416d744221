import { basename, join } from 'node:path/posix';
import { readText, type RepositoryFiles } from '../files/repositoryFiles.ts';
import { replaceStretches, type Replacement } from '../source/replaceStretches.ts';
import { entries } from '../source/tree.ts';
import type { Closure } from './closure.ts';
import type { Kustomizations } from './includes.ts';
import type { Kustomization } from './kustomization.ts';
import { referredFiles } from './referredFiles.ts';
import { fetchesFiles } from './remoteFields.ts';
import type { Piece } from './sourceText.ts';

/** A change of a file: what stands in its stead. */
export interface Edit extends Replacement {
  readonly file: string;
}

/** What kustomize gets to see of a root. */
export interface RootCopy {
  /** Paths of the repository. */
  readonly files: ReadonlySet<string>;
  /** Files that have another path in the copy, by that path. */
  readonly originals: ReadonlyMap<string, string>;
  /** The files that have another content in the copy than in the repository, with more edits than it needs itself. */
  readonly overrides: (edits: readonly Edit[]) => ReadonlyMap<string, string>;
}

/** Makes the files of a root ready for a build without network; undefined where that cannot be done. */
export function planCopy(
  closure: Closure,
  kustomizations: Kustomizations,
  files: RepositoryFiles,
): RootCopy | undefined {
  const plan = new CopyPlan(closure, files);
  return plan.prepare(kustomizations) ? plan : undefined;
}

class CopyPlan {
  readonly files = new Set<string>();
  readonly originals = new Map<string, string>();
  readonly #closure: Closure;
  readonly #repository: RepositoryFiles;
  readonly #edits: Edit[] = [];
  readonly #made = new Map<string, string>();

  constructor(closure: Closure, repository: RepositoryFiles) {
    this.#closure = closure;
    this.#repository = repository;
  }

  /** False where the files cannot be made ready for a build without network. */
  prepare(kustomizations: Kustomizations): boolean {
    for (const one of this.#closure.kustomizations) {
      if (fetchesFiles(one, kustomizations)) return false;
      this.files.add(one.file);
      for (const path of referredFiles(one, kustomizations)) this.files.add(path);
      for (const piece of [...one.resources, ...one.patches.flatMap(({ path }) => path ?? [])])
        if (!this.#bringInside(one, piece, kustomizations)) return false;
    }
    for (const path of [...this.#closure.files.keys(), ...this.#closure.unread]) this.files.add(path);
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
      const text = readText(this.#repository, file);
      if (text !== undefined) changed.set(file, replaceStretches(text, changes));
    }
    for (const [copy, original] of this.originals)
      changed.set(copy, changed.get(original) ?? readText(this.#repository, original) ?? '');
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

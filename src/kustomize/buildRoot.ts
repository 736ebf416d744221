import type { BuildOutput, BuildOutputs, BuildProblem, ComposeInput } from '../manifest/build.ts';
import type { ImageUse, Workload } from '../manifest/imageUse.ts';
import { startOfFile } from '../source/location.ts';
import { findCandidates } from './candidates.ts';
import { isBroken, type Closure } from './closure.ts';
import { emulate, type Emulation } from './emulate.ts';
import { createBuiltUse, type Decided } from './imageUses.ts';
import { readImageFields, readingFields } from './fieldSpecs.ts';
import type { Kustomizations } from './includes.ts';
import { planCopy } from './copyPlan.ts';
import { markedJob, plainJob } from './jobs.ts';
import type { Item, Origin } from './item.ts';
import type { Kustomization } from './kustomization.ts';
import { readRendered, type RenderedImage } from './rendered.ts';

/** What is made of one root. */
export interface BuiltRoot {
  readonly closure: Closure;
  readonly emulation: Emulation;
  readonly uses: readonly ImageUse[];
  readonly problems: readonly BuildProblem[];
}

const nothing: Emulation = { items: [], matched: new Set(), opaque: [] };

/** What a root makes of its manifests: by what kustomize printed, or else by what is known of its rules. */
export function buildRoot(closure: Closure, kustomizations: Kustomizations, input: ComposeInput): BuiltRoot {
  if (isBroken(closure)) return { closure, emulation: nothing, uses: [], problems: closure.problems };
  const emulation = emulate(closure, kustomizations, input.read);
  const { plain, marked } = outputsOf(closure, input.outputs);
  const problems = [...closure.problems, ...problemsOf(closure, emulation, plain)];
  if (!plain?.ok) {
    const uses = emulation.items.map((item) => emulatedUse(item, closure, input));
    return { closure, emulation, uses, problems };
  }
  const known = marked && findCandidates(closure, kustomizations, input.read);
  const originals = planCopy(closure, kustomizations, input.files)?.originals;
  const read = readingFields(input.read, readImageFields(closure, kustomizations));
  const written = workloadsByFile(closure, input.written);
  const rendered = readRendered(closure.root.folder, plain, marked, known ?? [], read);
  const uses = rendered.map((image) => {
    const file = image.file === undefined ? undefined : (originals?.get(image.file) ?? image.file);
    const workloads = (file !== undefined && written.get(file)) || [];
    return renderedUse({ ...image, workloads }, closure, emulation, input);
  });
  return { closure, emulation, uses, problems };
}

function outputsOf(
  { root }: Closure,
  outputs: BuildOutputs,
): { readonly plain: BuildOutput | undefined; readonly marked: BuildOutput | undefined } {
  return {
    plain: outputs.get(plainJob(root.file)),
    marked: outputs.get(markedJob(root.file)),
  };
}

function emulatedUse({ use, object, ...decided }: Item, { root }: Closure, input: ComposeInput): ImageUse {
  const workload = use.workload && (object.isMoved ? withoutNamespace(use.workload) : use.workload);
  return createBuiltUse(use, decided, root, workload, input.substitutions);
}

/** The workloads that the files of a root have. A build may have as many images as there are in all files together. */
function workloadsByFile(
  { files }: Closure,
  written: readonly ImageUse[],
): ReadonlyMap<string, readonly Workload[]> {
  const byFile = new Map<string, Workload[]>();
  for (const { workload } of written) {
    if (!workload || !files.has(workload.location.file)) continue;
    const known = byFile.get(workload.location.file);
    if (known) known.push(workload);
    else byFile.set(workload.location.file, [workload]);
  }
  return byFile;
}

function renderedUse(
  image: RenderedImage & { readonly workloads: readonly Workload[] },
  closure: Closure,
  { items }: Emulation,
  input: ComposeInput,
): ImageUse {
  // The places of its parts are places in the output.
  const { parts: _, ...use } = image.use;
  const item = image.decided ? undefined : findItem(image, items);
  const decided = image.decided ?? item ?? wholeOf(closure.root, use.text);
  const workload = use.workload && originalWorkload(image.workloads, use.workload, decided);
  const base = { ...use, ...(item?.use.parts && { parts: item.use.parts }) };
  return createBuiltUse(base, decided, closure.root, workload, input.substitutions);
}

/** What most likely became this image, where no mark tells it. */
function findItem({ use, kind, name }: RenderedImage, items: readonly Item[]): Item | undefined {
  const same = items.filter(
    ({ object, text }) => text === use.text && object.kind === kind && name.includes(object.names[0] ?? ''),
  );
  return same.find((item) => item.use.field === use.field) ?? same[0];
}

/** An image that comes from somewhere in a kustomization, nobody knows where. */
function wholeOf({ file }: Kustomization, text: string): Decided {
  const origin: Origin = { location: startOfFile(file), isRule: false };
  return { text, name: origin, tag: origin, digest: origin };
}

/** The object in the source, with what the build did to where it may run and what it logs in with. */
function originalWorkload(workloads: readonly Workload[], rendered: Workload, decided: Decided): Workload {
  const candidates = workloads.filter(
    ({ kind, name }) => kind === rendered.kind && rendered.name.includes(name),
  );
  const original = candidates.toSorted((a, b) => b.name.length - a.name.length)[0];
  const location = original?.location ?? decided.name?.location ?? decided.tag?.location ?? rendered.location;
  const secrets = original?.imagePullSecrets ?? [];
  const added = rendered.imagePullSecrets
    .filter(({ value }) => !secrets.some((secret) => value.includes(secret.value)))
    .map(({ value }) => ({ value, location }));
  const { namespace } = rendered;
  const { serviceAccountName } = original ?? {};
  const account =
    serviceAccountName !== undefined && rendered.serviceAccountName?.includes(serviceAccountName);
  return {
    ...withoutNamespace(rendered),
    // The names of Secrets and ServiceAccounts in the sources are these, too: what is renamed is renamed everywhere.
    name: original?.name ?? rendered.name,
    ...(namespace !== undefined && (!original || original.namespace === namespace) && { namespace }),
    location,
    imagePullSecrets: [...secrets, ...added],
    ...(account && { serviceAccountName }),
  };
}

function withoutNamespace(workload: Workload): Workload {
  const { namespace: _, ...others } = workload;
  return others;
}

function problemsOf(
  closure: Closure,
  { opaque }: Emulation,
  plain: BuildOutput | undefined,
): readonly BuildProblem[] {
  const charts = opaque.filter(({ key }) => key.startsWith('helmChart'));
  const problems = charts.map(({ key, location }): BuildProblem => {
    const message = `the charts of \`${key}\` are not rendered here: their images are not known`;
    return { kind: 'unbuilt', location, message };
  });
  if (plain?.ok) return problems;
  if (plain?.kind === 'failed') return [...problems, refusal(closure, charts.length > 0, plain.reason)];
  const reason = plain ? plain.reason : 'kustomize was not run';
  const unknown = opaque.filter((field) => !charts.includes(field));
  return [
    ...problems,
    ...unknown.map(({ key, location }): BuildProblem => {
      const message = `what \`${key}\` does to images is not known: only kustomize can tell, and ${reason}`;
      return { kind: 'unbuilt', location, message };
    }),
  ];
}

function refusal({ root, remotes, unread }: Closure, hasCharts: boolean, reason: string): BuildProblem {
  const location = startOfFile(root.file);
  if (remotes.length === 0 && unread.size === 0 && !hasCharts)
    return { kind: 'failed', location, message: `kustomize cannot build this: ${reason}` };
  const message = `kustomize cannot build this without what is left out: ${reason}`;
  return { kind: 'unbuilt', location, message };
}

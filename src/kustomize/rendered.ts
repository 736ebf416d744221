import { join } from 'node:path/posix';
import type { BuildOutput, ReadImages } from '../manifest/build.ts';
import type { ImageUse } from '../manifest/imageUse.ts';
import { child, descend, text } from '../source/tree.ts';
import { parseYaml } from '../source/yaml.ts';
import type { Candidate } from './candidates.ts';
import type { Decided } from './imageUses.ts';
import { readMarks, removeMarks } from './marks.ts';
import { fileText } from './sourceText.ts';
import type { Origin } from './item.ts';

/** An image in the output of kustomize. */
export interface RenderedImage {
  readonly use: ImageUse;
  readonly kind: string;
  readonly name: string;
  /** The file of its object, as far as kustomize says. */
  readonly file: string | undefined;
  /** Where its parts come from; undefined where no mark says it. */
  readonly decided: Decided | undefined;
}

/** The images of a root, each with what the run with marks says about it. */
export function readRendered(
  folder: string,
  plain: BuildOutput & { ok: true },
  marked: BuildOutput | undefined,
  candidates: readonly Candidate[],
  read: ReadImages,
): readonly RenderedImage[] {
  const images = readOutput(folder, plain.text, read);
  const others = new Map<string, ImageUse[]>();
  for (const { use, key } of marked?.ok ? readOutput(folder, marked.text, read) : []) {
    const known = others.get(key);
    if (known) known.push(use);
    else others.set(key, [use]);
  }
  return images.map(({ key, ...image }) => {
    const text = others.get(key)?.shift()?.text;
    return { ...image, decided: decide(image.use.text, text, candidates) };
  });
}

function decide(
  image: string,
  marked: string | undefined,
  candidates: readonly Candidate[],
): Decided | undefined {
  // A mark that something stumbled over proves nothing.
  if (marked === undefined || removeMarks(marked) !== image) return undefined;
  const { name, tag, digest } = readMarks(marked);
  const origin = (id: number | undefined): Origin | undefined => {
    const candidate = id === undefined ? undefined : candidates[id];
    if (!candidate) return undefined;
    const { piece, kind, isRule } = candidate;
    return { location: piece.location, isRule, ...(kind === 'image' && { whole: piece.text }) };
  };
  const decided = { text: image, name: origin(name), tag: origin(tag), digest: origin(digest) };
  return (decided.name ?? decided.tag ?? decided.digest) ? decided : undefined;
}

type OutputImage = Omit<RenderedImage, 'decided'> & { readonly key: string };

function readOutput(folder: string, output: string, read: ReadImages): readonly OutputImage[] {
  // A name that is no file of the repository, with the ending of a manifest.
  const path = join(folder, 'kustomize build.yaml');
  const source = fileText(path, output);
  const starts = documentStarts(output);
  const objects = new Map<number, Pick<RenderedImage, 'kind' | 'name' | 'file'>>();
  return read(path, output).map((use) => {
    const offset = source.offsetOf(use.location.start);
    const index = starts.findLastIndex((start) => start <= offset);
    const object = objects.get(index) ?? readObject(folder, output.slice(starts[index], starts[index + 1]));
    objects.set(index, object);
    const { kind, name } = object;
    // Generated ones have a hash of what is in them behind their names.
    const stableName = isHashed(object) ? name.replace(/-[a-z0-9]{10}$/, '') : name;
    return { use, ...object, key: JSON.stringify([kind, stableName, use.workload?.name, use.field]) };
  });
}

function isHashed({ kind, file }: Pick<RenderedImage, 'kind' | 'file'>): boolean {
  return file === undefined && (kind === 'ConfigMap' || kind === 'Secret');
}

function documentStarts(output: string): readonly number[] {
  const starts = [0];
  for (let at = output.indexOf('\n---\n'); at >= 0; at = output.indexOf('\n---\n', at + 1))
    starts.push(at + 5);
  return starts;
}

function readObject(folder: string, document: string): Pick<RenderedImage, 'kind' | 'name' | 'file'> {
  const root = parseYaml('', document).documents[0]?.root;
  const metadata = child(root, 'metadata');
  const origin = text(descend(metadata, 'annotations', 'config.kubernetes.io/origin')) ?? '';
  const path = text(child(parseYaml('', origin).documents[0]?.root, 'path'));
  return {
    kind: text(child(root, 'kind')) ?? '',
    name: text(child(metadata, 'name')) ?? '',
    file: path === undefined ? undefined : join(folder, path),
  };
}

import type { ReadImages } from '../manifest/build.ts';
import { splitDocuments } from '../manifest/documentText.ts';
import type { ImageUse } from '../manifest/imageUse.ts';

/** An image in the output of helm, with what helm and the chart say about its object. */
export interface RenderedUse {
  readonly use: ImageUse;
  /** The template, as helm names it: `parent/charts/child/templates/x.yaml`. Empty where it does not say. */
  readonly template: string;
  /** `test`, `pre-install`, ...: what the object is made for besides the installation. */
  readonly hook: string | undefined;
}

/** An object in the output of helm. */
export interface RenderedDocument {
  readonly firstLine: number;
  readonly template: string;
  readonly hook: string | undefined;
}

/** The objects in the output of `helm template`, in its order. */
export function readDocuments(text: string): readonly RenderedDocument[] {
  return splitDocuments(text).map(({ text: document, firstLine }): RenderedDocument => ({
    firstLine,
    template: /^# Source: (.+)$/m.exec(document)?.[1] ?? '',
    hook: /^ {2,8}["']?helm\.sh\/hook["']?:[ \t]*["']?([\w,\t -]+?)["']?[ \t]*$/m.exec(document)?.[1],
  }));
}

/** Reads the images in the output of `helm template`. */
export function readRendered(text: string, read: ReadImages): readonly RenderedUse[] {
  const documents = readDocuments(text);
  let at = 0;
  // In the order of the lines.
  return read('rendered.yaml', text).map((use) => {
    const { line } = use.location.start;
    while ((documents[at + 1]?.firstLine ?? Infinity) <= line) at += 1;
    return { use, template: documents[at]?.template ?? '', hook: documents[at]?.hook };
  });
}

/** For each image of a run the one that stands at the same place in another run, if the two are alike enough to tell. */
export function alignRendered(
  uses: readonly RenderedUse[],
  others: readonly RenderedUse[],
): readonly (RenderedUse | undefined)[] {
  const keys = uses.map(placeOf);
  const otherKeys = others.map(placeOf);
  if (keys.length === others.length && keys.every((key, index) => key === otherKeys[index])) return others;
  const known = new Map<string, RenderedUse | undefined>();
  for (const [index, key] of otherKeys.entries()) {
    // Which of several it would be cannot be told.
    known.set(key, known.has(key) ? undefined : others[index]);
  }
  const counted = new Map<string, number>();
  for (const key of keys) counted.set(key, (counted.get(key) ?? 0) + 1);
  return keys.map((key) => (counted.get(key) === 1 ? known.get(key) : undefined));
}

function placeOf({ use: { workload, field, from }, template }: RenderedUse): string {
  return JSON.stringify([template, workload?.kind, workload?.name, field, from]);
}

import { createImageUse } from '../manifest/imageReader.ts';
import type { ImageUse, Workload } from '../manifest/imageUse.ts';
import type { Location } from '../source/location.ts';
import { splitImage } from './imageName.ts';
import type { Origin } from './item.ts';
import type { ImageRule, Kustomization } from './kustomization.ts';

/** Where the parts of an image come from; a part that it does not have comes from nowhere. */
export interface Decided {
  readonly text: string;
  readonly name: Origin | undefined;
  readonly tag: Origin | undefined;
  readonly digest: Origin | undefined;
}

/**
 * An image that a kustomization makes, at the place that decides it: the rule that gives it its name, else the one that gives it
 * its tag or digest, else the manifest or patch.
 */
export function createBuiltUse(
  base: ImageUse,
  decided: Decided,
  root: Kustomization,
  workload: Workload | undefined,
  substitutions: ReadonlyMap<string, string>,
): ImageUse {
  const { tag, digest } = splitImage(decided.text);
  const origins = {
    repository: decided.name,
    tag: tag === '' ? undefined : decided.tag,
    digest: digest === '' ? undefined : decided.digest,
  };
  const known = partNames.flatMap((part) => {
    const origin = origins[part];
    return origin ? [{ part, origin }] : [];
  });
  const decisive = known.find(({ origin }) => origin.isRule) ?? known[0];
  if (!decisive) return { ...base, builtBy: [root.file], ...(workload && { workload }) };
  const isOnePiece = known.every(({ origin }) => isSame(origin.location, decisive.origin.location));
  const parts = Object.fromEntries(known.map(({ part, origin }) => [part, locatePart(origin, part)]));
  return createImageUse(
    {
      text: decided.text,
      location: isOnePiece ? decisive.origin.location : locatePart(decisive.origin, decisive.part),
      confidence: base.confidence,
      from: decisive.origin.isRule ? 'kustomization' : base.from,
      pulledBy: base.pulledBy,
      field: base.field,
      workload,
      builtBy: [root.file],
      ...(isOnePiece ? base.parts && { parts: base.parts } : { parts }),
    },
    substitutions,
  );
}

const partNames = ['repository', 'tag', 'digest'] as const;

/** Where a part stands in the image that it is taken from. */
function locatePart({ location, whole }: Origin, part: (typeof partNames)[number]): Location {
  const { start, end } = location;
  const { name, tag, digest } = splitImage(whole ?? '');
  const text = { repository: name, tag, digest }[part];
  // An image that is written over several lines, or with escapes, has no columns to count.
  const isPlain = start.line === end.line && end.column - start.column === whole?.length;
  if (!isPlain || text === '') return location;
  const tagAt = name.length + 1;
  const offset = { repository: 0, tag: tagAt, digest: tagAt + (tag && `${tag}@`).length }[part];
  const column = start.column + offset;
  return { ...location, start: { ...start, column }, end: { ...start, column: column + text.length } };
}

function isSame(a: Location, b: Location): boolean {
  return a.file === b.file && a.start.line === b.start.line && a.start.column === b.start.column;
}

/**
 * A rule of `images:` as it is written. In a kustomization nobody pulls that: it counts where it is applied to an image.
 *
 * @param options - `isPulled`: nobody looks what it is applied to, so that it counts itself.
 */
export function createRuleUse(
  rule: ImageRule,
  at: string,
  substitutions: ReadonlyMap<string, string>,
  { isPulled }: { readonly isPulled: boolean },
): ImageUse {
  const { name, newName, newTag, digest } = rule;
  const key = newName ? 'newName' : newTag ? 'newTag' : digest ? 'digest' : 'name';
  const repository = newName ?? name;
  const text = `${repository.text}${newTag ? `:${newTag.text}` : ''}${digest ? `@${digest.text}` : ''}`;
  const hasParts = newTag ?? digest;
  return createImageUse(
    {
      text,
      location: (rule[key] ?? name).location,
      confidence: 'certain',
      from: 'kustomization',
      pulledBy: isPulled ? ['node'] : [],
      // Then the tag is the one that the manifests have.
      isOpen: isPulled && !hasParts,
      field: `${at}.${key}`,
      ...(hasParts && {
        parts: {
          repository: repository.location,
          ...(newTag && { tag: newTag.location }),
          ...(digest && { digest: digest.location }),
        },
      }),
    },
    substitutions,
  );
}

import type { BuildProblem } from '../manifest/build.ts';
import type { BuiltRoot } from './buildRoot.ts';
import { isBroken } from './closure.ts';
import { createMatcher } from './imageName.ts';
import { readObjects } from './item.ts';
import { scalarsOf, type ImageRule } from './kustomization.ts';

/** The rules of `images:` that no root has any use for, where that is certain. */
export function findUnusedRules(roots: readonly BuiltRoot[]): readonly BuildProblem[] {
  const matched = new Set(roots.flatMap(({ emulation }) => [...emulation.matched]));
  const suspects = new Map<ImageRule, BuiltRoot[]>();
  for (const root of roots) {
    for (const rule of root.closure.kustomizations.flatMap(({ images }) => images))
      if (!matched.has(rule)) suspects.set(rule, [...(suspects.get(rule) ?? []), root]);
  }
  const known = new Map<BuiltRoot, readonly string[]>();
  const textsOf = (root: BuiltRoot): readonly string[] => {
    const texts = known.get(root) ?? readTexts(root);
    known.set(root, texts);
    return texts;
  };
  return [...suspects].flatMap(([rule, users]): readonly BuildProblem[] => {
    const isMatched = createMatcher(rule.name.text);
    const isUnused = users.every((root) => isKnown(root) && !textsOf(root).some(isMatched));
    if (!isUnused) return [];
    return [
      {
        kind: 'unused',
        location: rule.name.location,
        message: `no image that is built here has the name \`${rule.name.text}\`: this rule changes nothing`,
      },
    ];
  });
}

/** Characters of files that are searched for a name. Nobody knows of what is in larger ones. */
const maxSearched = 4_000_000;

/** True where nothing but the files of the repository can bring an image in. */
function isKnown({ closure, emulation }: BuiltRoot): boolean {
  const size = [...closure.files.values()].reduce((sum, { text }) => sum + text.length, 0);
  if (size > maxSearched) return false;
  return !isBroken(closure) && closure.remotes.length === 0 && emulation.opaque.length === 0;
}

/** Characters; no image is longer. */
const maxImage = 1024;

/** All texts in the files of a root: an image may stand in a place that nobody knows for one. */
function readTexts({ closure }: BuiltRoot): readonly string[] {
  const texts = new Set<string>();
  for (const source of closure.files.values())
    for (const { root } of readObjects(source))
      for (const { scalar } of scalarsOf(root)) if (scalar.text.length <= maxImage) texts.add(scalar.text);
  return [...texts];
}

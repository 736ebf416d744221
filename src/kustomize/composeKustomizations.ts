import type { BuildProblem, Composer } from '../manifest/build.ts';
import { mergeUses, placeOf } from '../manifest/mergeUses.ts';
import { buildRoot } from './buildRoot.ts';
import { findClosures, isBroken } from './closure.ts';
import { findGeneratedUses } from './generatedUses.ts';
import { createRuleUse } from './imageUses.ts';
import { readKustomizations } from './includes.ts';
import { planJobs } from './jobs.ts';
import { findUnusedRules } from './unusedRules.ts';

/** Kustomizations: what is built of them, and which line decides each image. */
export const composeKustomizations: Composer = {
  plan: (files, read) => {
    const kustomizations = readKustomizations(files);
    return findClosures(files, kustomizations).flatMap((closure) =>
      planJobs(closure, kustomizations, files, read),
    );
  },
  compose: (input) => {
    const kustomizations = readKustomizations(input.files);
    const roots = findClosures(input.files, kustomizations).map((closure) =>
      buildRoot(closure, kustomizations, input),
    );
    const uses = mergeUses(
      roots.flatMap((root) => root.uses),
      ({ field, from, workload, parts }) => [field, from, workload, parts],
    );
    const places = new Set(uses.map(placeOf));
    const rules = kustomizations.all.flatMap(({ images }) =>
      images.map((rule, index) =>
        createRuleUse(rule, `images[${index}]`, input.substitutions, { isPulled: false }),
      ),
    );
    const generated = findGeneratedUses(kustomizations, input.substitutions);
    const built = roots.filter(({ closure }) => !isBroken(closure));
    const files = new Set(built.flatMap(({ closure }) => [...closure.files.keys()]));
    return {
      uses: [...uses, ...[...rules, ...generated].filter((use) => !places.has(placeOf(use)))],
      replaced: new Set(input.written.filter(({ location }) => files.has(location.file))),
      problems: distinct([
        ...kustomizations.unreadable.map(({ location, message }): BuildProblem => {
          return { kind: 'failed', location, message: `this kustomization cannot be read: ${message}` };
        }),
        ...roots.flatMap(({ problems }) => problems),
        ...findUnusedRules(roots),
      ]),
    };
  },
};

/** Several roots have the same problem where they share what it is about. */
function distinct(problems: readonly BuildProblem[]): readonly BuildProblem[] {
  return [...new Map(problems.map((problem) => [JSON.stringify(problem), problem])).values()];
}

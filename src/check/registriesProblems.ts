import type { Registries, RegistriesProblem } from '../registries/registries.ts';

/** What reading registries.yaml has found of one kind. */
export function registriesProblems(
  registries: Registries,
  kind: RegistriesProblem['kind'],
): RegistriesProblem[] {
  return registries.problems.filter((problem) => problem.kind === kind);
}

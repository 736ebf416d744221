import type { Check } from '../check.ts';
import { registriesProblems } from '../registriesProblems.ts';

export const registriesSyntax: Check = {
  id: 'registries-syntax',
  severity: 'error',
  summary: 'registries.yaml is no valid YAML',
  documentation:
    'k3s and RKE2 do not start with a file that is no YAML, and nothing can be rendered from it. ' +
    'A file with template text in it (`{% ... %}`) has to be filled in before it is checked.',
  run: ({ registries }) => registriesProblems(registries, 'syntax'),
};

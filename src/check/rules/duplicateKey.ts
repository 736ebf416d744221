import type { Check } from '../check.ts';
import { registriesProblems } from '../registriesProblems.ts';

export const duplicateKey: Check = {
  id: 'duplicate-key',
  severity: 'error',
  summary: 'the same key twice in one mapping of registries.yaml',
  documentation:
    'Readers disagree about a key that stands twice: the one in k3s merges the two, most others keep the last and lose the ' +
    'first. Put everything under one key.',
  run: ({ registries }) => registriesProblems(registries, 'duplicate-key'),
};

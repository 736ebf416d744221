import type { Check } from '../check.ts';
import { registriesProblems } from '../registriesProblems.ts';

export const wrongValue: Check = {
  id: 'wrong-value',
  severity: 'error',
  summary: 'a value of registries.yaml that is not what its key wants',
  documentation:
    'A value of the wrong type stops k3s and RKE2 from starting, or is dropped: `endpoint` is a list, ' +
    '`insecure_skip_verify` is true or false.',
  run: ({ registries }) => registriesProblems(registries, 'wrong-value'),
};

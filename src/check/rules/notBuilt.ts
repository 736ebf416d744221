import type { BuildProblem } from '../../manifest/build.ts';
import type { Severity } from '../../source/severity.ts';
import type { Check } from '../check.ts';

const severities: Readonly<Record<Exclude<BuildProblem['kind'], 'unused'>, Severity>> = {
  failed: 'warning',
  unbuilt: 'notice',
  remote: 'notice',
};

export const notBuilt: Check = {
  id: 'not-built',
  severity: 'warning',
  summary: 'a kustomization or a chart of which not all images are known',
  documentation:
    'mirrorproof looks at what is built, not only at what is written. A kustomization or a chart that nobody can build as it ' +
    'is gets a warning. A notice says where something is left out: what is on the network is never followed, and some fields ' +
    'only kustomize or Helm themselves can carry out. Where `kustomize` (or `kubectl`) and `helm` are on the machine, they are ' +
    'run over a copy of the files, without plugins and without network.',
  *run({ discovery }) {
    for (const { kind, location, message } of discovery.buildProblems)
      if (kind !== 'unused') yield { severity: severities[kind], location, message };
  },
};

import type { Check } from '../check.ts';

export const manifestSyntax: Check = {
  id: 'manifest-syntax',
  severity: 'warning',
  summary: 'a Kubernetes manifest that is no valid YAML',
  documentation:
    'Neither kubectl nor Argo CD nor Flux can apply it. Of the images in it, only those on a line `image: ...` in the usual place ' +
    'are found and checked. Templates of Helm charts are no YAML on purpose and are not reported.',
  run: ({ discovery }) => discovery.problems,
};

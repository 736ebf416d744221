import type { Check } from '../check.ts';

export const unusedImageRule: Check = {
  id: 'unused-image-rule',
  severity: 'warning',
  summary: 'a rule under `images` of a kustomization that changes no image',
  documentation:
    'kustomize says nothing about a rule under `images` that no image has the name of, and the nodes pull what the manifests say. ' +
    'The name is compared with the whole name in the manifest, host and folders included and without the tag, as the rules and ' +
    'kustomizations before this one have left it.',
  *run({ discovery }) {
    for (const { kind, location, message } of discovery.buildProblems)
      if (kind === 'unused')
        yield {
          location,
          message,
          fix: { message: 'write the name as it stands in the manifest, or remove the rule' },
        };
  },
};

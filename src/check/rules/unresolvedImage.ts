import { isPlaceholder } from '../../manifest/placeholder.ts';
import type { Check } from '../check.ts';
import { userOf } from '../people.ts';

export const unresolvedImage: Check = {
  id: 'unresolved-image',
  severity: 'error',
  summary: 'a placeholder or template where an image belongs',
  documentation:
    'A placeholder (`IMAGE_NAME_PLACEHOLDER`, `${TAG}`) that nobody fills in reaches the kubelet as it is, which answers ' +
    '`InvalidImageName`. mirrorproof never judges it as a pull. Say what it stands for with `--set TAG=1.4.2` (the input ' +
    '`set` of the Action), and the image is checked with that value. Go templates of Helm charts are not reported, and neither is the `auto` of Istio.',
  *run({ discovery }) {
    for (const use of discovery.uses) {
      // What a tool or a controller always fills in, as the `auto` of Istio, no node pulls as it stands.
      if (use.status !== 'unresolved' || use.text.includes('{{') || !use.pulledBy.includes('node')) continue;
      // The values of a chart may leave the tag to the chart: nothing in them is to be filled in.
      if (!isPlaceholder(use.text)) continue;
      yield {
        message: `the image of ${userOf(use)} is the placeholder \`${use.text}\`, so its pull is not checked; as it stands the kubelet answers InvalidImageName`,
        location: use.location,
        image: use.text,
        fix: { message: 'fill it in, or say what it stands for with `--set NAME=VALUE`' },
      };
    }
  },
};

import type { Check } from '../check.ts';
import type { ImageUse } from '../../manifest/imageUse.ts';
import { parseReference } from '../../reference/parseReference.ts';
import { ofUser } from '../people.ts';

export const invalidReference: Check = {
  id: 'invalid-reference',
  severity: 'error',
  summary: 'an image that is no valid reference',
  documentation:
    'The kubelet refuses it with `InvalidImageName` before anything is pulled. Most often it has a scheme (`https://`), upper ' +
    'case letters in the repository, or a space.',
  *run({ discovery }) {
    for (const use of discovery.uses) {
      if (use.invalid === undefined || !use.pulledBy.includes('node')) continue;
      const meant = findMeant(use);
      yield {
        message: `\`${use.text}\`${ofUser(use)} is no image: ${use.invalid}; ${consequence(use)}`,
        location: use.location,
        image: use.text,
        ...(meant !== undefined && {
          fix: {
            message: `write \`${meant}\``,
            edit: { location: use.location, replacement: quoted(use, meant) },
          },
        }),
      };
    }
  },
};

function consequence({ from }: ImageUse): string {
  return from === 'sandbox' ? 'no Pod starts on this node' : 'the kubelet answers InvalidImageName';
}

/** The location of an image in registries.yaml or config.toml includes its quotes; in a manifest it does not. */
function quoted({ location: { start, end }, text }: ImageUse, replacement: string): string {
  return end.column - start.column > text.length ? `"${replacement}"` : replacement;
}

function findMeant({ text }: ImageUse): string | undefined {
  const candidates = [text.trim(), text.trim().replace(/^[a-z]+:\/\//, ''), text.trim().toLowerCase()];
  return candidates.find((candidate) => candidate !== text && parseReference(candidate).ok);
}

import { child, descend, items } from '../../source/tree.ts';
import type { ImageUse } from '../imageUse.ts';
import { groupOf, type KubernetesObject } from '../manifest.ts';
import type { TextContext } from './objectTexts.ts';
import { findNamedImages } from './textFinder.ts';

/** A field that is set, or a JSON patch of one, to a text that is not put together from several. */
const setImage = /(?:\bimage|\bpath:\s*["'][^"'\n]*\/image["']\s*,\s*value):\s*(["'])([^"'\n]+)\1(?!\s*\+)/g;

/** The images that an admission policy writes into the Pods of others, by its expressions. */
// kubernetes.io/docs/reference/access-authn-authz/mutating-admission-policy
export function findPolicyImages(
  object: KubernetesObject,
  { substitutions }: TextContext,
): readonly ImageUse[] {
  if (object.kind !== 'MutatingAdmissionPolicy' || groupOf(object) !== 'admissionregistration.k8s.io')
    return [];
  const place = { object, from: 'customResource', substitutions } as const;
  return items(descend(object.root, 'spec', 'mutations')).flatMap((mutation, index) =>
    ['jsonPatch', 'applyConfiguration'].flatMap((kind) => {
      const node = child(child(mutation, kind), 'expression');
      if (node?.kind !== 'scalar') return [];
      const field = `spec.mutations[${index}].${kind}.expression`;
      const texts = [...node.text.matchAll(setImage)].map((match) => {
        const end = match.index + match[0].length - 1;
        return { name: 'image', node, start: end - (match[2] ?? '').length, end, field };
      });
      return findNamedImages(texts, place);
    }),
  );
}

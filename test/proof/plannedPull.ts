import assert from 'node:assert/strict';
import type { PlannedPull } from '../../src/proof/proof.ts';
import { parseReference } from '../../src/reference/parseReference.ts';
import { startOfFile } from '../../src/source/location.ts';

/** A pull of an image that two containers of a manifest name. */
export function plannedPull(image: string, nodes: readonly string[] = ['worker-1']): PlannedPull {
  const parsed = parseReference(image);
  assert.ok(parsed.ok);
  const { reference } = parsed;
  const use = {
    text: image,
    location: startOfFile('manifests/web.yaml'),
    status: 'resolved',
    confidence: 'certain',
    from: 'container',
    pulledBy: ['node'],
    field: 'spec.containers[0].image',
    reference,
  } as const;
  return { id: image, reference, image, nodes, uses: [use, use] };
}

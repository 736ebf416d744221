import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { textAt, usesIn } from '../../support/uses.ts';

const policy = (expression: string): string => `apiVersion: admissionregistration.k8s.io/v1
kind: MutatingAdmissionPolicy
metadata: {name: jitter}
spec:
  matchConditions:
    - name: others
      expression: object.spec.containers.exists(c, c.image.startsWith("quay.io/no/pull:1"))
  mutations:
    - patchType: JSONPatch
      ${expression}
`;

/** Each image with its confidence, and whether it stands where it is said to stand. */
function found(source: string): readonly string[] {
  return usesIn(source).map(({ text, confidence, location }) => {
    assert.equal(textAt(source, location), text);
    return `${confidence} ${text}`;
  });
}

describe('an admission policy that changes Pods', () => {
  it('names the images that it sets', () => {
    const source = policy(`jsonPatch:
        expression: >-
          [
            JSONPatch{
              op: "add", path: "/spec/initContainers/-",
              value: Object.spec.initContainers{
                name: "wait",
                image: "ghcr.io/a/busybox:1.37@sha256:${'0a'.repeat(32)}",
                imagePullPolicy: "IfNotPresent"
              }
            },
            JSONPatch{op: "replace", path: "/spec/containers/0/image", value: "quay.io/b/app:2"}
          ]`);
    assert.deepEqual(found(source), [
      `likely ghcr.io/a/busybox:1.37@sha256:${'0a'.repeat(32)}`,
      'likely quay.io/b/app:2',
    ]);
  });

  it('names those of a configuration that it applies', () => {
    const source = policy(`applyConfiguration:
        expression: 'Object{spec: Object.spec{containers: [Object.spec.containers{image: "quay.io/c/sidecar:3"}]}}'`);
    assert.deepEqual(found(source), ['likely quay.io/c/sidecar:3']);
  });

  it('names none that it puts together or looks for', () => {
    const source = policy(`jsonPatch:
        expression: '[JSONPatch{op: "replace", path: "/spec/containers/0/image", value: "mirror.test/" + object.spec.image}]'`);
    assert.deepEqual(found(source), []);
  });

  it('does not take long for an expression of many beginnings', () => {
    const beginnings = 'path: "/image", value: '.repeat(50_000);
    const source = policy(`jsonPatch: {expression: '${beginnings} image: "quay.io/z/last:9"'}`);
    assert.deepEqual(found(source), ['likely quay.io/z/last:9']);
  });
});

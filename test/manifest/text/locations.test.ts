import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Location } from '../../../src/source/location.ts';
import { usesIn } from '../../support/uses.ts';

function replaceAt(source: string, { start, end }: Location, replacement: string): string {
  const lines = source.split('\n');
  const line = lines[start.line - 1] ?? '';
  assert.equal(start.line, end.line);
  lines[start.line - 1] = line.slice(0, start.column - 1) + replacement + line.slice(end.column - 1);
  return lines.join('\n');
}

const sources: Readonly<Record<string, string>> = {
  'arguments and variables': `apiVersion: apps/v1
kind: Deployment
metadata: {name: a}
spec:
  template:
    metadata: {annotations: {sidecar.istio.io/proxyImage: 'quay.io/istio/proxyv2:1'}}
    spec:
      containers:
        - name: a
          image: "quay.io/a/a:1"
          args: ["--x-image=quay.io/a/x:1", '--y-image', quay.io/a/y:1]
          env: [{name: Z_IMAGE, value: "quay.io/a/\\x7a:1"}]
          command:
            - sh
            - -c
            - >
              run

              quay.io/a/script:1
`,
  'files in a ConfigMap': `apiVersion: v1
kind: ConfigMap
metadata: {name: a}
data:
  image: quay.io/a/a:1
  pod.yaml: |2
      apiVersion: v1
      kind: ConfigMap
      data:
        inner.json: '{"image": "quay.io/a/inner:1"}'
        inner.yaml: |
          apiVersion: v1
          kind: Pod
          spec:
            containers:
              - {name: a, image: 'quay.io/a/pod:1'}
  settings.json: "{\\"image\\":\\t\\"quay.io/a/json:1\\",\\n \\"x\\": 1}"
  folded.yaml: >-
    a:

      image: quay.io/a/folded:1
  config.toml: |
    image = "quay.io/a/toml:1"
`,
  'custom resources': `apiVersion: tekton.dev/v1
kind: Pipeline
spec:
  tasks:
    - taskRef: {bundle: ghcr.io/a/bundle:1}
      taskSpec:
        steps:
          - image: quay.io/a/step:1
            script: |
              #!/bin/sh
              echo
---
apiVersion: cdi.kubevirt.io/v1beta1
kind: DataVolume
spec: {source: {registry: {url: "docker://quay.io/a/disk:1"}}}
---
apiVersion: example.com/v1
kind: Thing
spec:
  anything: {sidecarImage: quay.io/a/sidecar:1}
  manifest: |
    apiVersion: v1
    kind: Pod
    spec:
      containers:
        - name: x
          image: quay.io/a/embedded:1
`,
};

describe('the place of an image', () => {
  for (const [what, source] of Object.entries(sources)) {
    it(`is where a change of the file changes the image: ${what}`, () => {
      const uses = usesIn(source);
      assert.ok(uses.length >= 4, String(uses.length));
      for (const [index, use] of uses.entries()) {
        const changed = usesIn(replaceAt(source, use.location, 'quay.io/b/other:2'));
        assert.deepEqual(
          changed.map(({ text }) => text),
          uses.map(({ text }, other) => (other === index ? 'quay.io/b/other:2' : text)),
          use.text,
        );
      }
    });
  }
});

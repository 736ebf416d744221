import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { discover } from '../../src/discovery/discover.ts';
import { filesInMemory } from '../../src/files/repositoryFiles.ts';
import { describeUses } from '../support/uses.ts';

const patch = `- op: add
  path: /spec/template/spec/initContainers
  value:
    - name: init
      image: busybox:1.36
- op: replace
  path: /spec/template/spec/containers/0/image
  value: "quay.io/a/b:1"
- op: add
  path: /spec/template/spec/containers/-
  value: {name: proxy, image: nginx, args: ["--image=x/y:2"]}
- op: add
  path: /spec/template/spec/containers/0/env/0/value
  value: ghcr.io/a/tool:3
- op: add
  path: /spec/replicas
  value: 2
- op: test
  path: /spec/template/spec/containers/0/image
  value: a/old:1
`;

describe('JSON patches', () => {
  it('have images in their values', () => {
    assert.deepEqual(describeUses(patch), [
      '5:14 busybox:1.36 (likely, initContainer)',
      '8:11 quay.io/a/b:1 (likely, container)',
      '11:31 nginx (possible, container)',
      '11:54 x/y:2 (likely, argument)',
      '14:10 ghcr.io/a/tool:3 (likely, environment)',
    ]);
  });

  it('may be JSON', () => {
    const source = '[{"op": "add", "path": "/spec/containers/0/image", "value": "a/b:1"}]';
    assert.deepEqual(describeUses(source, {}, 'patch.json'), ['1:62 a/b:1 (likely, container)']);
  });

  it('are lists of operations and nothing else', () => {
    assert.deepEqual(describeUses('- op: add\n- image: a/b:1\n- [op, add]\n- op: add\n  path: 1\n'), []);
    assert.deepEqual(describeUses('op: add\npath: /image\nvalue: a/b:1\n'), []);
  });

  it('count where a kustomization applies them', () => {
    const files = filesInMemory({
      'app/kustomization.yaml': `resources: [pods.yaml]
patches:
  - path: patch.yaml
    target: {kind: Deployment}
  - target: {kind: Deployment}
    patch: |
      - op: add
        path: /spec/template/spec/containers/-
        value:
          name: inline
          image: quay.io/a/inline:1
`,
      'app/patch.yaml': patch,
      'app/pods.yaml': `apiVersion: apps/v1
kind: Deployment
metadata: {name: a}
spec: {template: {spec: {containers: [{name: a, image: a/old:1}]}}}
`,
    });
    const found = discover(files).uses.filter(({ pulledBy }) => pulledBy.length > 0);
    const places = found.map(({ location: { file, start }, text }) => `${file}:${start.line} ${text}`);
    for (const place of ['app/kustomization.yaml:11 quay.io/a/inline:1', 'app/patch.yaml:5 busybox:1.36'])
      assert.equal(places.filter((one) => one === place).length, 1, place);
  });
});

import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { discover } from '../../src/discovery/discover.ts';
import { filesInMemory } from '../../src/files/repositoryFiles.ts';

const digest = `sha256:${'a'.repeat(64)}`;

/** The images of a file, each with what stands at its place. */
function found(source: string): readonly string[] {
  const lines = source.split('\n');
  return discover(filesInMemory({ 'a.yaml': source })).uses.map(
    ({ text, location: { start, end }, status, field, pulledBy }) => {
      const written = lines[start.line - 1]?.slice(start.column - 1, end.column - 1);
      const who = pulledBy.join() || `nobody, ${status}`;
      return `${start.line} ${written} = ${text} in ${field} by ${who}`;
    },
  );
}

const rules = `images:
    - name: nginx
      newName: mirror.example.com/nginx
      newTag: "1.27"
    - {name: redis, newTag: 7}
    - {name: postgres, digest: '${digest}'}
    - name: busybox
      newName: mirror.example.com/busybox
`;

const ruleUses = (at: string): readonly string[] => [
  `8 mirror.example.com/nginx = mirror.example.com/nginx:1.27 in ${at}[0].newName by node`,
  `10 7 = redis:7 in ${at}[1].newTag by node`,
  `11 ${digest} = postgres@${digest} in ${at}[2].digest by node`,
  `13 mirror.example.com/busybox = mirror.example.com/busybox in ${at}[3].newName by nobody, unresolved`,
];

suite('rules for images', () => {
  test('in a Flux Kustomization are images', () => {
    const source = `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: web}
spec:
  path: ./web
  ${rules}`;
    assert.deepEqual(found(source), ruleUses('spec.images'));
  });

  test('in the post-renderers of a HelmRelease are, too', () => {
    const source = `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: web}
spec:
  postRenderers: [{kustomize: {images: [
    {name: nginx, newName: mirror.example.com/nginx, newTag: "1.27"}]}}]
`;
    assert.deepEqual(found(source), [
      '6 mirror.example.com/nginx = mirror.example.com/nginx:1.27 in spec.postRenderers[0].kustomize.images[0].newName by node',
    ]);
  });
});

const patches = `
    - target: {kind: Deployment}
      patch: |
        - op: replace
          path: /spec/template/spec/containers/0/image
          value: registry.example.com/web:2
        - {op: remove, path: /spec/template/spec/containers/1}
    - patch: '[{"op": "add", "path": "/spec/containers/0/image", "value": "registry.example.com/web:3"}]'
    - patch: |-
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          containers:
            - name: proxy
              image: "quay.io/proxies/envoy:v1"
    - target: {kind: Deployment, name: web}
      patch: |
        spec: {template: {spec: {containers: [{name: web, image: registry.example.com/web:4}]}}}
    - patch: "{{ broken"
    - path: other.yaml
    - 1
`;

suite('patches', () => {
  const objects = {
    'a Flux Kustomization': `apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nspec:\n  patches:`,
    'a HelmRelease': `apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nspec:\n  postRenderers: [{kustomize: {}}, {}]\n`,
    'an Application': `apiVersion: argoproj.io/v1alpha1\nkind: Application\nspec: {source: {kustomize: {patches: []}}}\n`,
  };
  test('in a Flux Kustomization name images', () => {
    assert.deepEqual(found(objects['a Flux Kustomization'] + patches), [
      '9 registry.example.com/web:2 = registry.example.com/web:2 in [0].value by node',
      '11 registry.example.com/web:3 = registry.example.com/web:3 in [0].value by node',
      '19 quay.io/proxies/envoy:v1 = quay.io/proxies/envoy:v1 in spec.containers[0].image by node',
      '22 registry.example.com/web:4 = registry.example.com/web:4 in spec.patches[3].patch: spec.template.spec.containers[0].image by node',
    ]);
  });

  test('that are none name no images', () => {
    for (const object of Object.values(objects)) assert.deepEqual(found(object), []);
  });

  test('in an Application and in a HelmRelease do', () => {
    const operation = '[{op: replace, path: /spec/containers/0/image, value: "registry.example.com/web:2"}]';
    const argo = `apiVersion: argoproj.io/v1alpha1
kind: Application
spec:
  sources:
    - kustomize:
        patches:
          - patch: |
              ${operation}
`;
    const helm = `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
spec:
  postRenderers:
    - kustomize:
        patches:
          - patch: |
              ${operation}
`;
    const expected = ['8 registry.example.com/web:2 = registry.example.com/web:2 in [0].value by node'];
    assert.deepEqual(found(argo), expected);
    assert.deepEqual(found(helm), expected);
  });

  test('of older versions of Flux are written as objects', () => {
    const source = `apiVersion: kustomize.toolkit.fluxcd.io/v1beta2
kind: Kustomization
spec:
  patchesStrategicMerge:
    - apiVersion: v1
      kind: Pod
      spec: {containers: [{name: a, image: "registry.example.com/a:1"}]}
  patchesJson6902:
    - patch: [{op: add, path: /spec/containers/0/image, value: "registry.example.com/a:2"}]
`;
    assert.deepEqual(found(source), [
      '7 registry.example.com/a:1 = registry.example.com/a:1 in spec.containers[0].image by node',
      '9 registry.example.com/a:2 = registry.example.com/a:2 in [0].value by node',
    ]);
  });
});

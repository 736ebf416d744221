import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { discover } from '../../src/discovery/discover.ts';
import { filesInMemory } from '../../src/files/repositoryFiles.ts';

/** The images in the objects of a file, each with what stands at its place. */
function found(source: string): readonly string[] {
  const lines = source.split('\n');
  return discover(filesInMemory({ 'a.yaml': source })).uses.map(
    ({ text, location: { start, end }, status, field }) => {
      const written = lines[start.line - 1]?.slice(
        start.column - 1,
        start.line === end.line ? end.column - 1 : undefined,
      );
      return `${start.line} ${written} = ${text}${status === 'unresolved' ? ' (unresolved)' : ''} in ${field}`;
    },
  );
}

describe('objects that install charts', () => {
  for (const version of ['v2', 'v2beta1', 'v2beta2']) {
    it(`name images in the values of a HelmRelease ${version}`, () => {
      const source = `apiVersion: helm.toolkit.fluxcd.io/${version}
kind: HelmRelease
metadata: {name: web}
spec:
  chartRef: {kind: OCIRepository, name: app-template}
  values:
    controllers:
      web:
        containers:
          app:
            image:
              repository: ghcr.io/example/web
              tag: 1.2.3@sha256:${'d'.repeat(64)}
    sidecar:
      image: {repository: quay.io/example/sidecar, pullPolicy: Always}
`;
      assert.deepEqual(found(source), [
        `12 ghcr.io/example/web = ghcr.io/example/web:1.2.3@sha256:${'d'.repeat(64)} in spec.values.controllers.web.containers.app.image.repository`,
        '15 quay.io/example/sidecar = quay.io/example/sidecar (unresolved) in spec.values.sidecar.image.repository',
      ]);
    });
  }

  it('name images in a HelmChart and a HelmChartConfig of k3s', () => {
    const source = `apiVersion: helm.cattle.io/v1
kind: HelmChart
metadata: {name: web, namespace: kube-system}
spec:
  chart: web
  jobImage: "registry.example.com/klipper-helm:v0.9"
  set:
    image.repository: registry.example.com/web
    image.tag: "1.4"
  valuesContent: |-
    # the proxy
    proxy:
      image: registry.example.com/proxy:v2
---
apiVersion: helm.cattle.io/v1
kind: HelmChartConfig
metadata: {name: traefik}
spec:
  valuesContent: "image:\\n  repository: registry.example.com/traefik\\n  tag: v3\\n"
`;
    assert.deepEqual(found(source), [
      '6 registry.example.com/klipper-helm:v0.9 = registry.example.com/klipper-helm:v0.9 in spec.jobImage',
      '8 registry.example.com/web = registry.example.com/web:1.4 in spec.set.image.repository',
      '13 registry.example.com/proxy:v2 = registry.example.com/proxy:v2 in spec.valuesContent.proxy.image',
      '19 registry.example.com/traefik = registry.example.com/traefik:v3 in spec.valuesContent.image.repository',
    ]);
  });

  it('name images in the sources of Argo CD', () => {
    const source = `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: web}
spec:
  sources:
    - chart: web
      helm:
        values: |
          image: registry.example.com/web:1
        parameters:
          - {name: worker.image.repository, value: registry.example.com/worker}
          - {name: worker.image.tag, value: "2"}
    - path: overlays/prod
      kustomize:
        images: ["nginx=registry.example.com/nginx:1.27", registry.example.com/app:3, "a=registry.example.com/a"]
---
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {name: web}
spec:
  template:
    spec:
      source:
        chart: web
        helm: {valuesObject: {image: {repository: registry.example.com/set, tag: '{{version}}'}}}
`;
    assert.deepEqual(found(source), [
      '9 registry.example.com/web:1 = registry.example.com/web:1 in spec.sources[0].helm.values.image',
      '11 registry.example.com/worker = registry.example.com/worker:2 in spec.sources[0].helm.parameters.worker.image.repository',
      '15 registry.example.com/nginx:1.27 = registry.example.com/nginx:1.27 in spec.sources[1].kustomize.images[0]',
      '15 registry.example.com/app:3 = registry.example.com/app:3 in spec.sources[1].kustomize.images[1]',
      '15 registry.example.com/a = registry.example.com/a (unresolved) in spec.sources[1].kustomize.images[2]',
      '25 registry.example.com/set = registry.example.com/set:{{version}} (unresolved) in spec.template.spec.source.helm.valuesObject.image.repository',
    ]);
  });

  it('are told from objects of the same kind in other groups', () => {
    assert.deepEqual(
      found(
        'apiVersion: app.k8s.io/v1beta1\nkind: Application\nspec: {source: {helm: {values: "image: a/b:1"}}}\n',
      ),
      [],
    );
  });

  it('do no harm with values that are no YAML, or not what they should be', () => {
    for (const spec of [
      '{values: 5}',
      '{values: [a]}',
      '{values: null}',
      '{valuesFrom: {a: b}}',
      '5',
      '[]',
      '{chart: {spec: 1}}',
    ]) {
      assert.deepEqual(
        found(`apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nspec: ${spec}\n`),
        [],
        spec,
      );
    }
    for (const values of ['"a: [b"', '"&a [*a]"', '{a: b}', '"\\0"', '"image: ok/yes:1\\n\\tx"']) {
      assert.deepEqual(
        found(`apiVersion: helm.cattle.io/v1\nkind: HelmChart\nspec: {valuesContent: ${values}, set: [1]}\n`),
        [],
        values,
      );
    }
  });
});

describe('values of charts that are texts', () => {
  const release = (values: string): string =>
    `apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata:\n  name: &name web\nspec:\n  values:\n${values}`;

  it('have the images of Pod specs, settings and objects', () => {
    const source = release(`    specs:
      pod.yaml: |-
        containers:
          - name: main
            image: ghcr.io/example/runner:1
        initContainers:
          - {name: dind, image: "docker:29-dind"}
      settings: |
        suggestions:
          - image: example/random:2
            picture: example/picture
      template: |
        image: {{ .Values.image }}
    extra:
      - |
        apiVersion: v1
        kind: Pod
        metadata: {name: a}
        spec: {containers: [{name: a, image: example/pod:3}]}
    notes: |
      Use ghcr.io/example/other:4
`);
    assert.deepEqual(
      found(source).map((line) => line.replace(/ in .*/, '')),
      [
        '11 ghcr.io/example/runner:1 = ghcr.io/example/runner:1',
        '13 docker:29-dind = docker:29-dind',
        '16 example/random:2 = example/random:2',
        '25 example/pod:3 = example/pod:3',
      ],
    );
  });

  it('may use what is named outside of the values', () => {
    const source = release(
      '    *name :\n      name: *name\n      image: {repository: *name, tag: *name, registry: quay.io}\n      init: {image: "example/init:1"}\n',
    );
    assert.deepEqual(found(source), [
      '9 *name = quay.io/web:web in spec.values.web.image.repository',
      '10 example/init:1 = example/init:1 in spec.values.web.init.image',
    ]);
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { describeUses, usesIn } from '../../support/uses.ts';

function resource(apiVersion: string, kind: string, spec: string): string {
  return `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata:\n  name: a\n${spec}`;
}

describe('who pulls the image of a custom resource', () => {
  it('is the controller and then the node for Knative', () => {
    const source = resource(
      'serving.knative.dev/v1',
      'Service',
      'spec:\n  template:\n    spec:\n      containers:\n        - image: app:1\n',
    );
    assert.deepEqual(describeUses(source), [
      '9:18 app:1 (certain, container, pulled by controller and node)',
    ]);
  });

  it('is the importer for CDI, unless the node is told to', () => {
    const volume = (method: string): readonly string[] =>
      describeUses(
        resource(
          'cdi.kubevirt.io/v1beta1',
          'DataVolume',
          `spec:\n  source:\n    registry:\n      url: "docker://quay.io/a/disk:1"\n${method}`,
        ),
      );
    assert.deepEqual(volume(''), ['8:22 quay.io/a/disk:1 (certain, customResource, pulled by builder)']);
    assert.deepEqual(volume('      pullMethod: node\n'), ['8:22 quay.io/a/disk:1 (certain, customResource)']);
  });

  it('is the builder for a BuildConfig, which pushes what it makes', () => {
    const source = resource(
      'build.openshift.io/v1',
      'BuildConfig',
      `spec:
  strategy:
    dockerStrategy:
      from: {kind: DockerImage, name: "quay.io/a/base:1"}
  source:
    images:
      - from: {kind: ImageStreamTag, name: "other:1"}
  output:
    to: {kind: DockerImage, name: "quay.io/a/made:1"}
`,
    );
    assert.deepEqual(describeUses(source), [
      '8:40 quay.io/a/base:1 (certain, customResource, pulled by builder)',
    ]);
  });

  it('is the controller for bundles of Tekton', () => {
    const source = resource(
      'tekton.dev/v1',
      'TaskRun',
      `spec:
  taskRef:
    resolver: bundles
    params:
      - {name: bundle, value: "ghcr.io/a/tasks:1"}
      - {name: kind, value: task}
`,
    );
    assert.deepEqual(describeUses(source), [
      '9:32 ghcr.io/a/tasks:1 (certain, customResource, pulled by controller)',
    ]);
  });

  it('is nobody for what Tekton and Argo fill in', () => {
    const task = resource('tekton.dev/v1', 'Task', 'spec:\n  steps:\n    - image: $(params.image)\n');
    assert.deepEqual(describeUses(task), [
      '7:14 $(params.image) (certain, customResource, unresolved, pulled by nobody)',
    ]);
    const workflow = resource(
      'argoproj.io/v1alpha1',
      'Workflow',
      'spec:\n  templates:\n    - container:\n        image: "{{inputs.parameters.image}}"\n',
    );
    assert.deepEqual(describeUses(workflow), [
      '8:17 {{inputs.parameters.image}} (certain, customResource, unresolved, pulled by nobody)',
    ]);
  });
});

describe('Grafana', () => {
  const grafana = (version: string): readonly string[] =>
    describeUses(resource('grafana.integreatly.org/v1beta1', 'Grafana', `spec:\n  version: ${version}\n`));

  it('takes a version or an image in the same field', () => {
    assert.deepEqual(grafana('12.2.0'), []);
    assert.deepEqual(grafana('docker.io/grafana/grafana:12.2.0'), [
      '6:12 docker.io/grafana/grafana:12.2.0 (certain, customResource)',
    ]);
  });
});

describe('custom resources that nobody knows', () => {
  it('have Pod specs, with what they say about nodes', () => {
    const source = resource(
      'example.com/v1',
      'Machine',
      `spec:
  runner:
    nodeSelector: {disk: ssd}
    imagePullSecrets: [{name: login}]
    initContainers:
      - {name: wait, image: busybox}
    containers:
      - {name: app, image: "app:1"}
`,
    );
    assert.deepEqual(describeUses(source), [
      '10:29 busybox (likely, initContainer)',
      '12:29 app:1 (likely, container)',
    ]);
    const workload = usesIn(source)[0]?.workload;
    assert.equal(workload?.kind, 'Machine');
    assert.deepEqual(workload?.placement.nodeSelector, { disk: 'ssd' });
    assert.deepEqual(
      workload?.imagePullSecrets.map(({ value }) => value),
      ['login'],
    );
  });

  it('have images where keys and values say so', () => {
    const source = resource(
      'example.com/v1',
      'Thing',
      `spec:
  image: registry.example.com/app
  proxyImage: envoy:v1.30
  agent:
    imageName: ghcr.io/a/agent:1
  sidecar:
    image:
      registry: quay.io
      repository: a/sidecar
      tag: "2"
  plain: nginx:1.27
  helper: quay.io/a/helper:1
  cache: {image: "redis:7"}
  images:
    - quay.io/a/first:1
  env:
    - {name: RELATED_IMAGE_X, value: "quay.io/a/related@sha256:${'0'.repeat(64)}"}
`,
    );
    assert.deepEqual(describeUses(source), [
      '6:10 registry.example.com/app (likely, customResource)',
      '7:15 envoy:v1.30 (likely, customResource)',
      '9:16 ghcr.io/a/agent:1 (likely, customResource)',
      '13:19 quay.io/a/sidecar:2 (likely, customResource)',
      '16:11 quay.io/a/helper:1 (likely, customResource)',
      '17:19 redis:7 (likely, customResource)',
      '19:7 quay.io/a/first:1 (likely, customResource)',
      `21:39 quay.io/a/related@sha256:${'0'.repeat(64)} (likely, environment)`,
    ]);
  });

  it('hold whole objects of others', () => {
    const source = resource(
      'triggers.tekton.dev/v1beta1',
      'TriggerTemplate',
      `spec:
  resourcetemplates:
    - apiVersion: tekton.dev/v1
      kind: TaskRun
      spec:
        taskSpec:
          steps:
            - image: golang:1.24
---
apiVersion: argoproj.io/v1alpha1
kind: Workflow
spec:
  templates:
    - resource:
        manifest: |
          apiVersion: v1
          kind: Pod
          metadata:
            name: inner
          spec:
            containers:
              - {name: a, image: 'alpine:3'}
`,
    );
    assert.deepEqual(describeUses(source), [
      '12:22 golang:1.24 (certain, customResource)',
      '26:35 alpine:3 (certain, container)',
    ]);
    assert.equal(usesIn(source)[1]?.workload?.name, 'inner');
  });

  it('do not pull what they push, what was pulled, or what a policy allows', () => {
    const pushed = resource('example.com/v1', 'Build', 'spec:\n  output:\n    image: quay.io/a/made:1\n');
    const status = resource('example.com/v1', 'Thing', 'status:\n  image: docker-pullable://quay.io/a/b:1\n');
    const policy = resource(
      'kyverno.io/v1',
      'ClusterPolicy',
      'spec:\n  rules:\n    - validate:\n        pattern:\n          spec:\n            containers:\n              - {name: "*", image: "registry.example.com/a:1"}\n',
    );
    const constraint = resource(
      'constraints.gatekeeper.sh/v1beta1',
      'K8sAllowedRepos',
      'spec:\n  parameters:\n    image: registry.example.com/a:1\n',
    );
    for (const source of [pushed, status, policy, constraint])
      assert.deepEqual(describeUses(source), [], source);
  });

  it('end when an alias leads back, and read what it repeats once', () => {
    const source = resource(
      'example.com/v1',
      'Thing',
      `spec:\n  a: &a\n    image: quay.io/a/b:1\n  b: *a\n  c: [*a, *a]\n`,
    );
    assert.deepEqual(describeUses(source), ['7:12 quay.io/a/b:1 (likely, customResource)']);
  });
});

describe('imagePaths', () => {
  const imagePaths = [
    { group: 'example.com', kind: 'Pipeline', path: 'spec.steps[].runner' },
    { group: '', kind: 'ConfigMap', path: 'data.*' },
  ];

  it('make fields of custom resources certain', () => {
    const source = resource('example.com/v1', 'Pipeline', 'spec:\n  steps:\n    - runner: tools\n');
    assert.deepEqual(describeUses(source), []);
    assert.deepEqual(describeUses(source, { imagePaths }), ['7:15 tools (certain, customResource)']);
  });

  it('may be those of kinds of Kubernetes', () => {
    const source = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {x: tools}\n';
    assert.deepEqual(describeUses(source, { imagePaths }), ['4:11 tools (certain, customResource)']);
  });
});

describe('custom resources that are templates', () => {
  it('say who pulls their images', () => {
    const source =
      'apiVersion: image.toolkit.fluxcd.io/v1\nkind: ImageRepository\nmetadata: {namespace: {{ .x }}}\nspec:\n  image: ghcr.io/a/b\n';
    assert.deepEqual(describeUses(source), [
      '5:10 ghcr.io/a/b (likely, customResource, pulled by controller)',
    ]);
  });

  it('have the images that are written out', () => {
    const source = `apiVersion: monitoring.coreos.com/v1
kind: Prometheus
metadata:
  name: {{ .Release.Name }}
spec:
  {{- if .Values.x }}
  image: quay.io/prometheus/prometheus:v3
  {{- end }}
  thanos:
    image: {{ .Values.thanos }}
    pullImage: false
`;
    assert.deepEqual(describeUses(source), [
      '7:10 quay.io/prometheus/prometheus:v3 (likely, customResource)',
    ]);
  });
});

describe('custom resources that no catalogue knows', () => {
  const cases: readonly (readonly [name: string, source: string, expected: readonly string[]])[] = [
    [
      'of a project in the domain of Kubernetes',
      'apiVersion: jobs.k8s.io/v1\nkind: Batch\nspec: {image: tool:3.5}\n',
      ['3:15 tool:3.5 (likely, customResource)'],
    ],
    [
      'that are settings without spec',
      'apiVersion: config.example.org/v1\nkind: ToolConfig\nruntime:\n  - image: a/b:1\nimage: a/c:1\nstatus: {image: a/d:1}\n',
      ['4:12 a/b:1 (likely, customResource)', '5:8 a/c:1 (likely, customResource)'],
    ],
    [
      'with several images below one key',
      'apiVersion: example.org/v1\nkind: Tool\nspec:\n  image: {application: a/b:1, init: a/c:1, pullSecret: a/d:1, kind: debian}\n',
      ['4:24 a/b:1 (likely, customResource)', '4:37 a/c:1 (likely, customResource)'],
    ],
    [
      'with the last part of the name in a place of its own',
      'apiVersion: example.org/v1\nkind: Tool\nspec: {repository: quay.io/a, image: tool, version: "1.2"}\n',
      ['3:38 quay.io/a/tool:1.2 (likely, customResource)'],
    ],
    [
      'with a digest for the version',
      `apiVersion: example.org/v1\nkind: Tool\nspec: {repository: quay.io/a, image: tool, version: "sha256:${'a'.repeat(64)}"}\n`,
      [`3:38 quay.io/a/tool@sha256:${'a'.repeat(64)} (likely, customResource)`],
    ],
    [
      'but not where something is allowed only',
      'apiVersion: example.org/v1\nkind: WorkloadAllowlist\nspec: {image: a/b:1}\n',
      [],
    ],
    [
      'and no files for other programs',
      'apiVersion: skaffold/v4\nkind: Config\nbuild: {fromImage: a/b:1}\n',
      [],
    ],
    [
      'and nothing of Kubernetes itself',
      'apiVersion: storage.k8s.io/v1\nkind: Other\nspec: {image: a/b:1}\n',
      [],
    ],
  ];
  for (const [name, source, expected] of cases)
    it(name, () => {
      assert.deepEqual(describeUses(source), expected);
    });

  it('that are no YAML, in their only container', () => {
    const source =
      'apiVersion: argoproj.io/v1alpha1\nkind: Workflow\nspec:\n  name: {{ .x }}\n  container:\n    image: busybox\n  picture:\n    image: sunset\n';
    assert.deepEqual(describeUses(source), ['6:12 busybox (likely, customResource)']);
  });
});

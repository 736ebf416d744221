import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { filesInMemory } from '../../src/files/repositoryFiles.ts';
import { discover } from '../../src/discovery/discover.ts';
import type { ImageUse } from '../../src/manifest/imageUse.ts';

function usesIn(source: string, file = 'a.yaml'): readonly ImageUse[] {
  return discover(filesInMemory({ [file]: source })).uses;
}

/** The text between start and end of a use, where it is on one line. */
function textAt(source: string, { location: { start, end } }: ImageUse): string | undefined {
  const line = source.split('\n')[start.line - 1];
  return line?.slice(start.column - 1, end.column - 1);
}

function placed(source: string, file?: string): readonly string[] {
  return usesIn(source, file).map(
    ({ text, location }) => `${location.start.line}:${location.start.column}-${location.end.column} ${text}`,
  );
}

const pod = (image: string): string =>
  `apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - image: ${image}\n`;

describe('kinds of workloads', () => {
  const container = '{containers: [{name: a, image: app:1}]}';
  const template = `{template: {spec: ${container}}}`;
  const table: readonly [apiVersion: string, kind: string, body: string, field: string][] = [
    ['v1', 'Pod', `spec: ${container}`, 'spec.containers[0].image'],
    ['v1', 'PodTemplate', `template: {spec: ${container}}`, 'template.spec.containers[0].image'],
    ['v1', 'ReplicationController', `spec: ${template}`, 'spec.template.spec.containers[0].image'],
    ['apps/v1', 'Deployment', `spec: ${template}`, 'spec.template.spec.containers[0].image'],
    ['extensions/v1beta1', 'Deployment', `spec: ${template}`, 'spec.template.spec.containers[0].image'],
    ['apps/v1', 'StatefulSet', `spec: ${template}`, 'spec.template.spec.containers[0].image'],
    ['apps/v1', 'DaemonSet', `spec: ${template}`, 'spec.template.spec.containers[0].image'],
    ['apps/v1', 'ReplicaSet', `spec: ${template}`, 'spec.template.spec.containers[0].image'],
    ['batch/v1', 'Job', `spec: ${template}`, 'spec.template.spec.containers[0].image'],
    [
      'batch/v1',
      'CronJob',
      `spec: {jobTemplate: {spec: ${template}}}`,
      'spec.jobTemplate.spec.template.spec.containers[0].image',
    ],
  ];
  for (const [apiVersion, kind, body, field] of table) {
    it(`${kind} of ${apiVersion}`, () => {
      const [use, ...others] = usesIn(
        `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: x, namespace: n}\n${body}\n`,
      );
      assert.deepEqual(others, []);
      assert.equal(use?.field, field);
      assert.deepEqual(use.reference, { domain: 'docker.io', path: 'library/app', tag: '1' });
      assert.equal(use.confidence, 'certain');
      assert.equal(use.status, 'resolved');
      assert.equal(use.workload?.kind, kind);
      assert.equal(use.workload.name, 'x');
      assert.equal(use.workload.namespace, 'n');
    });
  }

  it('of other groups are not those of Kubernetes, though they may have a Pod spec as well', () => {
    const uses = usesIn(`apiVersion: example.com/v1\nkind: Deployment\nspec: ${template}`);
    assert.deepEqual(
      uses.map(({ confidence }) => confidence),
      ['likely'],
    );
  });

  it('without apiVersion, or with a variable there, are read all the same', () => {
    assert.equal(usesIn(`kind: Deployment\nspec: ${template}`).length, 1);
    assert.equal(usesIn(`apiVersion: \${API}\nkind: Deployment\nspec: ${template}`).length, 1);
  });

  it('count when they are only a patch with an image, and not without one', () => {
    const patch = (container: string): string =>
      `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\nspec: {template: {spec: {containers: [${container}]}}}`;
    assert.equal(usesIn(patch('{name: a, image: x:1}')).length, 1);
    for (const image of [
      '',
      ', image: ',
      ', image: ~',
      ', image: ""',
      ', image: {repository: a}',
      ', $patch: delete',
    ]) {
      assert.deepEqual(usesIn(patch(`{name: a${image}}`)), []);
    }
  });

  it('do not include what only describes some', () => {
    const schema =
      'apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nspec: {template: {spec: {containers: [{image: x}]}}}';
    const kustomization =
      'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nimages: [{name: a, newTag: b}]';
    for (const source of [
      schema,
      kustomization,
      'image: {repository: a, tag: b}',
      'containers: [{image: a}]',
    ]) {
      assert.deepEqual(usesIn(source), []);
    }
  });
});

describe('places in a Pod spec', () => {
  it('are all containers and the image volumes', () => {
    const source = `apiVersion: v1
kind: Pod
spec:
  volumes:
    - name: data
      emptyDir: {}
    - name: model
      image: {reference: "quay.io/models/small:1"}
  containers:
    - {name: a, image: a:1}
    - {name: b, image: b:1}
  initContainers:
    - {name: c, image: c:1}
  ephemeralContainers:
    - {name: d, image: d:1}
`;
    assert.deepEqual(
      usesIn(source).map(({ from, field, text }) => [from, field, text]),
      [
        ['imageVolume', 'spec.volumes[1].image.reference', 'quay.io/models/small:1'],
        ['container', 'spec.containers[0].image', 'a:1'],
        ['container', 'spec.containers[1].image', 'b:1'],
        ['initContainer', 'spec.initContainers[0].image', 'c:1'],
        ['ephemeralContainer', 'spec.ephemeralContainers[0].image', 'd:1'],
      ],
    );
  });
});

describe('position of an image', () => {
  const table: readonly [name: string, written: string, expected: string][] = [
    ['plain', 'nginx:1', '5:14-21 nginx:1'],
    ['with a comment', 'nginx:1 # why', '5:14-21 nginx:1'],
    ['with spaces around it', '   nginx:1   ', '5:17-24 nginx:1'],
    ['in double quotes', '"nginx:1"', '5:15-22 nginx:1'],
    ['in single quotes', "'nginx:1'", '5:15-22 nginx:1'],
    ['in quotes with a space inside', '" nginx:1"', '5:15-23  nginx:1'],
    ['behind an anchor', '&web nginx:1', '5:19-26 nginx:1'],
    ['behind an anchor, quoted', '&web "nginx:1"', '5:20-27 nginx:1'],
    ['behind a tag', '!!str nginx:1', '5:20-27 nginx:1'],
    ['behind a tab', '\tnginx:1', '5:15-22 nginx:1'],
    ['on the next line', '\n        nginx:1', '6:9-16 nginx:1'],
    ['as a block of text', '>-\n        nginx:1', '6:9-16 nginx:1'],
    ['as a block of text with indicators', '|2-  # note\n\n        nginx:1\n', '7:9-16 \nnginx:1'],
  ];
  for (const [name, written, expected] of table) {
    it(name, () => assert.deepEqual(placed(pod(written)), [expected]));
  }

  it('counts UTF-16 code units, as editors do', () => {
    assert.deepEqual(placed('kind: Pod\nspec: {containers: [{name: 🧀, image: nginx}]}'), ['2:39-44 nginx']);
  });

  it('is the same with CRLF', () => {
    assert.deepEqual(placed(pod('nginx:1').replaceAll('\n', '\r\n')), ['5:14-21 nginx:1']);
    assert.deepEqual(placed(pod('"nginx:1"').replaceAll('\n', '\r\n')), ['5:15-22 nginx:1']);
  });

  it('is right in JSON, with tabs too', () => {
    const json = JSON.stringify(
      { apiVersion: 'v1', kind: 'Pod', spec: { containers: [{ image: 'nginx:1' }] } },
      null,
      '\t',
    );
    const [use] = usesIn(json, 'pod.json');
    assert.ok(use);
    assert.equal(textAt(json, use), 'nginx:1');
    assert.equal(use.location.start.line, 7);
    const line = `{"apiVersion":"v1","kind":"Pod","spec":{"containers":[{"image":"nginx:1"}]}}`;
    assert.deepEqual(placed(line, 'pod.json'), ['1:65-72 nginx:1']);
  });

  it('is that of the alias where one is used', () => {
    const source = `kind: Pod\nspec:\n  initContainers: [{image: &i nginx:1}]\n  containers: [{image: *i}]\n`;
    assert.deepEqual(placed(source), ['3:31-38 nginx:1', '4:24-26 nginx:1']);
  });

  it('is that of the anchor where a whole container is repeated', () => {
    const source = `kind: Pod\nspec:\n  initContainers: [&c {image: nginx:1}]\n  containers: [*c, {<<: *c, name: b}]\n`;
    assert.deepEqual(placed(source), ['3:31-38 nginx:1', '3:31-38 nginx:1', '3:31-38 nginx:1']);
  });

  it('goes on counting lines over the documents of a file', () => {
    const config = 'apiVersion: v1\nkind: ConfigMap\ndata:\n  a: |\n    ---\n    kind: Pod\n';
    const source = `# first\n---\n${pod('a:1')}---\n${config}---\n\n--- # last\n${pod('b:1')}...\n${pod('c:1')}`;
    const uses = usesIn(source);
    assert.deepEqual(
      uses.map((use) => textAt(source, use)),
      ['a:1', 'b:1', 'c:1'],
    );
    assert.deepEqual(
      uses.map(({ location }) => location.start.line),
      [7, 22, 28],
    );
  });

  it('is that of the last of two equal keys, which is the one that counts', () => {
    assert.deepEqual(placed('kind: Pod\nspec:\n  containers: [{image: a:1, image: b:1}]\n'), ['3:36-39 b:1']);
  });
});

describe('lists', () => {
  it('are read item by item', () => {
    const item = (name: string): string =>
      `{kind: Pod, metadata: {name: ${name}}, spec: {containers: [{image: ${name}:1}]}}`;
    const source = `apiVersion: v1\nkind: List\nitems:\n- ${item('a')}\n- kind: List\n  items:\n  - ${item('b')}\n- kind: ConfigMap\n`;
    const uses = usesIn(source);
    assert.deepEqual(
      uses.map(({ text, workload, field, location }) => [text, workload?.name, field, location.start.line]),
      [
        ['a:1', 'a', 'spec.containers[0].image', 4],
        ['b:1', 'b', 'spec.containers[0].image', 7],
      ],
    );
  });

  it('of the API server give their items kind and apiVersion', () => {
    const source =
      '{"apiVersion":"apps/v1","kind":"DeploymentList","items":[{"spec":{"template":{"spec":{"containers":[{"image":"a:1"}]}}}}]}';
    const [use] = usesIn(source, 'list.json');
    assert.equal(use?.workload?.kind, 'Deployment');
  });

  it('may be the kind of an object that is none', () => {
    assert.deepEqual(usesIn('apiVersion: v1\nkind: AllowList\nspec: {containers: [{image: a}]}'), []);
  });
});

describe('what a workload says', () => {
  const source = `apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: "agent"
  namespace: monitoring
spec:
  template:
    spec:
      serviceAccountName: agent
      nodeName: worker-3
      nodeSelector: {disk: ssd, zone: 1.10}
      imagePullSecrets: [{name: harbor}, {}, {name: quay}]
      tolerations:
        - {key: edge, operator: Equal, value: "true", effect: NoSchedule}
        - operator: Exists
      affinity:
        nodeAffinity:
          requiredDuringSchedulingIgnoredDuringExecution:
            nodeSelectorTerms:
              - matchExpressions: [{key: arch, operator: In, values: [amd64, arm64]}]
                matchFields: [{key: metadata.name, operator: NotIn, values: [worker-4]}]
              - {}
              - matchExpressions: [{key: gpu, operator: Exists}]
          preferredDuringSchedulingIgnoredDuringExecution: [{weight: 1, preference: {}}]
      containers: [{image: agent:1}, {image: reloader:1}]
`;

  it('is read from its Pod spec', () => {
    const workload = usesIn(source)[0]?.workload;
    assert.ok(workload);
    assert.equal(workload.kind, 'DaemonSet');
    assert.equal(workload.name, 'agent');
    assert.equal(workload.namespace, 'monitoring');
    assert.deepEqual(workload.location.start, { line: 4, column: 10 });
    assert.equal(workload.serviceAccountName, 'agent');
    assert.deepEqual(
      workload.imagePullSecrets.map(({ value, location }) => [
        value,
        location.start.line,
        location.start.column,
      ]),
      [
        ['harbor', 12, 33],
        ['quay', 12, 53],
      ],
    );
    assert.deepEqual(workload.placement, {
      nodeName: 'worker-3',
      nodeSelector: { disk: 'ssd', zone: '1.10' },
      nodeAffinity: [
        [
          { key: 'arch', operator: 'In', values: ['amd64', 'arm64'], subject: 'label' },
          { key: 'metadata.name', operator: 'NotIn', values: ['worker-4'], subject: 'field' },
        ],
        [{ key: 'gpu', operator: 'Exists', values: [], subject: 'label' }],
      ],
      tolerations: [
        { key: 'edge', operator: 'Equal', value: 'true', effect: 'NoSchedule' },
        { operator: 'Exists' },
      ],
      isDaemonSet: true,
    });
  });

  it('is one and the same for all images of it', () => {
    const [first, second] = usesIn(source);
    assert.ok(first?.workload);
    assert.equal(first.workload, second?.workload);
  });

  it('may be next to nothing', () => {
    const [use] = usesIn(
      'kind: Job\nmetadata: {generateName: import-}\nspec: {template: {spec: {containers: [{image: a}]}}}',
    );
    assert.equal(use?.workload?.name, 'import-');
    const [nameless] = usesIn(pod('a'));
    assert.equal(nameless?.workload?.name, '');
    assert.deepEqual(nameless.workload.location.start, { line: 1, column: 1 });
    assert.deepEqual(nameless.workload.placement, {
      nodeSelector: {},
      nodeAffinity: [],
      tolerations: [],
      isDaemonSet: false,
    });
  });

  it('may be nonsense', () => {
    const nonsense =
      'kind: Pod\nmetadata: [1]\nspec: {containers: [{image: a}, 1, ~, [x]], initContainers: 3, volumes: {a: b}, nodeSelector: [], affinity: 1, tolerations: [~], imagePullSecrets: x}';
    assert.equal(usesIn(nonsense).length, 1);
    assert.deepEqual(usesIn('kind: Pod\nspec: nothing'), []);
    assert.deepEqual(usesIn('kind: [Pod]'), []);
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { describeUses, textAt, usesIn } from '../../support/uses.ts';

function configMap(data: string, name = 'settings'): string {
  return `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\ndata:\n${data}`;
}

describe('values of ConfigMaps', () => {
  it('are images', () => {
    const source = configMap(
      '  sidecar-image: a/b:1\n  helper: quay.io/a/helper:1\n  other: example.com/a/b:1\n  image: |\n    x/y:2\n',
    );
    assert.deepEqual(describeUses(source), [
      '6:18 a/b:1 (likely, configMap)',
      '7:11 quay.io/a/helper:1 (likely, configMap)',
      '8:10 example.com/a/b:1 (possible, configMap)',
    ]);
  });

  it('are images when the ConfigMap is called so', () => {
    assert.deepEqual(describeUses(configMap('  csi: example.com/a/csi:v1\n', 'csi-image-set')), [
      '6:8 example.com/a/csi:v1 (likely, configMap)',
    ]);
  });
});

describe('files in ConfigMaps', () => {
  it('are manifests', () => {
    const source = configMap(`  pods.yaml: |
    apiVersion: v1
    kind: Pod
    metadata: {name: inner}
    spec:
      containers:
        - name: a
          image: "quay.io/a/b:1"
    ---
    apiVersion: v1
    kind: Pod
    spec: {containers: [{image: c}]}
`);
    assert.deepEqual(describeUses(source), [
      '13:19 quay.io/a/b:1 (certain, container)',
      '17:33 c (certain, container)',
    ]);
    assert.equal(usesIn(source)[0]?.workload?.name, 'inner');
  });

  it('are settings in YAML and JSON, in every style of writing', () => {
    const settings = [
      '  a.yaml: |-\n    agent:\n      image: quay.io/a/b:1\n',
      '  a.yaml: >\n    agent:\n\n      image: quay.io/a/b:1\n',
      '  a.json: \'{"agent": {"image": "quay.io/a/b:1"}}\'\n',
      '  a.json: "{\\"agent\\": {\\n\\"image\\": \\"quay.io/a/b:1\\"}}"\n',
      '  a.json: |\n    {\n      "agent": {"image": "quay.io/a/b:1"}\n    }\n',
      '  a.yaml: |\n    agent:\n      image:\n        repository: quay.io/a/b\n        tag: "1"\n',
      '  a.yaml: |\n    image_name: quay.io/a/b\n    image_version: 1\n',
    ];
    for (const setting of settings) {
      const source = configMap(setting);
      const uses = usesIn(source);
      assert.deepEqual(
        uses.map(({ text, confidence, from }) => [text, confidence, from]),
        [['quay.io/a/b:1', 'likely', 'configMap']],
        source,
      );
      for (const { location, parts } of uses) {
        assert.equal(textAt(source, location), parts ? 'quay.io/a/b' : 'quay.io/a/b:1', source);
      }
    }
  });

  it('are templates of Pods', () => {
    const source = configMap(`  template: |
    {{- if .Values.x }}
    metadata:
      name: x
    spec:
      initContainers:
      - name: init
        image: "{{ .ProxyImage }}"
      containers:
      - name: debug
        image: busybox:1.36
    {{- end }}
`);
    assert.deepEqual(describeUses(source), [
      '13:17 {{ .ProxyImage }} (likely, initContainer, unresolved)',
      '16:16 busybox:1.36 (likely, container)',
    ]);
  });

  it('are TOML, properties and scripts', () => {
    const source = configMap(`  config.toml: |
    [[runners]]
      [runners.docker]
        image = "ubuntu:22.04"
        # image = "debian:12"
        helper_image = "registry.gitlab.com/gitlab-org/helper:x86"
  app.properties: |
    agent.image=a/b:1
    agent.url=http://example.com
  run.sh: |
    docker run quay.io/a/b:1 --rm
`);
    assert.deepEqual(describeUses(source), [
      '9:18 ubuntu:22.04 (likely, configMap)',
      '11:25 registry.gitlab.com/gitlab-org/helper:x86 (likely, configMap)',
      '13:17 a/b:1 (likely, configMap)',
      '16:16 quay.io/a/b:1 (possible, configMap)',
    ]);
  });

  it('within files within files are read to a limit', () => {
    let source = 'apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - image: quay.io/a/b:1\n';
    for (let level = 0; level < 8; level++) {
      const indented = source.replaceAll(/^(?=.)/gm, '    ');
      source = configMap(`  a.yaml: |\n${indented}`);
      const images = usesIn(source).filter(({ confidence }) => confidence === 'certain');
      assert.equal(images.length, level < 4 ? 1 : 0);
      for (const { location, text } of images) assert.equal(textAt(source, location), text);
    }
  });
});

describe('annotations', () => {
  it('name images', () => {
    const source = `apiVersion: apps/v1
kind: Deployment
metadata:
  annotations:
    example.com/agent-image: quay.io/a/agent:1
    kubectl.kubernetes.io/last-applied-configuration: '{"image": "quay.io/a/old:1"}'
    description: Runs quay.io/a/agent:1 and more
spec:
  template:
    metadata:
      annotations:
        sidecar.istio.io/proxyImage: quay.io/istio/proxyv2:1.25
        hooks.kubevirt.io/hookSidecars: '[{"image": "quay.io/a/hook:1"}]'
`;
    assert.deepEqual(describeUses(source), [
      '5:30 quay.io/a/agent:1 (likely, annotation)',
      '12:38 quay.io/istio/proxyv2:1.25 (certain, annotation)',
      '13:54 quay.io/a/hook:1 (likely, annotation)',
    ]);
  });
});

describe('examples in ConfigMaps', () => {
  it('are no images for sure', () => {
    assert.deepEqual(
      describeUses(configMap('  _example: |\n    image: quay.io/a/b:1\n  real: |\n    image: a/c:1\n')),
      ['7:12 quay.io/a/b:1 (possible, configMap)', '9:12 a/c:1 (likely, configMap)'],
    );
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { filesInMemory } from '../../src/files/repositoryFiles.ts';
import { discover } from '../../src/discovery/discover.ts';
import type { Discovery } from '../../src/manifest/discovery.ts';
import { endsSoon } from '../support/endsSoon.ts';

function discoverIn(source: string, file = 'templates/deployment.yaml'): Discovery {
  return discover(filesInMemory({ [file]: source }));
}

function found(source: string, file?: string): readonly string[] {
  return discoverIn(source, file).uses.map(
    ({ text, location, status, from }) =>
      `${location.start.line}:${location.start.column} ${from} ${status} ${text}`,
  );
}

describe('templates', () => {
  const chart = `{{- if .Values.enabled }}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "app.fullname" . }}
spec:
  template:
    spec:
      {{- with .Values.initContainers }}
      initContainers:
      - name: wait
        image: busybox:1.36 # waits
      {{- end }}
      containers:
        - name: app
          args: ["--image", "x:1"]
          {{- if .Values.image.digest }}
          image: "{{ .Values.image.repository }}@{{ .Values.image.digest | default "" }}" # "pinned"
          {{- else }}
          image: '{{ .Values.image.repository }}:1.0'
          {{- end }}
          imagePullPolicy: {{ .Values.image.pullPolicy }}
        - image: "redis:7"
          name: cache
        {{- range .Values.sidecars }}
        - name: {{ .name }}
          image: {{ .image }}
        {{- end }}
      volumes:
        - name: model
          image:
            reference: quay.io/models/small:1
            pullPolicy: Always
        - name: config
          image: not-a-container
{{- end }}
`;

  it('give their literal images, and what they fill in as unresolved', () => {
    assert.deepEqual(found(chart), [
      '12:16 initContainer resolved busybox:1.36',
      '18:19 container unresolved {{ .Values.image.repository }}@{{ .Values.image.digest | default "" }}',
      '20:19 container unresolved {{ .Values.image.repository }}:1.0',
      '23:19 container resolved redis:7',
      '27:18 container unresolved {{ .image }}',
      '32:24 imageVolume resolved quay.io/models/small:1',
    ]);
    const { uses, problems } = discoverIn(chart);
    assert.deepEqual(problems, []);
    assert.deepEqual([...new Set(uses.map(({ confidence }) => confidence))], ['likely']);
    assert.deepEqual(uses[0]?.reference, { domain: 'docker.io', path: 'library/busybox', tag: '1.36' });
    assert.equal(uses[0].field, 'spec.template.spec.initContainers[].image');
    assert.equal(uses.at(-1)?.field, 'spec.template.spec.volumes[].image.reference');
    assert.deepEqual(uses[0].location.end, { line: 12, column: 28 });
  });

  it('are read the same with CRLF', () => {
    assert.deepEqual(found(chart.replaceAll('\n', '\r\n')), found(chart));
  });

  it('may stand beside documents that are YAML', () => {
    const service = 'apiVersion: v1\nkind: Service\nmetadata: {name: registry}\n';
    const pod = 'kind: Pod\nspec:\n  containers:\n  - image: a:1\n';
    const { uses, services } = discoverIn(`${service}---\n${chart}---\n${pod}`);
    assert.equal(services.length, 1);
    const inChart = discoverIn(chart).uses.map(({ text, location }) => [
      text,
      'likely',
      location.start.line + 4,
    ]);
    const lineOfPod = 4 + chart.split('\n').length + 4;
    assert.deepEqual(
      uses.map(({ text, confidence, location }) => [text, confidence, location.start.line]),
      [...inChart, ['a:1', 'certain', lineOfPod]],
    );
  });

  it('of other tools are read the same way', () => {
    const jinja =
      '{% if x %}\nkind: Pod\nspec:\n  containers:\n  - image: nginx:1\n  - image: {{ image }}\n{# image: no #}\n{% endif %}\n';
    assert.deepEqual(found(jinja, 'pod.yaml.j2'), [
      '5:12 container resolved nginx:1',
      '6:12 container unresolved {{ image }}',
    ]);
    const autoconf = 'kind: Pod\nspec:\n  containers:\n  - image: @IMAGE@\n';
    assert.deepEqual(found(autoconf), ['4:12 container unresolved @IMAGE@']);
  });

  it('may be parts of a chart without any object', () => {
    const partial = '{{- define "pod" }}\ncontainers:\n  - name: a\n    image: nginx:1\n{{- end }}\n';
    assert.deepEqual(found(partial, 'templates/_pod.tpl'), ['4:12 container resolved nginx:1']);
    assert.deepEqual(found(partial, 'templates/_pod.yaml'), ['4:12 container resolved nginx:1']);
  });

  it('do not count where they make something else than Pods', () => {
    const other = (kind: string): string => chart.replace('kind: Deployment', `kind: ${kind}`);
    assert.deepEqual(found(other('ConfigMap')), []);
    assert.equal(found(other('{{ .Values.kind }}')).length, 6);
    assert.equal(found(other('"DaemonSet"')).length, 6);
  });

  const ignored: readonly [why: string, lines: string][] = [
    ['in a block of text', 'script: |\n  containers:\n  - image: a'],
    ['in a block of text of a list', 'args:\n  - |\n    containers:\n    - image: a'],
    ['in a folded block with an indicator', 'script: >-2\n  containers:\n  - image: a'],
    ['in a comment', 'containers:\n# - image: a\n'],
    ['in a comment of the template', '{{- /*\ncontainers:\n- image: a\n*/}}'],
    ['not in a list', 'containers:\n  image: a'],
    ['deeper in a container', 'containers:\n- name: a\n  extra:\n    image: a'],
    ['beside the list', 'containers:\n- name: a\nimage: a'],
    ['without a value', 'containers:\n- image:\n- image: ""\n- image: # none\n'],
    ['as a map', 'containers:\n- image: {repository: a}\n- image:\n    repository: a'],
    ['as an alias', 'containers:\n- image: *a'],
  ];
  for (const [why, lines] of ignored) {
    it(`have no image ${why}`, () => assert.deepEqual(found(`{{ template }}\n${lines}\n`), []));
  }

  it('know where a block of text ends', () => {
    const source =
      '{{ x }}\ncontainers:\n- command:\n  - |\n    image: a\n  - b\n  image: c\n- script: |-\n    image: d\n  image: &e e\n';
    assert.deepEqual(found(source), ['7:10 container resolved c', '10:13 container resolved e']);
  });

  it('come to an end however they are made', () => {
    for (const unit of [
      '- ',
      ' ',
      'a: ',
      '{{',
      '"',
      ': |',
      '\n',
      '- image: ',
      'containers:\n- image: a #',
      '- - a:\n',
      '-'.repeat(9),
    ]) {
      endsSoon(() => found(`{{ x }}\ncontainers:\n- image: ${unit.repeat(30_000)}\n`, 'x.tpl'));
    }
    const deep = Array.from({ length: 2500 }, (_, depth) => `${' '.repeat(depth)}containers:\n`).join('');
    endsSoon(() => found(`{{ image }}\n${deep}`, 'x.tpl'));
  });
});

describe('a manifest that is no YAML', () => {
  const broken = 'apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - image: nginx:1\n\tname: a\n';

  it('is a problem, and its images are found all the same', () => {
    const { uses, problems } = discoverIn(broken, 'pod.yaml');
    assert.deepEqual(
      uses.map(({ text, confidence }) => [text, confidence]),
      [['nginx:1', 'likely']],
    );
    assert.equal(problems.length, 1);
    assert.match(problems[0]?.message ?? '', /^this Kubernetes manifest is no valid YAML: /);
    assert.equal(problems[0]?.location.file, 'pod.yaml');
    assert.equal(problems[0].location.start.line, 6);
  });

  it('is reported for each document of a file', () => {
    const { problems } = discoverIn(`${broken}---\n{{ if x }}\n${broken}---\n${broken}`, 'pod.yaml');
    assert.deepEqual(
      problems.map(({ location }) => location.start.line),
      [6, 21],
    );
  });

  it("is nobody's business when it is no manifest", () => {
    assert.deepEqual(discoverIn('a: b: c\nkind\n').problems, []);
    assert.deepEqual(discoverIn('{\n  // comment\n  "kind": 1,\n}', 'settings.json').problems, []);
  });
});

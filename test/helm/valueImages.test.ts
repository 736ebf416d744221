import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { findValueImages, type ValueImage } from '../../src/helm/valueImages.ts';
import { locateValue, yamlFile } from '../../src/helm/yamlText.ts';

function find(source: string): readonly ValueImage[] {
  const yaml = yamlFile('values.yaml', source);
  return yaml ? findValueImages(yaml.root) : [];
}

const texts = (source: string): readonly string[] =>
  find(source).map(
    ({ text, confidence, lacksTag }) => `${text} ${confidence}${lacksTag ? ' without tag' : ''}`,
  );

const digest = `sha256:${'a'.repeat(64)}`;

describe('images in the values of a chart', () => {
  const found: readonly (readonly [name: string, source: string, expected: readonly string[]])[] = [
    ['one string', 'image: registry.example.com/app:1.2', ['registry.example.com/app:1.2 likely']],
    ['a string with a digest', `image: app@${digest}`, [`app@${digest} likely`]],
    ['repository and tag', 'image: {repository: example/app, tag: 1.10}', ['example/app:1.10 certain']],
    [
      'a tag that holds a digest',
      `image: {repository: a/b, tag: v1@${digest}}`,
      [`a/b:v1@${digest} certain`],
    ],
    ['a tag that is a digest', `image: {repository: a/b, tag: "${digest}"}`, [`a/b@${digest} certain`]],
    [
      'a digest without its algorithm',
      `image: {repository: a/b, tag: 1, digest: ${'b'.repeat(64)}}`,
      [`a/b:1@sha256:${'b'.repeat(64)} certain`],
    ],
    [
      'a registry of its own',
      'image: {registry: quay.io, repository: a/b, tag: v1}',
      ['quay.io/a/b:v1 certain'],
    ],
    ['an image repository alone', 'imageRepository: ghcr.io/a/b', ['ghcr.io/a/b likely without tag']],
    ['an image repository that is no name', 'imageRepository: team', []],
    [
      'what other images begin with',
      'defaultImageRegistry: quay.io\ndefaultImageRepository: team\ndefaultImageTag: "1"',
      ['quay.io/team:1 possible'],
    ],
    [
      'an image of what installs the custom resources',
      'crds: {enabled: true, upgradeJob: {image: {tool: {registry: docker.io, repository: busybox, tag: latest}}}}',
      ['docker.io/busybox:latest certain'],
    ],
    ['an empty registry', 'image: {registry: "", repository: a/b, tag: v1}', ['a/b:v1 certain']],
    [
      'the registry for all',
      'global: {imageRegistry: r.example.com:5000}\nimage: {registry: quay.io, repository: a/b, tag: v1}',
      ['r.example.com:5000/a/b:v1 likely'],
    ],
    [
      'a registry for those without',
      'global: {image: {registry: r.example.com}}\na: {image: {image: a/b, tag: 1}}\nb: {image: {registry: quay.io, repository: c/d, tag: 1}}',
      ['r.example.com/a/b:1 likely', 'quay.io/c/d:1 certain'],
    ],
    ['an empty tag', 'image:\n  repository: a/b\n  tag: ""', ['a/b certain without tag']],
    ['no tag', 'image:\n  repository: a/b\n  pullPolicy: Always', ['a/b likely without tag']],
    ['name and tag', 'image: {name: a/b, tag: "2"}', ['a/b:2 likely']],
    [
      'a list of images',
      'images: [{name: a/b, tag: "2"}, {name: c, tag: 3}]',
      ['a/b:2 likely', 'c:3 likely'],
    ],
    ['a list of strings', 'images: [a/b:2, c:3]', ['a/b:2 likely', 'c:3 likely']],
    ['images by name', 'images: {proxy: a/b:2, pullPolicy: Always}', ['a/b:2 likely']],
    ['image and imageTag', 'image: a/b\nimageTag: v3', ['a/b:v3 likely']],
    [
      'prefixed keys',
      'proxyImage: a/b\nproxyTag: v3\nagentImageRepository: c/d\nagentImageTag: v4',
      ['a/b:v3 likely', 'c/d:v4 certain'],
    ],
    ['snake case', 'agent_image: a/b\nagent_image_tag: v3', ['a/b:v3 likely']],
    [
      'repository and version',
      'operator: {repository: example.com/op, version: v1.2.3}',
      ['example.com/op:v1.2.3 likely'],
    ],
    [
      'repository, image and version',
      'driver: {repository: nvcr.io/nvidia, image: driver, version: "550.54"}',
      ['nvcr.io/nvidia/driver:550.54 likely'],
    ],
    [
      'hub, image and tag',
      'pilot: {hub: docker.io/istio, image: pilot, tag: 1.22.0}',
      ['docker.io/istio/pilot:1.22.0 likely'],
    ],
    [
      'hub for all',
      'global: {hub: docker.io/istio, tag: 1.22.0, proxy: {image: proxyv2}}',
      ['docker.io/istio/proxyv2:1.22.0 likely'],
    ],
    ['a variable', 'env: [{name: PROXY_IMAGE, value: a.example.com/b:1}]', ['a.example.com/b:1 likely']],
    ['related images', 'env: {RELATED_IMAGE_ETCD: quay.io/a/etcd:v3}', ['quay.io/a/etcd:v3 likely']],
    ['a bare name', 'image: nginx', ['nginx possible']],
    ['a template', 'image: "{{ .Values.registry }}/app:1"', ['{{ .Values.registry }}/app:1 likely']],
    ['a container', 'extraContainers: [{name: x, image: "busybox:1.36"}]', ['busybox:1.36 likely']],
    ['an alias', 'a: {image: &i {repository: a/b, tag: 1}}\nb: {image: *i}', ['a/b:1 certain']],
  ];
  for (const [name, source, expected] of found) {
    it(`are found: ${name}`, () => assert.deepEqual(texts(source), expected));
  }

  const silent: Readonly<Record<string, string>> = {
    'a switch': 'image: true',
    'an empty map': 'image: {}',
    nothing: 'image:',
    'empty parts': 'image: {registry: "", repository: "", tag: ""}',
    'a registry alone': 'image: {registry: quay.io}\nregistry: quay.io',
    'a tag alone': 'image: {tag: 1.2.3}',
    'a pull policy': 'imagePullPolicy: Always\nimagePullSecrets: [{name: regcred}]',
    'a chart repository': 'repository: https://charts.example.com\nchart: app\nversion: 1.2.3',
    'a chart by name': 'source: {repository: example/app, chart: app, version: 1.2.3}',
    'a git repository':
      'git: {repository: example/app, branch: main}\nrepo: {url: "https://x", repository: a/b, tag: v1}',
    'a picture': 'image: /static/logo.png\nlogoImage: images/logo.png',
    'a policy': 'allowed: ["registry.example.com/*"]\nimages: ["registry.example.com/*", "*:latest"]',
    'an address': 'connectionString: "redis-cart:6379"\nlisten: 0.0.0.0:8443',
    'a node selector': 'selector: kubernetes.io/os:linux',
    'a dashboard': 'dashboards: {a: {json: "{}", image: "grafana:1"}}',
    'a name with a version': 'app: {name: web, version: 1.2.3}\nname: x\nversion: "2"',
    'an image format': 'imageFormat: "2"\nimageFeatures: layering',
    'a list of values': '- image\n- repository',
  };
  for (const [name, source] of Object.entries(silent)) {
    it(`are not seen in ${name}`, () => assert.deepEqual(texts(source), []));
  }

  it('are possible at most where a word could be anything', () => {
    for (const source of ['image: auto', 'image: layering', 'baseImage: ubuntu', 'diskImage: org/name']) {
      assert.ok(
        find(source).every(({ text, confidence }) => confidence === 'possible' || text === 'auto'),
        source,
      );
    }
  });

  it('have their places whatever stands around them', () => {
    const word = fc.stringMatching(/^[a-z][a-z0-9]{0,8}$/);
    const quote = fc.constantFrom('', '"', "'");
    const property = fc.property(word, word, word, quote, fc.nat(6), (name, repository, tag, sign, depth) => {
      const keys = Array.from(
        { length: depth },
        (_, level) => `${'  '.repeat(level)}${name}${level}:\n`,
      ).join('');
      const margin = '  '.repeat(depth);
      const source = `# ü😀\n${keys}${margin}image:\n${margin}  repository: ${sign}a.example.com/${repository}${sign} # x\n${margin}  tag: ${sign}v${tag}${sign}\n`;
      const yaml = yamlFile('values.yaml', source);
      const [image] = find(source);
      assert.ok(yaml && image?.parts.tag);
      const lines = source.split('\n');
      for (const [node, text] of [
        [image.main, `a.example.com/${repository}`],
        [image.parts.tag, `v${tag}`],
      ] as const) {
        const { start, end } = locateValue(yaml, node);
        assert.equal(lines[start.line - 1]?.slice(start.column - 1, end.column - 1), text);
      }
    });
    fc.assert(property);
  });

  it('never fail, whatever the values are', () => {
    const key = fc.constantFrom(
      'image',
      'repository',
      'tag',
      'registry',
      'name',
      'digest',
      'global',
      'hub',
      '__proto__',
      'constructor',
    );
    const { value } = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 5 },
        fc.string(),
        fc.integer(),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie('value')),
        fc.dictionary(key, tie('value')),
      ),
    }));
    fc.assert(fc.property(value, (data) => void find(JSON.stringify(data))));
  });
});

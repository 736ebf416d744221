import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { discover, planBuilds } from '../../src/discovery/discover.ts';
import { filesInMemory, type RepositoryFiles } from '../../src/files/repositoryFiles.ts';
import { helmComposer } from '../../src/helm/composer.ts';
import { missingPullSecrets } from '../../src/manifest/missingPullSecrets.ts';
import type { BuildJob, BuildOutput } from '../../src/manifest/build.ts';

const chartFile = (name: string, more = ''): string =>
  `apiVersion: v2\nname: ${name}\nversion: 0.1.0\n${more}`;

const template = `apiVersion: v1
kind: Pod
metadata: {name: app}
spec:
  containers:
    - image: "{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}"
`;

const app = {
  'app/Chart.yaml': chartFile('app', 'appVersion: 1.4.0\n'),
  'app/values.yaml': 'image:\n  repository: registry.example.com/app\n  tag: ""\n',
  'app/templates/pod.yaml': template,
};

function plan(files: Readonly<Record<string, string>>): readonly BuildJob[] {
  return planBuilds(filesInMemory(files)).filter(
    ({ program, id }) => program === 'helm' && !id.includes('#'),
  );
}

/** What is found where every run ends alike. */
function found(files: Readonly<Record<string, string>>, output?: BuildOutput): readonly string[] {
  const repository = filesInMemory(files);
  const outputs = new Map(output && planBuilds(repository).map(({ id }) => [id, output]));
  const { uses, buildProblems } = discover(repository, { outputs });
  return [
    ...uses.map(({ text, location, status, pulledBy, reference }) => {
      const tag = reference ? ` tag ${reference.tag ?? 'none'}` : '';
      return `${location.file}:${location.start.line} ${text} ${status}${tag} ${pulledBy.join() || 'nobody'}`;
    }),
    ...buildProblems.map(
      ({ kind, location, message }) => `${kind} ${location.file}:${location.start.line} ${message}`,
    ),
  ];
}

describe('charts without helm', () => {
  const written = [
    'app/templates/pod.yaml:6 {{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }} unresolved node',
    'app/values.yaml:2 registry.example.com/app resolved tag 1.4.0 node',
  ];

  it('have the images of their values, with the appVersion for a tag, and it is said that this is not all', () => {
    const missing: BuildOutput = { ok: false, kind: 'missing', reason: 'there is no helm on this machine' };
    assert.deepEqual(found(app, missing), [
      ...written,
      'unbuilt app/Chart.yaml:1 the chart app is not rendered, because there is no helm on this machine: only the images that its values name by convention are known',
    ]);
    assert.deepEqual(found(app), [
      ...written,
      'unbuilt app/Chart.yaml:1 the chart app is not rendered: only the images that its values name by convention are known',
    ]);
  });

  it('say so once, however many they are', () => {
    const chart = 'name: c\nversion: 1.0.0\n';
    const lines = found({ 'a/Chart.yaml': chart, 'b/Chart.yaml': chart, 'b/values-eu.yaml': 'a: 1\n' });
    assert.deepEqual(lines, [
      'unbuilt a/Chart.yaml:1 the charts here are not rendered: only the images that their values name by convention are known',
    ]);
  });

  it('are no mistake of theirs where the time was over', () => {
    const late = found(app, {
      ok: false,
      kind: 'late',
      reason: 'all builds together took longer than 180 s',
    });
    assert.deepEqual(late, [
      ...written,
      'unbuilt app/Chart.yaml:1 the chart app is not rendered, because all builds together took longer than 180 s: only the images that its values name by convention are known',
    ]);
  });

  it('have them too where helm refuses the chart', () => {
    assert.deepEqual(
      found(app, { ok: false, kind: 'failed', reason: 'template: app/templates/pod.yaml:6: no' }),
      [
        ...written,
        'failed app/Chart.yaml:1 the chart app cannot be rendered: template: app/templates/pod.yaml:6: no. Only the images that its values name by convention are known',
      ],
    );
  });

  it('leave the tag open where there is no appVersion', () => {
    const files = {
      'values.yaml': app['app/values.yaml'],
      'prod-values.yml': 'image: {repository: a/b, tag: 1}\n',
    };
    assert.deepEqual(found(files), [
      'prod-values.yml:1 a/b:1 resolved tag 1 node',
      'values.yaml:2 registry.example.com/app unresolved node',
    ]);
  });
});

describe('the appVersion for a tag', () => {
  it('is that of the chart which the values are for', () => {
    const files = {
      'app/Chart.yaml': chartFile(
        'app',
        'appVersion: 1.4.0\ndependencies: [{name: far, alias: distant, repository: "https://x"}]\n',
      ),
      'app/values.yaml': ['main', 'sub', 'distant']
        .map((key) => `${key}: {image: {repository: a/${key}}}\n`)
        .join(''),
      'app/charts/sub/Chart.yaml': chartFile('sub', 'appVersion: "2.0"\n'),
    };
    assert.deepEqual(found(files).slice(0, 3), [
      'app/values.yaml:1 a/main resolved tag 1.4.0 node',
      'app/values.yaml:2 a/sub resolved tag 2.0 node',
      'app/values.yaml:3 a/distant unresolved node',
    ]);
  });
});

describe('the runs of helm', () => {
  it('are one for the chart, one for each file of values beside it, and more with marks', () => {
    const files = {
      ...app,
      'app/values-prod.yaml': 'image: {tag: 1.4.1}\n',
      'app/values.dev.yaml': '{}\n',
      'app/ci/small-values.yaml': '{}\n',
      'app/other.yaml': '{}\n',
      'other/values-prod.yaml': '{}\n',
    };
    const ids = planBuilds(filesInMemory(files)).map(({ id }) => id);
    const plain = ['values', 'app/ci/small-values.yaml', 'app/values-prod.yaml', 'app/values.dev.yaml'].map(
      (rest) => `helm:app:${rest}`,
    );
    assert.deepEqual(ids, [
      ...plain,
      'helm:app:values#names',
      'helm:app:values#versions',
      ...plain.slice(1).map((id) => `${id}#all`),
    ]);
    const [, , prod] = plan(files);
    assert.deepEqual(prod?.args, [
      'template',
      'app',
      './app',
      '--namespace',
      'default',
      '--kube-version',
      '1.35.0',
      '--values',
      './.mirrorproof/values-0.yaml',
    ]);
    assert.equal(prod.overrides.get('.mirrorproof/values-0.yaml'), 'image: {tag: 1.4.1}\n');
  });

  it('are none for a library and for a subchart alone', () => {
    const files = {
      'lib/Chart.yaml': chartFile('lib', 'type: library\n'),
      'app/Chart.yaml': chartFile('app'),
      'app/charts/sub/Chart.yaml': chartFile('sub'),
      'charts/single/Chart.yaml': chartFile('single'),
    };
    assert.deepEqual(
      plan(files).map(({ folder }) => folder),
      ['app', 'charts/single'],
    );
  });

  it('are some for a subchart that is installed by itself too', () => {
    const files = {
      'app/Chart.yaml': chartFile('app'),
      'app/charts/sub/Chart.yaml': chartFile('sub'),
      'application.yaml':
        'apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: sub}\nspec: {source: {path: app/charts/sub}}\n',
    };
    assert.deepEqual(
      plan(files).map(({ folder }) => folder),
      ['app', 'app/charts/sub'],
    );
  });

  it('have the charts that are named by file://, and do without those from the network', () => {
    const dependencies = `kubeVersion: ">=1.99"
dependencies:
  - {name: lib, version: 0.1.0, repository: "file://../lib"}
  - {name: far, version: 1.0.0, repository: "oci://registry.example.com/charts"}
`;
    const [job] = plan({
      'app/Chart.yaml': chartFile('app', dependencies),
      'lib/Chart.yaml': chartFile('lib', 'type: library\n'),
      'lib/templates/_lib.tpl': '{{ define "lib" }}{{ end }}',
    });
    assert.equal(job?.overrides.get('app/charts/lib/templates/_lib.tpl'), '{{ define "lib" }}{{ end }}');
    assert.deepEqual(JSON.parse(job.overrides.get('app/Chart.yaml') ?? ''), {
      apiVersion: 'v2',
      name: 'app',
      version: '0.1.0',
      dependencies: [{ name: 'lib', version: '0.1.0', repository: 'file://../lib' }],
    });
  });

  it('take nothing of a chart or an object for an option or a path', () => {
    const release = `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: --post-renderer=sh, namespace: "../.."}
spec:
  chart: {spec: {chart: "./app", sourceRef: {kind: GitRepository}, valuesFiles: [../../etc/passwd, /app/values.yaml]}}
  values: {a: $(touch x)}
`;
    const [job] = plan({
      'app/Chart.yaml': chartFile('"--help"'),
      'app/values.yaml': 'a: b\n',
      'release.yaml': release,
    });
    assert.deepEqual(job?.args.slice(0, 5), ['template', 'release', './app', '--namespace', 'default']);
    assert.deepEqual(
      [...job.overrides],
      [
        ['.mirrorproof/values-0.yaml', 'a: b\n'],
        ['.mirrorproof/values-1.yaml', '          {a: $(touch x)}'],
      ],
    );
  });

  it('use the values that a user gives, and no others', () => {
    const files = filesInMemory({
      ...app,
      'app/values-prod.yaml': '{}\n',
      'env/x.yaml': 'image: {tag: 3}\n',
    });
    const composer = helmComposer({ values: new Map([['app', ['env/x.yaml']]]) });
    const jobs = composer.plan(files, () => []);
    assert.deepEqual(
      jobs.map(({ id }) => id),
      ['helm:app:given', 'helm:app:given#names', 'helm:app:given#versions'],
    );
    assert.equal(jobs[0]?.overrides.get('.mirrorproof/values-0.yaml'), 'image: {tag: 3}\n');
  });
});

describe('what helm prints', () => {
  const rendered = `---
# Source: app/templates/secret.yaml
apiVersion: v1
kind: Secret
metadata: {name: login}
type: kubernetes.io/dockerconfigjson
---
# Source: app/charts/packed/templates/pod.yaml
apiVersion: v1
kind: Pod
metadata:
  name: packed
  annotations:
    "helm.sh/hook": test
spec:
  imagePullSecrets: [{name: login}]
  containers:
    - image: registry.example.com/packed:1
`;
  const files = {
    'app/Chart.yaml': chartFile(
      'app',
      'dependencies:\n  - {name: packed, version: 0.1.0, repository: "https://charts.example.com"}\n',
    ),
    'app/charts/packed-0.1.0.tgz': 'packed',
    'app/templates/secret.yaml': 'kind: Secret\nmetadata: {name: {{ .Release.Name }}}\n',
  };
  const repository = filesInMemory(files);
  const output: BuildOutput = { ok: true, text: rendered, program: 'helm v4.0.0' };
  const discovery = discover(repository, {
    outputs: new Map(planBuilds(repository).map(({ id }) => [id, output])),
  });

  it('leads to the line of the dependency where the chart is a package', () => {
    const [use, ...more] = discovery.uses;
    assert.deepEqual(more, []);
    assert.equal(use?.text, 'registry.example.com/packed:1');
    assert.equal(use.hook, 'test');
    assert.deepEqual([use.location.file, use.location.start], ['app/Chart.yaml', { line: 5, column: 12 }]);
    assert.deepEqual(discovery.buildProblems, []);
  });

  it('tells which pull secrets there are', () => {
    assert.deepEqual(
      discovery.secrets.map(({ name, location }) => [name, location.file]),
      [['login', 'app/templates/secret.yaml']],
    );
    assert.deepEqual(missingPullSecrets(discovery), []);
  });
});

describe('hostile charts', () => {
  it('cannot contain themselves', () => {
    const self =
      'dependencies: [{name: a, version: 1, repository: "file://../a"}, {name: b, version: 1, repository: "file://../b"}]\n';
    const files = {
      'a/Chart.yaml': chartFile('a', self),
      'b/Chart.yaml': chartFile('b', self),
      'out/Chart.yaml': chartFile('out', 'dependencies: [{name: x, repository: "file://../../../etc"}]\n'),
    };
    const jobs = plan(files);
    assert.equal(jobs.length, 3);
    for (const { overrides } of jobs) {
      assert.ok(overrides.size < 100);
      assert.ok([...overrides.keys()].every((path) => !path.includes('..')));
    }
  });

  it('are read to a limit', () => {
    const many = Object.fromEntries(
      Array.from({ length: 500 }, (_, index) => [`c${index}/Chart.yaml`, chartFile(`c${index}`)]),
    );
    assert.equal(plan(many).length, 120);
    assert.match(found(many).at(-1) ?? '', /^unbuilt .* more than 200 charts/);
  });

  it('may have values of 100,000 keys', () => {
    const values = (line: (index: number) => string): string =>
      Array.from({ length: 100_000 }, (_, index) => line(index)).join('');
    const plain = values((index) => `k${index}: 1\n`);
    assert.equal(
      found({ ...app, 'app/values.yaml': `${plain}image: a/b:1\n` }).filter((line) =>
        line.includes(' a/b:1 '),
      ).length,
      1,
    );
    const large = values((index) => `k${index}: {repository: example.com/a, tag: v1}\n`);
    assert.deepEqual(found({ 'values.yaml': large }), [
      'unbuilt values.yaml:1 these values of a chart are no YAML, or too large: the images that they name are not known',
    ]);
  });

  it('may have values that unfold without end', () => {
    const laughs = [
      'a: &a [x,x,x,x,x,x,x,x,x,x]',
      ...'bcdefghij'.split('').map((name, index) => {
        const before = 'abcdefghij'.charAt(index);
        return `${name}: &${name} [${Array.from({ length: 10 }, () => `*${before}`).join()}]`;
      }),
    ].join('\n');
    const lines = found({ ...app, 'app/values.yaml': laughs, 'app/values-x.yaml': laughs });
    assert.match(lines.at(-1) ?? '', /^unbuilt app\/Chart.yaml:1 /);
    assert.ok(lines.every((line) => line.startsWith('app/templates/') || line.startsWith('unbuilt ')));
  });

  it('may make objects of any kind', () => {
    const kinds = ['A(', '[', '\\', '+', 'A\nB', '$&', 'a('.repeat(1_000_000), 'Rollout'];
    for (const kind of kinds) {
      const rollout = `apiVersion: argoproj.io/v1alpha1\nkind: ${JSON.stringify(kind)}\nmetadata: {name: a}\n`;
      const text = `# Source: app/templates/pod.yaml\n${rollout}spec: {template: {spec: {containers: [{name: a, image: "a/b:1"}]}}}\n`;
      const lines = found(app, { ok: true, text, program: 'helm v4.0.0' });
      assert.equal(lines.filter((line) => line.includes(' a/b:1 ')).length, 1, kind);
    }
  });

  it('are no charts when they are something else', () => {
    for (const source of [
      '',
      '[]',
      '- a',
      'name: [a]',
      'name: null',
      'a: [',
      '\u0000',
      'name: x\ndependencies: {a: b}',
      'name: x\ndependencies: [1, {name: {}}]',
    ]) {
      const files: RepositoryFiles = filesInMemory({ 'Chart.yaml': source, 'values.yaml': 'image: a/b:1' });
      assert.ok(discover(files, { outputs: new Map() }).uses.length === 1, source);
    }
  });
});

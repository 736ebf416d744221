import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { discover, planBuilds } from '../../src/discovery/discover.ts';
import { filesInMemory } from '../../src/files/repositoryFiles.ts';

/** A base that an overlay includes and gives another image. */
const repository = {
  'apps/web/kustomization.yaml': 'resources: [pod.yaml]\n',
  'apps/web/pod.yaml':
    'apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: [{name: web, image: "nginx:1"}]}\n',
  'staging/kustomization.yaml': 'resources: [../apps/web]\nimages: [{name: nginx, newTag: "2"}]\n',
};

function flux(spec: string): string {
  return `apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: web}\nspec: ${spec}\n`;
}

function argo(spec: string, kind = 'Application'): string {
  return `apiVersion: argoproj.io/v1alpha1\nkind: ${kind}\nmetadata: {name: web}\nspec: ${spec}\n`;
}

function pulledImages(files: Readonly<Record<string, string>>): readonly string[] {
  const { uses } = discover(filesInMemory({ ...repository, ...files }));
  return uses.filter(({ pulledBy }) => pulledBy.includes('node')).map(({ text }) => text);
}

suite('a kustomization that another one includes', () => {
  const deploying = {
    'a Flux Kustomization': flux('{path: ./apps/web}'),
    'a Flux Kustomization of the folder around it': flux('{path: apps/}'),
    'an Application': argo('{source: {path: apps/web}}'),
    'an Application with several sources': argo('{sources: [{path: x}, {path: ./apps/web/}]}'),
    'an ApplicationSet': argo('{template: {spec: {source: {path: apps/web}}}}', 'ApplicationSet'),
  };
  for (const [what, text] of Object.entries(deploying)) {
    test(`is built on its own where ${what} deploys it`, () => {
      assert.deepEqual(pulledImages({ 'cluster.yaml': text }), ['nginx:1', 'nginx:2']);
    });
  }

  /** An ApplicationSet with an Application for each folder that its generators find. */
  const forFolders = (path: string, generators: string): string =>
    argo(`{generators: [${generators}], template: {spec: {source: {path: "${path}"}}}}`, 'ApplicationSet');

  test('is built on its own where an ApplicationSet deploys each folder like it', () => {
    const git = '{git: {directories: [{path: x}, {path: apps/*}]}}';
    for (const text of [
      forFolders('{{path}}', git),
      forFolders('{{ .path.path }}', `{matrix: {generators: [{clusters: {}}, ${git}]}}`),
    ])
      assert.deepEqual(pulledImages({ 'cluster.yaml': text }), ['nginx:1', 'nginx:2'], text);
  });

  test('is not where the ApplicationSet leaves it out, or has other folders', () => {
    for (const text of [
      forFolders('{{path}}', '{git: {directories: [{path: apps/*}, {path: "*/web", exclude: true}]}}'),
      forFolders('{{path}}', '{git: {directories: [{path: "*"}, {path: "apps/["}, {path: 1}, 2]}}, 3'),
      forFolders('other/{{path}}', '{git: {directories: [{path: apps/*}]}}'),
    ])
      assert.deepEqual(pulledImages({ 'cluster.yaml': text }), ['nginx:2'], text);
  });

  const other = {
    nothing: '',
    'an object of Flux without a path': flux('{}'),
    'what deploys the folders beside it': `${flux('{path: apps/we}')}---\n${argo('{source: {path: staging}}')}`,
    'an Application of the folder around it': argo('{source: {path: apps}}'),
    'an object of somebody else': flux('{path: apps/web}').replace('toolkit.fluxcd.io', 'example.com'),
    'a path that leads out of the repository': flux('{path: ../apps/web}'),
  };
  for (const [what, text] of Object.entries(other)) {
    test(`is not built on its own where there is ${what}`, () => {
      assert.deepEqual(pulledImages({ 'cluster.yaml': text }), ['nginx:2']);
    });
  }

  test('is not what Flux builds where a kustomization stands between it and the path', () => {
    const files = { 'apps/kustomization.yaml': '{}\n', 'cluster.yaml': flux('{path: apps}') };
    assert.deepEqual(pulledImages(files), ['nginx:2']);
  });

  test('is never built on its own as a component', () => {
    const kind = 'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n';
    const files = {
      'apps/web/kustomization.yaml': `${kind}resources: [pod.yaml]\n`,
      'staging/kustomization.yaml': 'components: [../apps/web]\nimages: [{name: nginx, newTag: "2"}]\n',
      'cluster.yaml': flux('{path: apps/web}'),
    };
    assert.deepEqual(pulledImages(files), ['nginx:2']);
  });

  test('is run like the others where it changes images', () => {
    const files = filesInMemory({
      ...repository,
      'apps/web/kustomization.yaml': 'resources: [pod.yaml]\nimages: [{name: nginx, newTag: "1.1"}]\n',
      'cluster.yaml': flux('{path: apps/web}'),
    });
    assert.deepEqual(
      planBuilds(files).map(({ id }) => id),
      ['kustomize apps/web/kustomization.yaml', 'kustomize staging/kustomization.yaml'],
    );
  });
});

import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { discover } from '../../src/discovery/discover.ts';
import { filesInMemory } from '../../src/files/repositoryFiles.ts';
import type { Discovery } from '../../src/manifest/discovery.ts';

const pod =
  'apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: [{name: web, image: "nginx:1"}]}\n';
const component = 'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n';

function discoverIn(files: Readonly<Record<string, string>>): Discovery {
  return discover(filesInMemory({ 'web.yaml': pod, ...files }));
}

function unusedNames(files: Readonly<Record<string, string>>): readonly string[] {
  return discoverIn(files).buildProblems.flatMap(({ kind, message }) =>
    kind === 'unused' ? [/`(.*)`/.exec(message)?.[1] ?? ''] : [],
  );
}

suite('files that only have the name of a kustomization', () => {
  const flux = 'apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nspec: {path: ./web}\n';
  for (const [what, text] of Object.entries({
    'objects of Flux': `${flux}---\n${flux}`,
    'a template': 'resources:\n{{ range .files }}\n  - {{ . }}\n{{ end }}\n',
  })) {
    test(what, () => assert.deepEqual(discoverIn({ 'kustomization.yaml': text }).buildProblems, []));
  }
});

suite('rules for images', () => {
  test('that change nothing are said to', () => {
    const rules = 'images:\n- {name: nginx, newTag: "2"}\n- {name: nginxx, newTag: "2"}\n';
    assert.deepEqual(unusedNames({ 'kustomization.yaml': `resources: [web.yaml]\n${rules}` }), ['nginxx']);
  });

  test('are not judged where nobody includes them, where one of several roots has a use for them, or where they may have one', () => {
    const rule = 'images: [{name: other, newTag: "2"}]\n';
    assert.deepEqual(unusedNames({ 'component/kustomization.yaml': component + rule }), []);
    const shared = {
      'component/kustomization.yaml': component + rule,
      'a/kustomization.yaml': 'resources: [other.yaml]\ncomponents: [../component]\n',
      'a/other.yaml': pod.replace('nginx', 'other'),
      'b/kustomization.yaml': 'resources: [../a]\ncomponents: [../component]\n',
    };
    assert.deepEqual(unusedNames(shared), []);
    const custom = 'apiVersion: example.com/v1\nkind: Any\nmetadata: {name: any}\nspec: {what: "other:1"}\n';
    const anywhere = { 'kustomization.yaml': `resources: [any.yaml]\n${rule}`, 'any.yaml': custom };
    assert.deepEqual(unusedNames(anywhere), []);
    assert.deepEqual(
      unusedNames({ 'kustomization.yaml': `resources: [https://example.net/a.yaml]\n${rule}` }),
      [],
    );
  });

  test('are listed as they are written, and pulled by nobody', () => {
    const text = `${component}images: [{name: nginx, newName: "mirror.example.com/nginx"}]\n`;
    const { uses } = discoverIn({ 'component/kustomization.yaml': text });
    const [rule] = uses.filter(({ from }) => from === 'kustomization');
    assert.equal(rule?.text, 'mirror.example.com/nginx');
    assert.deepEqual(rule.pulledBy, []);
    assert.ok(uses.some((use) => use.text === 'nginx:1' && use.pulledBy.includes('node')));
  });

  test('leave an image alone that no kustomization includes', () => {
    const { uses } = discoverIn({ 'a/kustomization.yaml': 'images: [{name: nginx, newTag: "2"}]\n' });
    const [use] = uses.filter(({ workload }) => workload);
    assert.equal(use?.text, 'nginx:1');
    assert.equal(use.builtBy, undefined);
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { discover } from '../../src/discovery/discover.ts';
import { filesInMemory } from '../../src/files/repositoryFiles.ts';

const pod = (...images: readonly string[]): string =>
  `apiVersion: v1\nkind: Pod\nspec:\n  containers:\n${images.map((image) => `    - image: ${image}\n`).join('')}`;

const kustomization = (path: string, postBuild: string): string =>
  `apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: apps}\nspec:\n  path: ${path}\n${postBuild}`;

function found(files: Readonly<Record<string, string>>): readonly string[] {
  return discover(filesInMemory(files)).uses.map(({ text, location, status, pulledBy, builtBy }) =>
    `${location.file}:${location.start.line} ${text} ${status} ${pulledBy.join()} ${builtBy?.join() ?? ''}`.trimEnd(),
  );
}

describe('variables that Flux fills in', () => {
  it('come from substitute, or are the default', () => {
    const files = {
      'apps/pod.yaml': pod(
        'registry.example.com/app:${TAG}',
        'b:${OTHER:-1.2}',
        'c:${OTHER:=1.3}',
        'd:${UNKNOWN}',
      ),
      'flux.yaml': kustomization('./apps', '  postBuild:\n    substitute:\n      TAG: "1.4.2"\n'),
    };
    assert.deepEqual(found(files), [
      'apps/pod.yaml:5 registry.example.com/app:${TAG} unresolved',
      'apps/pod.yaml:6 b:${OTHER:-1.2} unresolved',
      'apps/pod.yaml:6 b:1.2 resolved node flux.yaml',
      'apps/pod.yaml:7 c:${OTHER:=1.3} unresolved',
      'apps/pod.yaml:7 c:1.3 resolved node flux.yaml',
      'apps/pod.yaml:8 d:${UNKNOWN} unresolved node',
      'flux.yaml:8 registry.example.com/app:1.4.2 resolved node flux.yaml',
    ]);
  });

  it('come from a ConfigMap, which substitute overrides', () => {
    const from =
      '  postBuild:\n    substituteFrom: [{kind: ConfigMap, name: settings}, {kind: Secret, name: s}]\n';
    const files = {
      'apps/pod.yaml': pod('${REGISTRY}/app:${TAG}'),
      'a.yaml': kustomization('apps/', from),
      'b.yaml': kustomization('/', `${from}    substitute: {TAG: "2"}\n`),
      'settings.yaml':
        'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata:\n  REGISTRY: r.example.com\n  TAG: "1"\n',
    };
    assert.deepEqual(found(files), [
      'apps/pod.yaml:5 ${REGISTRY}/app:${TAG} unresolved',
      'settings.yaml:5 r.example.com/app:1 resolved node a.yaml',
      'settings.yaml:5 r.example.com/app:2 resolved node b.yaml',
    ]);
  });

  it('stay open without postBuild, and below another path', () => {
    const files = {
      'apps/pod.yaml': pod('a:${TAG:-1}'),
      'other/pod.yaml': pod('b:${TAG:-1}'),
      'a.yaml': kustomization('apps', ''),
      'b.yaml': kustomization('app', '  postBuild: {substitute: {TAG: "2"}}\n'),
    };
    assert.deepEqual(found(files), [
      'apps/pod.yaml:5 a:${TAG:-1} unresolved node',
      'other/pod.yaml:5 b:${TAG:-1} unresolved node',
    ]);
  });
});

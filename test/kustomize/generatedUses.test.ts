import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { discover } from '../../src/discovery/discover.ts';
import { filesInMemory } from '../../src/files/repositoryFiles.ts';

function describeAll(files: Readonly<Record<string, string>>): readonly string[] {
  return discover(filesInMemory(files)).uses.map(
    ({ text, confidence, from, location: { file, start } }) =>
      `${file}:${start.line}:${start.column} ${text} (${confidence}, ${from})`,
  );
}

describe('generated ConfigMaps', () => {
  it('have images in literals and variables', () => {
    const files = {
      'kustomization.yaml': `configMapGenerator:
  - name: a
    literals:
      - TOOL_IMAGE=a/tool:2
      - "SIDE_IMAGE='a/side:1'"
      - GREETING=hello
      - IMAGE_PULL_POLICY=Always
    envs: [params.env]
    env: params.env
`,
      'params.env': 'HOST=example.com:80\nCACHE_IMAGE=ghcr.io/a/cache\n',
    };
    assert.deepEqual(describeAll(files), [
      'kustomization.yaml:4:20 a/tool:2 (likely, configMap)',
      'kustomization.yaml:5:22 a/side:1 (likely, configMap)',
      'params.env:2:13 ghcr.io/a/cache (likely, configMap)',
    ]);
  });

  it('have images in files that are the settings of a program', () => {
    const files = {
      'a/kustomization.yaml':
        'configMapGenerator:\n  - {name: a, files: [ui.yaml=../ui.yaml, pod.yaml, no.yaml, ../../x.yaml]}\n',
      'b/kustomization.yaml': 'configMapGenerator:\n  - {name: b, files: [../ui.yaml]}\n',
      'ui.yaml': 'image:\n  value: a/b:1\n  options:\n    - ghcr.io/a/b:2\n',
      'a/pod.yaml':
        'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n    - {name: a, image: a/b:3}\n',
    };
    assert.deepEqual(describeAll(files), [
      'a/pod.yaml:6:24 a/b:3 (certain, container)',
      'ui.yaml:2:10 a/b:1 (likely, configMap)',
      'ui.yaml:4:7 ghcr.io/a/b:2 (likely, configMap)',
    ]);
  });
});

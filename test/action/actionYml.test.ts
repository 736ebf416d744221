import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { parse } from 'yaml';
import { inputNames } from '../../src/action/inputs.ts';
import { defaultInputs } from '../support/runAction.ts';

interface ActionMetadata {
  readonly inputs: Readonly<Record<string, { readonly default: string; readonly description: string }>>;
  readonly outputs: Readonly<Record<string, { readonly description: string }>>;
  readonly runs: { readonly using: string; readonly main: string };
}

const root = join(import.meta.dirname, '../..');
const metadata: ActionMetadata = parse(readFileSync(join(root, 'action.yml'), 'utf8'));

describe('action.yml', () => {
  test('declares the inputs that the code reads', () => {
    assert.deepEqual(Object.keys(metadata.inputs).sort(), [...inputNames].sort());
  });

  test('has the defaults with which the tests start the Action', () => {
    const defaults = Object.fromEntries(
      Object.entries(metadata.inputs).map(([name, input]) => [name, input.default]),
    );
    assert.deepEqual({ ...defaults, 'github-token': '' }, { ...defaultInputs, 'github-token': '' });
    assert.equal(defaults['github-token'], '${{ github.token }}');
  });

  test('declares the outputs that the code sets', () => {
    const source = readFileSync(join(root, 'src/action/main.ts'), 'utf8');
    const set = [...source.matchAll(/setOutput\('([\w-]+)'/g)].map(([, name]) => name);
    assert.deepEqual(Object.keys(metadata.outputs), set);
  });

  test('describes each of them', () => {
    const described = [...Object.values(metadata.inputs), ...Object.values(metadata.outputs)];
    for (const { description } of described) assert.match(description, /\.$/);
  });

  test('runs the bundle on Node 24', () => {
    assert.deepEqual(metadata.runs, { using: 'node24', main: 'dist/index.js', post: 'dist/post/index.js' });
  });
});

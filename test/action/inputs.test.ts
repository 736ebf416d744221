import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { readInputs, type InputName, type Inputs } from '../../src/action/inputs.ts';
import { UserError } from '../../src/errors.ts';

let workspace = '';

before(() => {
  workspace = realpathSync(mkdtempSync(join(tmpdir(), 'inputs-')));
  mkdirSync(join(workspace, 'repo/deploy/prod'), { recursive: true });
  writeFileSync(join(workspace, 'repo/file'), '');
  symlinkSync(workspace, join(workspace, 'repo/out'));
  symlinkSync('loop', join(workspace, 'repo/loop'));
});

after(() => {
  rmSync(workspace, { recursive: true });
});

function read(inputs: Partial<Record<InputName, string>>): Inputs {
  return readInputs((name) => inputs[name] ?? '', join(workspace, 'repo'));
}

describe('readInputs', () => {
  test('has a meaning for inputs that are not set', () => {
    assert.deepEqual(read({}), {
      root: join(workspace, 'repo'),
      folder: '',
      manifests: [],
      substitutions: new Map(),
      build: 'auto',
      helmValues: new Map(),
      isChangedOnly: false,
      prove: 'auto',
      kindVersion: '',
      nodeImage: '',
      registryImage: '',
      failOn: 'error',
      artifactName: '',
      githubToken: '',
    });
  });

  test('proves nothing where it is told so', () => {
    assert.deepEqual(read({ prove: 'off' }).prove, []);
    assert.equal(read({ prove: 'auto' }).prove, 'auto');
    assert.deepEqual(read({ prove: 'kind\nkind' }).prove, ['kind']);
  });

  test('reads every input', () => {
    const inputs = read({
      registries: 'cluster/registries.yaml',
      manifests: 'deploy/**/*.yaml\n\n  base/*.yaml  \r\n',
      set: 'TAG=1.4\nURL = http://x/?a=b \nEMPTY=',
      'working-directory': 'deploy/../deploy/prod/',
      build: 'off',
      'helm-values': 'charts/shop/=values/prod.yaml\ncharts/shop = values/eu.yaml',
      'changed-only': 'true',
      prove: 'containerd, kind',
      'kind-version': '0.33.0',
      'node-image': 'kindest/node:v1.33.1',
      'registry-image': 'registry:3',
      'fail-on': 'never',
      'artifact-name': 'mirrors (prod)',
      'github-token': 'secret',
    });
    assert.deepEqual(inputs, {
      root: join(workspace, 'repo/deploy/prod'),
      folder: 'deploy/prod',
      registries: 'cluster/registries.yaml',
      manifests: ['deploy/**/*.yaml', 'base/*.yaml'],
      substitutions: new Map([
        ['TAG', '1.4'],
        ['URL', 'http://x/?a=b'],
        ['EMPTY', ''],
      ]),
      failOn: 'never',
      build: 'off',
      helmValues: new Map([['charts/shop', ['values/prod.yaml', 'values/eu.yaml']]]),
      isChangedOnly: true,
      prove: ['containerd', 'kind'],
      kindVersion: '0.33.0',
      nodeImage: 'kindest/node:v1.33.1',
      registryImage: 'registry:3',
      artifactName: 'mirrors (prod)',
      githubToken: 'secret',
    });
  });

  for (const [name, value, message] of [
    ['working-directory', '..', /working-directory: "\.\." lies outside/],
    ['working-directory', '/', /working-directory: "\/" lies outside/],
    ['working-directory', 'out', /working-directory: "out" lies outside/],
    ['working-directory', 'missing', /working-directory: there is no folder "missing"/],
    ['working-directory', 'file', /working-directory: there is no folder "file"/],
    ['working-directory', 'loop', /working-directory: there is no folder "loop"/],
    ['set', 'TAG', /set: the line "TAG" is not of the form NAME=VALUE/],
    ['set', '=1', /set: the line "=1" is not of the form NAME=VALUE/],
    ['build', 'never', /build: "never" is neither auto nor off/],
    ['helm-values', 'charts/shop', /helm-values: the line "charts\/shop" is not of the form CHART=FILE/],
    ['changed-only', 'yes', /changed-only: "yes" is neither true nor false/],
    ['prove', 'containerd, docker', /prove: there is no engine "docker"/],
    ['prove', 'off, kind', /prove: there is no engine "off"/],
    ['fail-on', 'errors', /fail-on: "errors" is none of error, warning, notice, never/],
    ['artifact-name', 'a/b', /artifact-name: "a\/b" has a character/],
  ] as const) {
    test(`refuses ${name}: ${value}`, () => {
      assert.throws(() => read({ [name]: value }), { name: 'UserError', message });
    });
  }

  test('says what to do outside of a workflow', () => {
    assert.throws(() => readInputs(() => '', undefined), UserError);
  });
});

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { listSecrets } from '../../src/action/secrets.ts';
import { loadRegistries } from '../../src/registries/load.ts';

const registries = loadRegistries(
  'registries.yaml',
  `configs:
  a.example:
    auth: {username: robot, password: "\${A_PASSWORD}"}
  b.example:
    auth: {auth: "in-clear"}
  c.example:
    auth: {identity_token: "\${NOT_SET}", username: u, password: "abc"}
nodes:
  - name: k2s
    configs:
      d.example:
        auth: {username: robot, password: "prefix-\${D_PASSWORD}"}
`,
);

describe('listSecrets', () => {
  test('finds what variables hold and what is written in clear, on every node', () => {
    const secrets = listSecrets(registries, {
      A_PASSWORD: 'hunter2',
      D_PASSWORD: 'swordfish',
      OTHER: 'unrelated',
    });
    assert.deepEqual([...secrets].sort(), ['hunter2', 'in-clear', 'prefix-${D_PASSWORD}', 'swordfish']);
  });

  test('leaves out what is too short to be a secret, and variables without a value', () => {
    assert.deepEqual([...listSecrets(registries, { A_PASSWORD: 'x', D_PASSWORD: '' })].sort(), [
      'in-clear',
      'prefix-${D_PASSWORD}',
    ]);
  });
});

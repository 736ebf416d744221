import assert from 'node:assert/strict';
import { test } from 'node:test';
import { replaceKey } from '../../src/check/replaceKey.ts';
import { startOfFile } from '../../src/source/location.ts';

test('replaceKey makes an edit in YAML, and only says it for TOML, where a key may stand in several headers', () => {
  const location = startOfFile('registries.yaml');
  assert.deepEqual(replaceKey(location, 'docker.io'), {
    message: 'write `docker.io`',
    edit: { location, replacement: '"docker.io"' },
  });
  assert.deepEqual(replaceKey(startOfFile('config.toml'), 'docker.io'), { message: 'write `docker.io`' });
});

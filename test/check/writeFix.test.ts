import assert from 'node:assert/strict';
import { test } from 'node:test';
import { writeKey, writeValue } from '../../src/check/writeFix.ts';
import { startOfFile } from '../../src/source/location.ts';

test('writeKey makes an edit in YAML, and only says it for TOML, where a key may stand in several headers', () => {
  const location = startOfFile('registries.yaml');
  assert.deepEqual(writeKey(location, 'docker.io'), {
    message: 'write `docker.io`',
    edit: { location, replacement: '"docker.io"' },
  });
  assert.deepEqual(writeKey(startOfFile('config.toml'), 'docker.io'), { message: 'write `docker.io`' });
});

test('writeValue escapes what would end the text', () => {
  const location = startOfFile('certs.d/quay.io/hosts.toml');
  const text = String.raw`https://a/"\b`;
  assert.deepEqual(writeValue(location, text), {
    message: `write \`${text}\``,
    edit: { location, replacement: String.raw`"https://a/\"\\b"` },
  });
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isLiteralSecret } from '../../src/check/secretText.ts';

test('isLiteralSecret tells a secret from what stands for one', () => {
  for (const text of ['swordfish', 'cHVsbGVyOg==', '$HOME', '${A}-suffix', 'a <b>'])
    assert.ok(isLiteralSecret(text), text);
  for (const text of ['', '${NAME}', '<password>', '{{ lookup }}', 'ENC[AES256_GCM,data:x]']) {
    assert.ok(!isLiteralSecret(text), text);
  }
});

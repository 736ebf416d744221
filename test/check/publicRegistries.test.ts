import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isPublicRegistry } from '../../src/check/publicRegistries.ts';

test('isPublicRegistry knows the large ones, and regional hosts of Google', () => {
  for (const host of ['docker.io', 'ghcr.io', 'eu.gcr.io', 'europe-docker.pkg.dev'])
    assert.ok(isPublicRegistry(host), host);
  for (const host of ['harbor.example.net', 'ghcr.io:5000', 'notgcr.io', 'docker.io.lan']) {
    assert.ok(!isPublicRegistry(host), host);
  }
});

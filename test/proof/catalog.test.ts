import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { readCatalog } from '../../src/proof/catalog.ts';

const digest = `sha256:${'a'.repeat(64)}`;

suite('readCatalog', () => {
  test('reads the images of one namespace host, as references are read', () => {
    const text = `# airgap images\nnginx:1.27\r\n\ndocker.io/library/redis  # cache\nteam/app:2@${digest}\nquay.io/team/other:1\n`;
    const { catalog, problems } = readCatalog('docker.io', text);
    // A tag beside a digest does not count.
    assert.deepEqual(catalog.images, ['library/nginx:1.27', 'library/redis:latest', `team/app@${digest}`]);
    assert.deepEqual(problems, []);
  });

  test('names the line of what is no image', () => {
    const { problems } = readCatalog('docker.io', 'nginx\nNo Image\n{"json": true}\n');
    assert.deepEqual(problems, [
      { line: 2, text: 'No Image' },
      { line: 3, text: '{"json": true}' },
    ]);
  });
});

import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import * as fc from 'fast-check';
import { nodeFilesInMemory } from '../../src/files/nodeFiles.ts';
import { dockerNode } from '../../src/nodeRoot/dockerNode.ts';
import type { NodeReading } from '../../src/nodeRoot/nodeReading.ts';
import { profileFor } from '../../src/resolver/profile.ts';

function read(text: string, version = '28.1.1'): NodeReading {
  return dockerNode(
    nodeFilesInMemory({ '/etc/docker/daemon.json': text }),
    profileFor({ kind: 'docker', version }),
  );
}

suite('dockerNode', () => {
  test('mirrors and insecure registries', () => {
    const { configuration, ignored, startupError } = read(
      '{"registry-mirrors": ["http://m.test:5000/"], "insecure-registries": ["reg.test:5000", "10.0.0.0/8", "[::1]:5000"]}',
    );
    assert.equal(startupError, undefined);
    assert.deepEqual(ignored, []);
    const { registry } = configuration;
    assert.ok(registry.form === 'docker');
    assert.deepEqual(
      registry.registryMirrors.map(({ value }) => value),
      ['http://m.test:5000/'],
    );
    assert.deepEqual(
      registry.insecureRegistries.map(({ value }) => value),
      ['reg.test:5000', '10.0.0.0/8', '[::1]:5000'],
    );
    assert.equal(registry.registryMirrors[0]?.location?.start.column, 23);
  });

  test('no file, an empty file and null are nothing', () => {
    for (const text of ['', ' \n', '{}', '{"registry-mirrors": null}']) {
      assert.deepEqual(read(text).startupError, undefined, text);
    }
    const none = dockerNode(nodeFilesInMemory({}), profileFor({ kind: 'docker' }));
    assert.deepEqual(none.ignored, []);
  });

  test('a scheme in front of an insecure registry is left out', () => {
    const { configuration, ignored } = read('{\n  "insecure-registries": ["http://reg.test:5000"]\n}');
    assert.ok(configuration.registry.form === 'docker');
    assert.equal(configuration.registry.insecureRegistries[0]?.value, 'reg.test:5000');
    assert.deepEqual(
      ignored.map(({ message, location, fix }) => [location.start, message, fix?.edit?.replacement]),
      [
        [
          { line: 2, column: 27 },
          'dockerd leaves out `http://`: an entry is host, host:port or a CIDR block',
          '"reg.test:5000"',
        ],
      ],
    );
  });

  const refused: readonly [string, string, string?][] = [
    [
      '{"registry-mirrors": ["m.test:5000"]}',
      'invalid mirror: `m.test:5000` has no scheme: it must begin with `https://` or `http://`',
    ],
    [
      '{"registry-mirrors": ["https://m.test?a"]}',
      'invalid mirror: `https://m.test?a` has a query or a fragment',
    ],
    [
      '{"registry-mirrors": ["https://u:p@m.test"]}',
      'invalid mirror: `https://u:p@m.test` has a login in it',
    ],
    [
      '{"registry-mirrors": ["ftp://m.test"]}',
      'invalid mirror: `ftp://m.test` begins with `ftp://` instead of `https://` or `http://`',
    ],
    [
      '{"registry-mirrors": ["https://m.test/a"]}',
      'invalid mirror: `https://m.test/a` has a path, which dockerd takes since version 24',
      '20.10.7',
    ],
    ['{"registry-mirrors": "https://m.test"}', '`registry-mirrors` is no list'],
    ['{"registry-mirrors": [5]}', '`registry-mirrors` holds something else than texts'],
    [
      '{"insecure-registries": [" reg.test"]}',
      'insecure registry ` reg.test` is not valid: it has a space in it',
    ],
    [
      '{"insecure-registries": ["reg.test/a"]}',
      'insecure registry `reg.test/a` is not valid: `reg.test/a` is no host',
    ],
    [
      '{"insecure-registries": ["reg.test:70000"]}',
      'insecure registry `reg.test:70000` is not valid: 70000 is no port',
    ],
    [
      '{"insecure-registry": ["reg.test"]}',
      "the following directives don't match any configuration option: insecure-registry (meant is `insecure-registries`)",
    ],
    ['{"registry-mirrors": ["https://m.test"],}', 'the file is no valid JSON'],
    ['[]', 'the file is no JSON object'],
  ];
  for (const [text, error, version] of refused) {
    test(`refuses ${text}`, () => {
      const { startupError, configuration } = read(text, version);
      assert.equal(startupError?.error, error);
      assert.equal(startupError.message, `dockerd does not start: ${error}`);
      assert.ok(
        configuration.registry.form === 'docker' && configuration.registry.registryMirrors.length === 0,
      );
    });
  }

  test('a path in a mirror is fine since version 24', () => {
    assert.equal(read('{"registry-mirrors": ["https://m.test/a"]}', '24.0.9').startupError, undefined);
  });

  test('says where the JSON ends to be JSON', () => {
    assert.deepEqual(read('{\n  "a": 1,\n}').startupError?.location.start, { line: 3, column: 1 });
  });

  test('never throws', () => {
    const texts = fc.oneof(
      fc.string(),
      fc.json(),
      fc
        .array(fc.string())
        .map((list) => JSON.stringify({ 'registry-mirrors': list, 'insecure-registries': list })),
    );
    fc.assert(
      fc.property(texts, (text) => assert.ok(read(text))),
      { numRuns: 1000, seed: 20_260_102 },
    );
  });
});

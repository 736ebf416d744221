import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import {
  familiarName,
  formatReference,
  parseReference,
  type ReferenceGrammar,
} from '../../src/reference/parseReference.ts';
import { endsSoon } from '../support/endsSoon.ts';

const digest = `sha256:${'0123456789abcdef'.repeat(4)}`;

function read(text: string, grammar?: ReferenceGrammar): string {
  const result = parseReference(text, grammar);
  return result.ok ? formatReference(result.reference) : `error: ${result.error}`;
}

describe('parseReference', () => {
  const complete: readonly (readonly [string, string])[] = [
    ['redis', 'docker.io/library/redis:latest'],
    ['redis:7.2', 'docker.io/library/redis:7.2'],
    ['grafana/grafana', 'docker.io/grafana/grafana:latest'],
    ['index.docker.io/redis', 'docker.io/library/redis:latest'],
    ['docker.io/library', 'docker.io/library/library:latest'],
    ['registry-1.docker.io/library/redis', 'registry-1.docker.io/library/redis:latest'],
    ['10.10.1.106:5000/apiserver:v1', '10.10.1.106:5000/apiserver:v1'],
    ['quay.io/prometheus/prometheus:v3.5.0', 'quay.io/prometheus/prometheus:v3.5.0'],
    ['localhost/app', 'localhost/app:latest'],
    ['localhost:5000', 'docker.io/library/localhost:5000'],
    ['myregistry/app', 'docker.io/myregistry/app:latest'],
    ['Registry.Example.com/app', 'Registry.Example.com/app:latest'],
    ['my_host.example/app', 'my_host.example/app:latest'],
    ['[fd00::1]:5000/app', '[fd00::1]:5000/app:latest'],
    ['example.com/a--b/c__d/e.f_g', 'example.com/a--b/c__d/e.f_g:latest'],
    [`redis:7@${digest}`, `docker.io/library/redis@${digest}`],
    [`example.com/app@${digest}`, `example.com/app@${digest}`],
    [`example.com/app:${'t'.repeat(128)}`, `example.com/app:${'t'.repeat(128)}`],
  ];
  for (const [text, expected] of complete) {
    test(`completes ${text.slice(0, 60)}`, () => assert.equal(read(text), expected));
  }

  const format = 'error: invalid reference format';
  const refused: readonly (readonly [string, string])[] = [
    ['', format],
    ['https://example.com/app', format],
    ['example.com/app ', format],
    ['example.com/app:', format],
    ['example.com/', format],
    ['example.com//app', format],
    ['example.com:/app', format],
    ['example.com:80:80/app', format],
    ['example.com/app:v1+build', format],
    ['example.com/app:.hidden', format],
    [`example.com/app:${'t'.repeat(129)}`, format],
    ['example.com/app@v1', format],
    ['example.com/app@sha256:abc', format],
    [`example.com/app@${digest}@${digest}`, format],
    ['example.com/a..b', format],
    ['example.com/a___b', format],
    ['example.com/-app', format],
    ['example-.com/app', format],
    ['my_host:5000/app', format],
    ['[fe80::1%eth0]:5000/app', format],
    [
      'IMAGE_NAME_PLACEHOLDER',
      `${format}: repository name (library/IMAGE_NAME_PLACEHOLDER) must be lowercase`,
    ],
    ['example.com/Team/app', `${format}: repository name (Team/app) must be lowercase`],
    ['my_Host.example/app', 'error: repository name must be lowercase'],
    [
      'a'.repeat(64),
      `error: invalid repository name (${'a'.repeat(64)}), cannot specify 64-byte hexadecimal strings`,
    ],
    [`example.com/${'a'.repeat(256)}`, 'error: repository name must not be more than 255 characters'],
    [`redis@${digest}0`, 'error: invalid checksum digest length'],
    [`redis@${digest.toUpperCase().replace('SHA', 'sha')}`, 'error: invalid checksum digest format'],
    [`redis@md5:${'0'.repeat(32)}`, 'error: unsupported digest algorithm'],
  ];
  for (const [text, expected] of refused) {
    test(`refuses ${JSON.stringify(text).slice(0, 60)}`, () => assert.equal(read(text), expected));
  }

  test('follows the copies of the grammar in older containerd', () => {
    assert.equal(read('Team/app'), 'Team/app:latest');
    assert.equal(read('Team/app', 'copy in 1.7'), 'Team/app:latest');
    assert.equal(read('Team/app', 'copy in 1.5'), `${format}: repository name must be lowercase`);
    assert.equal(read('[::1]:5000/app', 'copy in 1.7'), '[::1]:5000/app:latest');
    assert.equal(read('[::1]:5000/app', 'copy in 1.5'), format);
    const long = `example.com/${'a'.repeat(250)}`;
    assert.equal(read(long), `${long}:latest`);
    assert.equal(read(long, 'copy in 1.7'), 'error: repository name must not be more than 255 characters');
  });

  test('reads back what it has completed', () => {
    fc.assert(
      fc.property(reference, (text) => {
        const first = parseReference(text);
        if (!first.ok) return assert.fail(first.error);
        assert.deepEqual(parseReference(formatReference(first.reference)), first);
      }),
    );
  });

  test('takes any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const result = parseReference(text);
        assert.equal(typeof (result.ok ? result.reference.domain : result.error), 'string');
      }),
      { numRuns: 2000 },
    );
  });

  test('comes to an end with a long text', () => {
    const hostile = ['a/', 'a-', 'a.', ':', '@', 'a@a-', '_', 'A/', '[:'].map((part) =>
      part.repeat(1_000_000 / part.length),
    );
    for (const text of hostile) assert.equal(endsSoon(() => parseReference(text)).ok, false);
  });
});

const component = fc.stringMatching(/^[a-z0-9]{1,8}((\.|_|__|-{1,3})[a-z0-9]{1,8}){0,2}$/);
const domain = fc.oneof(
  fc.constantFrom('docker.io', 'localhost', 'localhost:5000', '[fd00::1]:5000', 'Upper'),
  fc.stringMatching(/^[A-Za-z0-9]{1,8}(-[a-z0-9]{1,4})?\.[a-z]{2,6}(:[0-9]{1,5})?$/),
);
const suffix = fc.oneof(
  fc.constantFrom('', `@${digest}`, `:v1@${digest}`),
  fc.stringMatching(/^:\w[\w.-]{0,20}$/),
);
const reference = fc
  .tuple(fc.option(domain, { nil: undefined }), fc.array(component, { minLength: 1, maxLength: 4 }), suffix)
  .map(([host, path, end]) => `${host === undefined ? '' : `${host}/`}${path.join('/')}${end}`)
  // A name of 64 hexadecimal digits is refused, and a first component with a dot is a domain.
  .filter((text) => parseReference(text).ok);

describe('familiarName', () => {
  test('leaves out what containerd adds by itself', () => {
    const familiar = (text: string): string => {
      const result = parseReference(text);
      return result.ok ? familiarName(result.reference) : result.error;
    };
    assert.equal(familiar('docker.io/library/redis'), 'redis:latest');
    assert.equal(familiar('docker.io/grafana/grafana:1'), 'grafana/grafana:1');
    assert.equal(familiar('docker.io/library/a/b'), 'library/a/b:latest');
    assert.equal(familiar(`quay.io/a/b@${digest}`), `quay.io/a/b@${digest}`);
  });
});

import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import * as fc from 'fast-check';
import { parseEndpoint, urlOf } from '../../src/registries/endpoint.ts';

suite('parseEndpoint', () => {
  const good: readonly [string, string][] = [
    ['http://10.10.1.106:5000', 'http://10.10.1.106:5000'],
    ['https://harbor.example.net/v2/proxy', 'https://harbor.example.net/v2/proxy'],
    ['https://harbor.example.net/v2', 'https://harbor.example.net'],
    ['https://harbor.example.net/', 'https://harbor.example.net'],
    ['https://harbor.example.net/v2/', 'https://harbor.example.net/v2/'],
    ['10.10.1.106:5000', 'https://10.10.1.106:5000'],
    ['192.0.2.59/proxy-cache', 'https://192.0.2.59/proxy-cache'],
    ['localhost:5000', 'http://localhost:5000'],
    ['127.0.0.1:443', 'https://127.0.0.1:443'],
    ['localhost', 'https://localhost'],
    ['https://docker.io', 'https://registry-1.docker.io'],
    ['http://[fd00::1]:5000', 'http://[fd00::1]:5000'],
    ['http://my_registry:5000', 'http://my_registry:5000'],
  ];
  for (const [text, url] of good) {
    test(`${text} is ${url}`, () => {
      const result = parseEndpoint(text);
      assert.ok(result.ok);
      assert.equal(urlOf(result.endpoint), url);
    });
  }

  const bad: readonly [string, RegExp][] = [
    ['', /empty/],
    ['http://10.10.1.106: 5000', /space/],
    ['tcp://reg:5000', /neither http/],
    ['https://', /names no host/],
    ['https://user:secret@reg', /login does not belong/],
    ['https://reg:70000', /70000 is no port/],
    ['https://reg:0', /0 is no port/],
    ['https://reg"x', /is no host/],
    ['https://reg/a"b', /is no path/],
    ['https://reg/{{ path }}', /space/],
    ['${MIRROR}', /is no host/],
  ];
  for (const [text, error] of bad) {
    test(`"${text}" is none`, () => {
      const result = parseEndpoint(text);
      assert.ok(!result.ok);
      assert.match(result.error, error);
    });
  }

  test('what is read has no quotes, spaces, line breaks or backslashes in it', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 40 }),
        fc.constantFrom('', 'http://', 'https://h/'),
        (text, start) => {
          const result = parseEndpoint(start + text);
          assert.ok(!result.ok || /^[!-~]+$/.test(urlOf(result.endpoint)));
          assert.ok(!result.ok || !/["'\\`]/.test(urlOf(result.endpoint)));
        },
      ),
      { numRuns: 2000 },
    );
  });
});

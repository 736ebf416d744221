import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { escapeQuery, quote, splitHostPort } from '../../src/hosts/goText.ts';
import { formatGoUrl, parseGoUrl, resolveReference } from '../../src/hosts/goUrl.ts';
import { isLoopback, parseIpAddress } from '../../src/hosts/ipAddress.ts';

function read(text: string, refusesExtraColons = false): string {
  const result = parseGoUrl(text, { refusesExtraColons, checksIpLiterals: true });
  return result.ok ? `${result.url.scheme}|${result.url.host}|${result.url.path}` : result.error;
}

describe('parseGoUrl', () => {
  const table: readonly (readonly [string, string])[] = [
    ['https://Example.com:443/v2', 'https|Example.com:443|/v2'],
    ['HTTPS://h', 'https|h|'],
    ['https://user:word@h/p?q=1#f', 'https|h|/p'],
    ['https://h:', 'https|h:|'],
    ['https://h:99999', 'https|h:99999|'],
    ['https://h:port', 'parse "https://h:port": invalid port ":port" after host'],
    ['https://[::1]:5000/x', 'https|[::1]:5000|/x'],
    ['https://[::1', 'parse "https://[::1": missing \']\' in host'],
    ['https://[1.2.3.4]', 'parse "https://[1.2.3.4]": invalid IP-literal'],
    ['https://a[b', 'parse "https://a[b": invalid IP-literal'],
    ['https://h/a%20b', 'https|h|/a b'],
    ['https://h/%zz', 'parse "https://h/%zz": invalid URL escape "%zz"'],
    ['https://%41', 'parse "https://%41": invalid URL escape "%41"'],
    ['https://%D1%80', 'https|\u0440|'],
    ['https://a b', 'parse "https://a b": invalid character " " in host name'],
    ['https://a\\b', String.raw`parse "https://a\\b": invalid character "\\" in host name`],
    ['https://a\u0007', String.raw`parse "https://a\a": net/url: invalid control character in URL`],
    ['https://us er@h', 'parse "https://us er@h": net/url: invalid userinfo'],
    ['https://h/#%zz', 'parse "https://h/#%zz": invalid URL escape "%zz"'],
    ['http', '||http'],
    ['https:h', 'https||'],
    ['//h/p', '|h|/p'],
    ['a:b', 'a||'],
    ['1:b', 'parse "1:b": first path segment in URL cannot contain colon'],
    [':b', 'parse ":b": missing protocol scheme'],
    ['*', '||*'],
    ['', '||'],
  ];
  for (const [text, expected] of table) {
    test(`reads ${JSON.stringify(text)}`, () => assert.equal(read(text), expected));
  }

  test('refuses extra colons only by the rule of Go 1.26, and only for http and https', () => {
    assert.equal(read('https://h:1:2'), 'https|h:1:2|');
    assert.equal(read('https://h:1:2', true), 'parse "https://h:1:2": invalid port ":1:2" after host');
    assert.equal(read('dummy://h:1:2', true), 'dummy|h:1:2|');
  });

  test('checks what stands in brackets, and before them, only by the rule of late releases of Go 1.25', () => {
    const old = { refusesExtraColons: false, checksIpLiterals: false };
    assert.deepEqual(parseGoUrl('dummy://http:[fd00:10::1]', old), {
      ok: false,
      error: 'parse "dummy://http:[fd00:10::1]": invalid port ":1]" after host',
    });
    assert.equal(read('dummy://http:[fd00:10::1]'), 'parse "dummy://http:[fd00:10::1]": invalid IP-literal');
    const result = parseGoUrl('http://[reg]:5000', old);
    assert.equal(result.ok && result.url.host, '[reg]:5000');
  });

  test('takes any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const result = parseGoUrl(`https://${text}`, { refusesExtraColons: true, checksIpLiterals: true });
        if (result.ok) assert.ok(!/[\t\n\r /?#]/.test(result.url.host));
        else assert.match(result.error, /^parse "/);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('goText', () => {
  test('quotes as Go does', () => {
    assert.equal(
      quote('a"b\\\n\u0001\u007F\u00E9\u200B\u{E0001}'),
      String.raw`"a\"b\\\n\x01\x7f` + '\u00E9' + String.raw`\u200b\U000e0001"`,
    );
  });

  test('escapes a query as Go does', () => {
    assert.equal(escapeQuery("reg:5000 a/b!'()*~\uD800"), 'reg%3A5000+a%2Fb%21%27%28%29%2A~%EF%BF%BD');
  });

  test('splits host and port as Go does', () => {
    assert.deepEqual(splitHostPort('h:5000'), { host: 'h', port: '5000' });
    assert.deepEqual(splitHostPort('h:'), { host: 'h', port: '' });
    assert.deepEqual(splitHostPort('[::1]:5000'), { host: '::1', port: '5000' });
    for (const text of ['h', '::1', '[::1]', 'h:1:2', '[::1]x:1'])
      assert.equal(splitHostPort(text), undefined);
  });
});

describe('parseIpAddress', () => {
  const addresses: readonly (readonly [string, string | undefined])[] = [
    ['127.0.0.1', '127 0 0 1'],
    ['256.0.0.1', undefined],
    ['01.2.3.4', undefined],
    ['1.2.3', undefined],
    ['::', '0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0'],
    ['1::2', '0 1 0 0 0 0 0 0 0 0 0 0 0 0 0 2'],
    ['1:2:3:4:5:6:7:8', '0 1 0 2 0 3 0 4 0 5 0 6 0 7 0 8'],
    ['::ffff:127.0.0.1', '0 0 0 0 0 0 0 0 0 0 255 255 127 0 0 1'],
    ['1:2:3:4:5:6:7', undefined],
    ['1:2:3:4:5:6:7:8:9', undefined],
    ['1:2:3:4:5:6:7::8', undefined],
    ['1::2::3', undefined],
    [':1::2', undefined],
    ['fe80::1%eth0', undefined],
    ['12345::', undefined],
  ];
  for (const [text, bytes] of addresses) {
    test(`reads ${text}`, () => assert.equal(parseIpAddress(text)?.join(' '), bytes));
  }

  test('knows loopback addresses', () => {
    const loopback = (text: string): boolean => isLoopback(parseIpAddress(text) ?? []);
    for (const text of ['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1'])
      assert.equal(loopback(text), true);
    for (const text of ['10.0.0.1', '::2', '::', '::ffff:10.0.0.1']) assert.equal(loopback(text), false);
  });
});

describe('resolveReference', () => {
  const base = 'http://a/b/c/d?q';
  // Recorded with net/url of Go 1.26.
  const cases: readonly (readonly [reference: string, resolved: string])[] = [
    ['', 'http://a/b/c/d?q'],
    ['g', 'http://a/b/c/g'],
    ['./g', 'http://a/b/c/g'],
    ['g/', 'http://a/b/c/g/'],
    ['/g', 'http://a/g'],
    ['//g', 'http://g'],
    ['?y', 'http://a/b/c/d?y'],
    ['..', 'http://a/b/'],
    ['../../../g', 'http://a/g'],
    ['../..//g', 'http://a/g'],
    ['x/..//g', 'http://a/b/c//g'],
    ['https://h/a/./b/../c?x=/..', 'https://h/a/c?x=/..'],
    ['g%2Fh', 'http://a/b/c/g%2Fh'],
    ['g h', 'http://a/b/c/g%20h'],
  ];
  for (const [reference, resolved] of cases) {
    test(`of ${JSON.stringify(reference)}`, () => {
      const from = parseGoUrl(base, { refusesExtraColons: true, checksIpLiterals: true });
      const to = parseGoUrl(reference, { refusesExtraColons: true, checksIpLiterals: true });
      assert.ok(from.ok && to.ok);
      assert.equal(formatGoUrl(resolveReference(from.url, to.url)), resolved);
    });
  }
});

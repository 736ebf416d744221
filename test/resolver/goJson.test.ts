import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { decodeJson, unmarshalJson } from '../../src/resolver/goJson.ts';

function errorOf(text: string): string | undefined {
  const result = unmarshalJson(text);
  return result.ok ? undefined : result.error;
}

describe('unmarshalJson', () => {
  // Recorded with encoding/json of Go 1.26.
  const errors: readonly (readonly [text: string, error: string])[] = [
    ['', 'unexpected end of JSON input'],
    [' \n', 'unexpected end of JSON input'],
    ['<html>', "invalid character '<' looking for beginning of value"],
    ['not found', "invalid character 'o' in literal null (expecting 'u')"],
    ['{', 'unexpected end of JSON input'],
    ['{a', "invalid character 'a' looking for beginning of object key string"],
    ['{"a" 1}', "invalid character '1' after object key"],
    ['{"a":1 "b"}', `invalid character '"' after object key:value pair`],
    ['{"a":1,}', "invalid character '}' looking for beginning of object key string"],
    ['[1 2]', "invalid character '2' after array element"],
    ['[1,]', "invalid character ']' looking for beginning of value"],
    ['{"a":1} x', "invalid character 'x' after top-level value"],
    ['tru3', "invalid character '3' in literal true (expecting 'e')"],
    ['fals', "invalid character ' ' in literal false (expecting 'e')"],
    ['-x', "invalid character 'x' in numeric literal"],
    ['1.x', "invalid character 'x' after decimal point in numeric literal"],
    ['1ex', "invalid character 'x' in exponent of numeric literal"],
    ['1e+', "invalid character ' ' in exponent of numeric literal"],
    ['012', "invalid character '1' after top-level value"],
    ['"a\nb"', String.raw`invalid character '\n' in string literal`],
    [String.raw`"\x"`, "invalid character 'x' in string escape code"],
    [String.raw`"\u12g4"`, String.raw`invalid character 'g' in \u hexadecimal character escape`],
    ['"abc', 'unexpected end of JSON input'],
    ["'a'", String.raw`invalid character '\'' looking for beginning of value`],
    ['"', 'unexpected end of JSON input'],
    ['é', "invalid character 'Ã' looking for beginning of value"],
    ['['.repeat(10_001), "invalid character '[' exceeded max depth"],
  ];
  for (const [text, error] of errors) {
    test(`refuses ${JSON.stringify(text.slice(0, 20))}`, () => assert.equal(errorOf(text), error));
  }

  test('takes what JSON.parse takes, and nothing else', () => {
    const fragments = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"',
      '"a"',
      '1',
      '-0.5e3',
      'true',
      'null',
      ' ',
      '\\',
      '\\u00e9',
      'x',
    );
    const anyText = fc.oneof(
      fc.array(fragments).map((parts) => parts.join('')),
      fc.json(),
      fc.string(),
    );
    fc.assert(
      fc.property(anyText, (text) => {
        const result = unmarshalJson(text);
        let expected: unknown;
        try {
          expected = JSON.parse(text);
        } catch {
          assert.equal(result.ok, false);
          return;
        }
        assert.ok(result.ok);
        assert.deepEqual(result.value, expected);
      }),
      { numRuns: 5000 },
    );
  });
});

describe('decodeJson', () => {
  test('reads the first value alone', () => {
    assert.deepEqual(decodeJson(' {"a":[1]} <html>'), { ok: true, value: { a: [1] }, end: 10 });
  });

  test('tells an end that comes too soon', () => {
    assert.deepEqual(decodeJson(''), { ok: false, error: 'EOF', isIncomplete: true });
    assert.deepEqual(decodeJson('{"a":'), { ok: false, error: 'unexpected EOF', isIncomplete: true });
    const error = "invalid character 'a' looking for beginning of object key string";
    assert.deepEqual(decodeJson('{a'), { ok: false, error, isIncomplete: false });
  });
});

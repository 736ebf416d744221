import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseAuthHeader } from '../../src/resolver/authChallenge.ts';
import { receivedHeader } from '../../src/resolver/goHeader.ts';

function challenges(
  ...values: readonly string[]
): readonly (readonly [string, Readonly<Record<string, string>>])[] {
  const header = receivedHeader([{ name: 'www-authenticate', values }]);
  return parseAuthHeader(header).map(({ scheme, parameters }) => [scheme, Object.fromEntries(parameters)]);
}

describe('parseAuthHeader', () => {
  test('reads parameters with quotes and without, and stops where it cannot go on', () => {
    assert.deepEqual(challenges('Bearer realm="https://a/t", service=s ,SCOPE="a b",error="x\\"y"'), [
      ['bearer', { realm: 'https://a/t', service: 's', scope: 'a b', error: 'x"y' }],
    ]);
    assert.deepEqual(challenges('Bearer realm="a" service="b"'), [['bearer', { realm: 'a' }]]);
    assert.deepEqual(challenges('Bearer realm="open, service="b"'), [
      ['bearer', { realm: 'open, service=' }],
    ]);
    assert.deepEqual(challenges('Bearer realm="never closed'), [['bearer', { realm: '' }]]);
    assert.deepEqual(challenges('Bearer realm'), [['bearer', {}]]);
  });

  test('puts the strongest first, and leaves out what it does not know', () => {
    const found = challenges('Basic realm="x"', 'Negotiate', 'DIGEST nonce=1', 'Bearer realm="y"', '');
    assert.deepEqual(
      found.map(([scheme]) => scheme),
      ['bearer', 'digest', 'basic'],
    );
  });
});

import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import * as fc from 'fast-check';
import { hideLogins, hideUrlLogins } from '../../src/source/logins.ts';
import { endsSoon } from '../support/endsSoon.ts';

function hide(text: string): string {
  return hideLogins(text.split('\n')).join('\n');
}

suite('hideUrlLogins', () => {
  for (const [text, hidden] of [
    ['http://robot:secret@host:5000/v2', 'http://************@host:5000/v2'],
    ['`robot:secret@host` is no URL', '`************@host` is no URL'],
    ['https://token@host', 'https://*****@host'],
    ['nginx:1.27@sha256:0123', 'nginx:1.27@sha256:0123'],
    ['registry.example.net:5000/app:1@sha256:0123', 'registry.example.net:5000/app:1@sha256:0123'],
    ['somebody@example.net', 'somebody@example.net'],
  ] as const) {
    test(text, () => assert.equal(hideUrlLogins(text), hidden));
  }
});

suite('hideLogins', () => {
  for (const [text, hidden] of [
    ['  password: secret', '  password: ******'],
    ['  "auth":"secret"', '  "auth":********'],
    ['  password = "secret"', '  password = ********'],
    ['  - identity_token: secret', '  - identity_token: ******'],
    ['  password: ${NAME}', '  password: ${NAME}'],
    ['  password: |\n    secret\n  x: y', '  password: |\n    ******\n  x: y'],
    [
      'auth:\n  username: robot\n  pasword: secret\ntls: {}',
      'auth:\n  username: robot\n  pasword: ******\ntls: {}',
    ],
    [
      '[a."b".auth]\nusername = "x"\nx = "secret"\n[c]\nx = 1',
      '[a."b".auth]\nusername = "x"\nx = ********\n[c]\nx = 1',
    ],
    ['image: registry.example.net/auth:1.2', 'image: registry.example.net/auth:1.2'],
    ['imagePullSecrets: [{name: a}]', 'imagePullSecrets: [{name: a}]'],
    ['endpoint: ["http://a:b@c"]', 'endpoint: ["http://***@c"]'],
  ] as const) {
    test(JSON.stringify(text), () => assert.equal(hide(text), hidden));
  }

  test('moves no column', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.constantFrom('auth: ', 'password=', '://', '@', 'a', ':', ' ', '\t', '- ', '[', ']', '\n', '"'),
        ),
        (parts) => {
          const lines = parts.join('').split('\n');
          assert.deepEqual(
            hideLogins(lines).map(({ length }) => length),
            lines.map(({ length }) => length),
          );
        },
      ),
      { numRuns: 500, seed: 20_261_121 },
    );
  });

  test('comes to an end with a line of a megabyte', () => {
    for (const part of ['a:', '://a', 'pass', 'auth ', '"a:', '- ']) {
      const line = part.repeat(1_000_000 / part.length);
      assert.equal(endsSoon(() => hideLogins([line, 'auth:', ` ${line}`])).length, 3);
    }
  });
});

import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { createCheck } from '../scripts/newCheck.ts';

const index = 'src/check/index.ts';

/** A folder with a copy of the list of checks. */
function makeProject(t: TestContext): string {
  const root = mkdtempSync(join(tmpdir(), 'mirrorproof-'));
  t.after(() => rmSync(root, { recursive: true }));
  mkdirSync(join(root, 'src/check/rules'), { recursive: true });
  cpSync(join(import.meta.dirname, '..', index), join(root, index));
  return root;
}

function entries(root: string): readonly string[] {
  return [...readFileSync(join(root, index), 'utf8').matchAll(/^ {2}(\w+),$/gm)].map(([, name = '']) => name);
}

describe('createCheck', () => {
  test('writes the rule and the fixtures', (t) => {
    const root = makeProject(t);
    createCheck(root, 'my-own-check');
    const rule = readFileSync(join(root, 'src/check/rules/myOwnCheck.ts'), 'utf8');
    assert.match(rule, /^export const myOwnCheck: Check = \{\n {2}id: 'my-own-check',$/m);
    assert.deepEqual(readdirSync(join(root, 'test/check/rules/my-own-check')), ['bad', 'ok']);
  });

  test('adds its lines where they belong', (t) => {
    const root = makeProject(t);
    for (const id of ['aaa-first', 'endpoint-pathway', 'zzz-last']) createCheck(root, id);
    const names = entries(root);
    assert.equal(names[0], 'aaaFirst');
    assert.equal(names.at(-1), 'zzzLast');
    assert.equal(names[names.indexOf('endpointPath') + 1], 'endpointPathway');
    const imports = [
      ...readFileSync(join(root, index), 'utf8').matchAll(/^import \{ (\w+) \} from '\.\/rules\//gm),
    ];
    assert.deepEqual(
      imports.map(([, name]) => name),
      names,
    );
  });

  test('leaves a check alone that is there already', (t) => {
    const root = makeProject(t);
    createCheck(root, 'my-check');
    const before = readFileSync(join(root, index), 'utf8');
    assert.throws(() => createCheck(root, 'my-check'), { code: 'EEXIST' });
    assert.equal(readFileSync(join(root, index), 'utf8'), before);
  });
});

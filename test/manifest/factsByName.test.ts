import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import * as fc from 'fast-check';
import { factsByName, mayBeSameNamespace } from '../../src/manifest/factsByName.ts';

suite('factsByName', () => {
  test('finds what a search through all of them finds, in its order', () => {
    const namespace = fc.option(fc.constantFrom('a', 'b'), { nil: undefined });
    const fact = fc.record({ name: fc.constantFrom('x', 'y', '__proto__'), at: namespace, id: fc.nat() });
    fc.assert(
      fc.property(
        fc.array(fact),
        fc.constantFrom('x', 'y', 'z', '__proto__'),
        namespace,
        (drawn, name, wanted) => {
          const facts = drawn.map(({ at, ...rest }) => ({
            ...rest,
            ...(at !== undefined && { namespace: at }),
          }));
          assert.deepEqual(
            factsByName(facts)(name, wanted),
            facts.filter((one) => one.name === name && mayBeSameNamespace(one.namespace, wanted)),
          );
        },
      ),
    );
  });
});

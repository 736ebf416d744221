import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { UserError } from '../../src/errors.ts';
import { readHelmValues, readSubstitutions } from '../../src/pipeline/optionPairs.ts';

const refuse = (text: string): UserError => new UserError(`not ${text}`);

suite('NAME=VALUE', () => {
  test('the first sign counts, and spaces around the parts do not', () => {
    assert.deepEqual(
      [...readSubstitutions(['TAG=1.4', ' URL = http://x/?a=b ', 'EMPTY='], refuse)],
      [
        ['TAG', '1.4'],
        ['URL', 'http://x/?a=b'],
        ['EMPTY', ''],
      ],
    );
  });

  for (const text of ['', 'TAG', '=1', ' =1']) {
    test(`"${text}" is refused`, () => {
      assert.throws(() => readSubstitutions([text], refuse), { message: `not ${text}` });
    });
  }
});

suite('CHART=FILE', () => {
  test('the files of a chart are together, in their order', () => {
    assert.deepEqual(
      [...readHelmValues(['charts/a/=x.yaml', 'b=y.yaml', './charts/a = ./z.yaml'], refuse)],
      [
        ['charts/a', ['x.yaml', 'z.yaml']],
        ['b', ['y.yaml']],
      ],
    );
  });

  test('the name of a file may have the sign in it', () => {
    assert.deepEqual([...readHelmValues(['a=b=c.yaml'], refuse)], [['a', ['b=c.yaml']]]);
  });

  test('the chart at the root is named with a point', () => {
    assert.deepEqual([...readHelmValues(['.=a.yaml', './=b.yaml'], refuse)], [['', ['a.yaml', 'b.yaml']]]);
  });

  for (const text of ['', 'chart', '=a.yaml', 'chart=', 'chart= ']) {
    test(`"${text}" is refused`, () => {
      assert.throws(() => readHelmValues([text], refuse), { message: `not ${text}` });
    });
  }
});

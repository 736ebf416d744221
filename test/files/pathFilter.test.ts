import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { compilePathFilter } from '../../src/files/pathFilter.ts';

function selected(patterns: readonly string[], paths: readonly string[]): readonly string[] {
  const filter = compilePathFilter(patterns);
  return paths.filter((path) => filter.matches(path.split('/')));
}

describe('path filter', () => {
  const paths = ['a.yaml', 'deploy/a.yaml', 'deploy/a.yml', 'deploy/old/b.yaml', 'src/deploy/c.yaml'];

  const table: readonly [patterns: readonly string[], expected: readonly string[]][] = [
    [['*.yaml'], ['a.yaml']],
    [['**/*.yml'], ['deploy/a.yml']],
    [['deploy'], ['deploy/a.yaml', 'deploy/a.yml', 'deploy/old/b.yaml']],
    [['./deploy/'], ['deploy/a.yaml', 'deploy/a.yml', 'deploy/old/b.yaml']],
    [['/deploy/*.{yaml,yml}'], ['deploy/a.yaml', 'deploy/a.yml']],
    [['{deploy,src/{deploy,other}}/*.yaml'], ['deploy/a.yaml', 'src/deploy/c.yaml']],
    [
      ['deploy/**', '!deploy/old/**'],
      ['deploy/a.yaml', 'deploy/a.yml'],
    ],
    [
      ['deploy/**', '!deploy/old', 'deploy/old/b.yaml'],
      ['deploy/a.yaml', 'deploy/a.yml', 'deploy/old/b.yaml'],
    ],
    [['!deploy'], ['a.yaml', 'src/deploy/c.yaml']],
    [['.'], paths],
    [['{a.yaml}'], []],
    [['nothing/**'], []],
  ];
  for (const [patterns, expected] of table) {
    it(`${patterns.join(' ')} selects ${expected.length} of the files`, () => {
      assert.deepEqual(selected(patterns, paths), expected);
    });
  }

  it('knows which names a pattern spells out', () => {
    const filter = compilePathFilter(['{vendor,lib}/k8s/*.yaml', '!node_modules/**']);
    assert.deepEqual(
      ['vendor', 'lib', 'k8s', 'node_modules'].map((name) => filter.names(name)),
      [true, true, true, false],
    );
  });

  it('refuses braces that multiply beyond all bounds', () => {
    assert.throws(() => compilePathFilter(['{a,b}'.repeat(40)]), {
      name: 'RangeError',
      message: /more than 1000 patterns/,
    });
  });
});

import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Finding } from '../../src/check/finding.ts';
import { newFindings, type FindingsOfState } from '../../src/diff/newFindings.ts';
import { filesInMemory } from '../../src/files/repositoryFiles.ts';

/** A state in which something is found at the text `here` of each of these files, as often as it stands there. */
function state(
  files: Readonly<Record<string, string>>,
  parts: Partial<Finding> = {},
  pattern = /here\S*/,
): FindingsOfState {
  const findings = Object.entries(files).flatMap(([file, text]) =>
    text.split('\n').flatMap((line, index) => {
      const match = pattern.exec(line);
      if (!match) return [];
      const start = { line: index + 1, column: match.index + 1 };
      const end = { line: index + 1, column: match.index + 1 + match[0].length };
      const finding: Finding = {
        check: 'a-check',
        severity: 'error',
        message: 'something is wrong',
        location: { file, start, end },
        ...parts,
      };
      return [finding];
    }),
  );
  return { files: filesInMemory(files), findings };
}

function places(findings: readonly Finding[]): readonly string[] {
  return findings.map(({ location: { file, start } }) => `${file}:${start.line}`);
}

suite('newFindings', () => {
  const before = state({ 'a.yaml': 'x\nhere\ny\n' });
  const cases: readonly [string, FindingsOfState, readonly string[]][] = [
    ['nothing where nothing changed', before, []],
    ['nothing where the line moved', state({ 'a.yaml': 'x\nz\n\n  - here # why\ny\n' }), []],
    ['nothing where the file moved', state({ 'b/a.yaml': 'here\n' }), []],
    ['nothing where it is mended', state({ 'a.yaml': 'x\ny\n' }), []],
    ['the same text in a second file', state({ 'a.yaml': 'here', 'b.yaml': 'here' }), ['b.yaml:1']],
    ['the same text once more', state({ 'a.yaml': 'here\nhere' }), ['a.yaml:2']],
    ['another text', state({ 'a.yaml': 'x\nhere:2\n' }), ['a.yaml:2']],
    ['another check', state({ 'a.yaml': 'here' }, { check: 'b-check' }), ['a.yaml:1']],
    ['another severity', state({ 'a.yaml': 'here' }, { severity: 'warning' }), ['a.yaml:1']],
    ['another message', state({ 'a.yaml': 'here' }, { message: 'it is worse' }), ['a.yaml:1']],
    ['another image', state({ 'a.yaml': 'here' }, { image: 'nginx' }), ['a.yaml:1']],
    ['a node where there was none', state({ 'a.yaml': 'here' }, { nodes: ['a'] }), ['a.yaml:1']],
  ];
  for (const [name, after, expected] of cases) {
    test(name, () => assert.deepEqual(places(newFindings(before, after)), expected));
  }

  test('prefers what stands in the same file', () => {
    const old = state({ 'a.yaml': 'here', 'b.yaml': 'here' });
    const now = state({ 'b.yaml': 'here', 'c.yaml': 'here', 'd.yaml': 'here' });
    assert.deepEqual(places(newFindings(old, now)), ['d.yaml:1']);
  });

  const onNodes = (...nodes: readonly string[]): FindingsOfState => {
    const message = `no mirror on node${nodes.length === 1 ? '' : 's'} ${nodes.join(' and ')} for a.io`;
    return state({ 'a.yaml': 'here' }, { nodes, message });
  };

  test('one more node makes a finding new, one less does not', () => {
    assert.equal(newFindings(onNodes('a'), onNodes('a', 'b')).length, 1);
    assert.equal(newFindings(onNodes('a', 'b'), onNodes('b')).length, 0);
    assert.equal(newFindings(onNodes('a'), onNodes('b')).length, 1);
  });

  test('names of nodes are no patterns', () => {
    assert.equal(newFindings(onNodes('a(', '[*'), onNodes('[*')).length, 0);
  });

  test('a line that a message names may move', () => {
    const old = state({ 'a.yaml': 'here' }, { message: 'it stands on line 3 already, as b.yaml:3:4 does' });
    const now = state({ 'a.yaml': 'here' }, { message: 'it stands on line 17 already, as b.yaml:9:4 does' });
    assert.deepEqual(newFindings(old, now), []);
  });

  test('a finding of a whole file, or of one that is gone, has no text', () => {
    const location = { file: 'gone.yaml', start: { line: 1, column: 1 }, end: { line: 1, column: 1 } };
    const old = state({ 'a.yaml': 'here' }, { location });
    assert.deepEqual(newFindings(old, old), []);
  });

  test('very many equal findings are compared in linear time', () => {
    const many = state({ 'a.yaml': 'here\n'.repeat(50_000) });
    assert.deepEqual(newFindings(many, many), []);
    const more = state({ 'a.yaml': 'here\n'.repeat(50_001) });
    assert.equal(newFindings(many, more).length, 1);
  });
});

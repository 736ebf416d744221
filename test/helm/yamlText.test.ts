import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { stretchWithin } from '../../src/manifest/scalarOffsets.ts';
import { yamlOfDottedKeys } from '../../src/helm/dottedKeys.ts';
import { locateValue, yamlFile, yamlInString, yamlPart, type YamlText } from '../../src/helm/yamlText.ts';
import { child, descend, entries, type ScalarNode, type TreeNode } from '../../src/source/tree.ts';

function root(source: string): TreeNode {
  const yaml = yamlFile('a.yaml', source);
  assert.ok(yaml);
  return yaml.root;
}

function scalarAt(node: TreeNode | undefined, ...path: readonly string[]): ScalarNode {
  const found = descend(node, ...path);
  assert.ok(found?.kind === 'scalar');
  return found;
}

/** What stands at the place of a value. */
function written(source: string, yaml: YamlText | undefined, ...path: readonly string[]): string {
  assert.ok(yaml);
  const { start, end } = locateValue(yaml, scalarAt(yaml.root, ...path));
  const lines = source.split('\n');
  if (start.line !== end.line) return `lines ${start.line} to ${end.line}`;
  return `${start.line}: ${lines[start.line - 1]?.slice(start.column - 1, end.column - 1)}`;
}

describe('YAML within a file', () => {
  it('keeps its places when it is a part of it', () => {
    const source =
      'kind: X\nspec:\n  # comment\n  values:\n    image:\n      tag: "1.2"   # ü\n    other: {repository: \'a/b\'}\n';
    const yaml = yamlPart('a.yaml', source, descend(root(source), 'spec', 'values') ?? root(source));
    assert.equal(written(source, yaml, 'image', 'tag'), '6: 1.2');
    assert.equal(written(source, yaml, 'other', 'repository'), '7: a/b');
  });

  it('keeps its places in a flow mapping', () => {
    const source = 'spec: {values: {image: {tag: 1.2}}}\n';
    const yaml = yamlPart('a.yaml', source, descend(root(source), 'spec', 'values') ?? root(source));
    assert.equal(written(source, yaml, 'image', 'tag'), '1: 1.2');
  });

  const strings: Readonly<Record<string, string>> = {
    'a block': 'spec:\n  valuesContent: |-\n    # values\n\n    image:\n      tag: v7\n',
    'a block with spaces in empty lines':
      'spec:\n  valuesContent: |\n    a: b\n    \n    image:\n      tag: v7\n',
    'a block with an indentation of its own':
      'spec:\n  valuesContent: |2\n      image:\n        tag: v7\n      a: b\n',
    'double quotes': 'spec: {valuesContent: "image:\\n  tag: v7\\n"}\n',
    'double quotes with escapes': 'spec: {valuesContent: "a: \\u00fc\\x20\\\\\\t\\nimage:\\n  tag: v7"}\n',
    'single quotes': "spec: {valuesContent: 'image: {it: ''s'', tag: v7}'}\n",
    'no quotes': 'spec:\n  valuesContent: "{}"\n  other: x\n',
  };
  for (const [name, source] of Object.entries(strings)) {
    it(`keeps its places in a string: ${name}`, () => {
      const yaml = yamlInString('a.yaml', source, scalarAt(root(source), 'spec', 'valuesContent'));
      if (name === 'no quotes') return assert.deepEqual(entries(yaml?.root), []);
      const place = written(source, yaml, 'image', 'tag');
      return assert.match(place, /: v7$/);
    });
  }

  it('is found where the lines are folded', () => {
    const source = 'spec:\n  valuesContent: >\n    image: {tag: v7,\n    a: b}\n';
    const yaml = yamlInString('a.yaml', source, scalarAt(root(source), 'spec', 'valuesContent'));
    assert.equal(written(source, yaml, 'image', 'tag'), '3: v7');
  });

  it('has the place of the anchor for an alias', () => {
    const source = 'a: &x "v1"\nab: &xy v2\nb: *x\nc: *xy\n';
    const yaml = yamlFile('a.yaml', source);
    assert.equal(written(source, yaml, 'b'), '1: v1');
    assert.equal(written(source, yaml, 'c'), '2: v2');
  });

  it('keeps the places of dotted keys', () => {
    const source = 'set:\n  image.tag: "v7"\n  image.repository: a/b\n  a\\.b: c\n';
    const values = entries(child(root(source), 'set')).flatMap(({ key, value }) =>
      value.kind === 'scalar' ? [{ key: key.text, value }] : [],
    );
    const yaml = yamlOfDottedKeys('a.yaml', source, values);
    assert.equal(written(source, yaml, 'image', 'tag'), '2: v7');
    assert.equal(written(source, yaml, 'image', 'repository'), '3: a/b');
    assert.equal(written(source, yaml, 'a.b'), '4: c');
  });

  it('finds each character of a block', () => {
    const line = fc.stringMatching(/^[a-z:# {}"']{0,12}$/);
    const property = fc.property(
      fc.array(line, { minLength: 1, maxLength: 8 }),
      fc.nat(4),
      (lines, extra) => {
        const margin = ' '.repeat(extra + 1);
        const source = `key: |\n${['first', ...lines].map((one) => margin + one).join('\n')}\n`;
        const scalar = scalarAt(root(source), 'key');
        for (let offset = 0; offset < scalar.text.trimEnd().length; offset += 1) {
          const character = scalar.text.charAt(offset);
          if (character !== '\n') {
            const { start, end } = stretchWithin(source, scalar, { start: offset, end: offset + 1 });
            assert.equal(source.slice(start, end), character);
          }
        }
      },
    );
    fc.assert(property);
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { filesInMemory } from '../../src/files/repositoryFiles.ts';
import { discover } from '../../src/discovery/discover.ts';
import { endsSoon } from '../support/endsSoon.ts';

const pod = (image: string): string =>
  `apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - image: ${image}\n`;

describe('discover', () => {
  it('reads manifests in the order of the files, and nothing else', () => {
    const files = filesInMemory({
      'b.yaml': `${pod('b:1')}---\n${pod('c:1')}`,
      'a.json': '{"kind": "Pod", "spec": {"containers": [{"image": "a:1"}]}}',
      'c.toml': 'kind = "Pod"',
      'README.md': pod('no:1'),
      'settings.yaml': 'image: no:1',
    });
    const { uses, statistics, problems } = discover(files);
    assert.deepEqual(
      uses.map(({ text, location }) => `${location.file} ${text}`),
      ['a.json a:1', 'b.yaml b:1', 'b.yaml c:1'],
    );
    assert.deepEqual(statistics, { files: 3, objects: 3 });
    assert.deepEqual(problems, []);
  });

  it('reads each file once', () => {
    const inner = filesInMemory({ 'a.yaml': pod('a:1'), 'b.json': '{}', 'hosts.toml': '' });
    const read: string[] = [];
    discover({ ...inner, read: (path) => (read.push(path), inner.read(path)) });
    assert.deepEqual(read, ['a.yaml', 'b.json']);
  });

  it('tells which manifests cannot be read', () => {
    const { unreadable, uses } = discover({
      paths: ['a.yaml', 'gone.yaml', 'x.toml'],
      skipped: [],
      read: (path) => (path === 'gone.yaml' ? undefined : { unreadable: 'a binary file' }),
    });
    assert.deepEqual(unreadable, [{ path: 'a.yaml', reason: 'a binary file' }]);
    assert.deepEqual(uses, []);
  });

  it('says what is no valid reference in the words of containerd', () => {
    const [use] = discover(filesInMemory({ 'a.yaml': pod('"registry.example.com/App:1"') })).uses;
    assert.equal(use?.status, 'resolved');
    assert.equal(use.reference, undefined);
    assert.match(use.invalid ?? '', /lowercase/);
  });

  describe('placeholders', () => {
    const files = filesInMemory({ 'a.yaml': pod('registry.example.com/app:${TAG}') });

    it('are unresolved, never a pull', () => {
      const [use] = discover(files).uses;
      assert.equal(use?.status, 'unresolved');
      assert.equal(use.reference, undefined);
      assert.equal(use.invalid, undefined);
    });

    it('become references when somebody says what stands for them', () => {
      const [use] = discover(files, { substitutions: new Map([['TAG', '1.4.2']]) }).uses;
      assert.equal(use?.status, 'resolved');
      assert.equal(use.text, 'registry.example.com/app:${TAG}');
      assert.deepEqual(use.reference, { domain: 'registry.example.com', path: 'app', tag: '1.4.2' });
    });

    it('can be filled in with what is no reference', () => {
      const [use] = discover(files, { substitutions: new Map([['TAG', 'a b']]) }).uses;
      assert.equal(use?.status, 'resolved');
      assert.ok(use.invalid);
    });
  });
});

describe('hostile files', () => {
  function discoverIn(source: string, file = 'a.yaml') {
    return endsSoon(() => discover(filesInMemory({ [file]: source })));
  }
  const prefix = 'apiVersion: v1\nkind: Pod\nspec:\n';

  it('an alias bomb is a problem', () => {
    const level = (depth: number): string =>
      depth === 0 ? 'a0: &a0 [x,x,x,x,x,x,x,x,x]' : `a${depth}: &a${depth} [${`*a${depth - 1},`.repeat(9)}]`;
    const bomb = Array.from({ length: 12 }, (_, depth) => level(depth)).join('\n');
    const { problems } = discoverIn(`apiVersion: v1\nkind: Pod\n${bomb}\n`);
    assert.match(problems[0]?.message ?? '', /unfold/);
  });

  it('an alias within itself is a problem', () => {
    assert.match(
      discoverIn(`${prefix}  containers: &a [*a]\n`).problems[0]?.message ?? '',
      /contains itself/,
    );
  });

  it('nesting without end is a problem', () => {
    for (const [open, close] of [
      ['[', ']'],
      ['{a: ', '}'],
      ['- ', ''],
      ['? ', ''],
    ] as const) {
      const nested = `${open.repeat(10_000)}x${close.repeat(10_000)}`;
      const { problems } = discoverIn(`${prefix}  x:\n    ${nested}\n`);
      assert.match(problems[0]?.message ?? '', /deep/, open);
    }
  });

  it('lists within lists are a problem at last', () => {
    const nested = '{"kind":"List","apiVersion":"v1","items":['.repeat(1000) + ']}'.repeat(1000);
    assert.match(discoverIn(nested, 'a.json').problems[0]?.message ?? '', /deep/);
  });

  it('100,000 documents are read to the end', () => {
    const { uses } = discoverIn(`---\n${pod('a:1')}`.repeat(100_000));
    assert.equal(uses.length, 100_000);
  });

  it('100,000 documents that nobody reads are not even parsed', () => {
    const { uses, problems } = discoverIn('---\nkind: ConfigMap\ndata: {a: b}\na: b: c\n'.repeat(100_000));
    assert.deepEqual({ uses, problems }, { uses: [], problems: [] });
  });

  it('20,000 broken documents are as many problems', () => {
    const { problems } = discoverIn('---\napiVersion: v1\n"kind": Pod\na: b: c\n'.repeat(20_000));
    assert.equal(problems.length, 20_000);
  });

  it('an image of many megabytes is no reference', () => {
    for (const unit of ['a', '_', '/', ':', '@', '{', '$', 'A_']) {
      const { uses } = discoverIn(`${prefix}  containers:\n  - image: "${unit.repeat(1_000_000)}"\n`);
      assert.equal(uses.length, 1);
      assert.equal(uses[0]?.reference, undefined);
    }
  });

  it('names like those of JavaScript are only names', () => {
    const source =
      'apiVersion: v1\nkind: constructor\n---\nkind: Pod\nmetadata: {name: __proto__}\nspec: {nodeSelector: {__proto__: x, toString: y}, containers: [{image: a}]}';
    const [use] = discoverIn(source).uses;
    assert.equal(use?.workload?.name, '__proto__');
    assert.deepEqual(Object.entries(use.workload.placement.nodeSelector), [
      ['__proto__', 'x'],
      ['toString', 'y'],
    ]);
  });

  it('a file name is data', () => {
    const name = 'a\n::error::x\u2028.yaml';
    assert.equal(discoverIn(pod('a:1'), name).uses[0]?.location.file, name);
    assert.equal(discoverIn(`${prefix}\tx: [`, name).problems[0]?.location.file, name);
  });

  it('an empty file, one of spaces, one of NULs hold nothing', () => {
    for (const source of ['', ' \n\t\n', '\0\0kind\0', '---\n---\n', '...', '\ufeff'])
      assert.deepEqual(discoverIn(source).uses, []);
  });

  it('nothing makes it throw', () => {
    const piece = fc.constantFrom(
      'kind: Pod',
      'apiVersion: v1',
      'spec:',
      '  containers:',
      '  - image: a',
      '    image: {{ x }}',
      'kind: List',
      'items:',
      '- ',
      '  ',
      '\n',
      '---\n',
      '{',
      '}',
      '[',
      ']',
      '"',
      "'",
      '&a ',
      '*a',
      '<<: *a',
      '!!',
      '|\n',
      '>-\n',
      '#',
      '%',
      '@',
      '`',
      '\t',
      '\r',
      '\0',
      '{{',
      '}}',
      ': ',
      '? ',
      ', ',
      '$',
    );
    fc.assert(
      fc.property(
        fc.array(fc.oneof(piece, fc.string()), { maxLength: 40 }),
        fc.constantFrom('a.yaml', 'a.json', 'a.tpl'),
        (pieces, file) => {
          discover(filesInMemory({ [file]: pieces.join('') }));
          discover(filesInMemory({ [file]: `kind: Pod\n${pieces.join('\n')}` }));
        },
      ),
      { numRuns: 2000 },
    );
  });
});

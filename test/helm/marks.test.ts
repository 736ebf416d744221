import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { findMarks, insertMark, markValues, maxMarks } from '../../src/helm/marks.ts';
import { yamlFile } from '../../src/helm/yamlText.ts';
import { parseReference } from '../../src/reference/parseReference.ts';

const hash = 'c'.repeat(64);

describe('marks', () => {
  it('keep the form of what they mark', () => {
    assert.equal(insertMark('v1.30.4', 'tag', 'versions', 7), 'v1.30.73100000070137');
    assert.equal(insertMark('v1.12.0-dev', 'tag', 'versions', 0), 'v1.12.73100000000137-dev');
    assert.equal(insertMark('alpine', 'tag', 'versions', 7), 'alpine73100000070137');
    assert.equal(
      insertMark(`v1@sha256:${hash}`, 'tag', 'versions', 7),
      `v1@sha256:${'c'.repeat(50)}73100000070137`,
    );
    assert.equal(insertMark('host:5000', 'registry', 'names', 7), 'host73100000070137:5000');
    assert.equal(insertMark('host:5000/a:1.2', 'image', 'names', 7), 'host:5000/a73100000070137:1.2');
    assert.equal(insertMark('host:5000/a', 'image', 'versions', 7), undefined);
    assert.equal(insertMark(`a@sha256:${hash}`, 'image', 'names', 7), `a73100000070137@sha256:${hash}`);
    assert.equal(insertMark('host', 'registry', 'versions', 7), undefined);
    assert.equal(insertMark('1.2', 'tag', 'names', 7), undefined);
    assert.equal(insertMark('1.2', 'tag', 'all', 7), '1.273100000070137');
    assert.equal(insertMark('a:1.2', 'image', 'all', 7), 'a73100000070137:1.2');
  });

  it('leave a reference valid, and are found in it', () => {
    const name = fc.stringMatching(/^[a-z0-9]{1,8}$/);
    const domain = fc.constantFrom('', 'registry.example.com/', 'localhost:5000/', '10.0.0.1:5000/');
    const rest = fc.constantFrom('', ':1', ':v1.2.3', ':latest', `@sha256:${hash}`, `:v1.2@sha256:${hash}`);
    const kind = fc.constantFrom('names', 'versions', 'all');
    const property = fc.property(
      domain,
      name,
      name,
      rest,
      kind,
      fc.nat(maxMarks),
      (host, a, b, end, which, index) => {
        const marked = insertMark(`${host}${a}/${b}${end}`, 'image', which, index);
        if (marked === undefined) return assert.equal(end, '');
        assert.ok(parseReference(marked).ok, marked);
        return assert.deepEqual(findMarks(marked), [index]);
      },
    );
    fc.assert(property);
  });

  it('stand in place of the values and nowhere else', () => {
    const source =
      'a: &x # ü\n  image: {repository: a/b, tag: "1.2.3"} # c\nn: 5\nimage: r.example.com/a:1\nenabled: true\nt: |\n  image: a:1\n';
    const yaml = yamlFile('values.yaml', source);
    assert.ok(yaml);
    const { text, marks } = markValues(yaml, 'versions', 3);
    assert.equal(
      text,
      'a: &x # ü\n  image: {repository: a/b, tag: "1.2.73100000030137"} # c\nn: 5\nimage: "r.example.com/a:173100000040137"\nenabled: true\nt: |\n  image: a:1\n',
    );
    assert.deepEqual(
      marks.map(({ index, part, location }) => [index, part, location.start.line]),
      [
        [3, 'tag', 2],
        [4, 'image', 4],
      ],
    );
  });

  it('are in names of images, and in no other names', () => {
    const yaml = yamlFile('values.yaml', 'image: {name: a/b}\njobs: [{name: nightly}]\nname: web\n');
    assert.ok(yaml);
    assert.equal(
      markValues(yaml, 'names', 0).text,
      'image: {name: "a/b73100000000137"}\njobs: [{name: nightly}]\nname: web\n',
    );
  });

  it('are not without number', () => {
    const source = Array.from({ length: 100_000 }, (_, index) => `a${index}Tag: v${index}\n`).join('');
    const yaml = yamlFile('values.yaml', source);
    assert.ok(yaml);
    assert.equal(markValues(yaml, 'versions', 0).marks.length, maxMarks);
  });
});

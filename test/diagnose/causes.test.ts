import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { checks } from '../../src/check/index.ts';
import { causes, findCause } from '../../src/diagnose/causes.ts';

const asked = { name: 'the registry', host: 'HOST' };

suite('causes', () => {
  test('that are unmistakable are looked for in one expression, and so have no flags', () => {
    const joined = causes.filter(({ isUnmistakable }) => isUnmistakable);
    assert.ok(joined.length > 10);
    for (const { patterns } of joined)
      for (const { flags, source } of patterns) assert.equal(flags, '', source);
  });

  test('have ids of their own, in kebab case', () => {
    const ids = causes.map(({ id }) => id);
    assert.deepEqual([...new Set(ids)], ids);
    for (const id of ids) assert.match(id, /^[a-z]+(-[a-z]+)*$/);
    assert.ok(!ids.includes('unknown'));
  });

  for (const { id, example, checks: named, meaning, advice, patterns } of causes) {
    test(`${id}: its example is recognized as it`, () => {
      assert.equal(findCause(example)?.cause.id, id);
    });

    test(`${id}: names checks that there are, each once`, () => {
      for (const check of named)
        assert.ok(
          checks.some((known) => known.id === check),
          check,
        );
      assert.deepEqual([...new Set(named)], named);
    });

    test(`${id}: speaks in half sentences`, () => {
      for (const text of [meaning(asked), advice(asked)]) {
        assert.doesNotMatch(text, /\.$|^\s|\s$|undefined/);
        assert.ok(text.length > 10 && text.length < 250, text);
      }
      assert.doesNotMatch(meaning(asked), /^[A-Z](?!RI-O)/);
    });

    test(`${id}: no text takes its patterns long`, () => {
      for (const { source, flags } of patterns) {
        // Without a class, only a quantifier is left of what repeats.
        const bare = source.replaceAll(/\\./g, 'x').replaceAll(/\[[^\]]*\]/g, 'x');
        assert.doesNotMatch(bare, /[*+]|\{\d+,\}/, `${source} repeats without a bound`);
        assert.doesNotMatch(bare, /\)\{|\.\{[^}]*\}\.\{/, `${source} repeats what repeats`);
        assert.doesNotMatch(flags, /[gy]/, `${source} remembers where it was`);
      }
    });
  }
});

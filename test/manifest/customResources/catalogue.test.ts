import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { stringify } from 'yaml';
import { catalogue } from '../../../src/manifest/customResources/catalogue.ts';
import type { CatalogueEntry, CatalogueField } from '../../../src/manifest/customResources/field.ts';
import { textAt, usesIn } from '../../support/uses.ts';

/** An object in which a path leads to a value, with other values beside it. */
function atPath(path: string, value: unknown, beside: Readonly<Record<string, unknown>> = {}): unknown {
  const parts = path === '' ? [] : path.split('.');
  return parts.reduceRight<unknown>((inner, part, index) => {
    const name = part.replaceAll('[]', '');
    const levels = (part.length - name.length) / 2;
    let wrapped = inner;
    for (let level = 0; level < levels; level++) wrapped = [wrapped];
    const siblings = index === parts.length - 1 ? beside : {};
    return { ...siblings, [name === '*' ? 'any' : name]: wrapped };
  }, value);
}

const image = 'registry.example.com:5000/team/app:1.2@sha256:'.concat('0123456789abcdef'.repeat(4));

function manifestOf({ group }: CatalogueEntry, kind: string, body: unknown): string {
  const root = { apiVersion: `${group}/v1`, kind, metadata: { name: 'a' } };
  return stringify({ ...root, ...(typeof body === 'object' ? body : {}) }, { lineWidth: 0 });
}

function bodyOf(field: CatalogueField): unknown {
  if (field.form === 'podSpec') return atPath(field.path, { containers: [{ name: 'a', image }] });
  if (field.form === 'image') {
    const beside = field.onlyIf ? { [field.onlyIf.key]: field.onlyIf.value } : {};
    return atPath(field.path, `${field.scheme ?? ''}${image}`, beside);
  }
  return atPath(field.at, atPath(field.repository, `${field.scheme ?? ''}registry.example.com/team/app`));
}

describe('each field of the catalogue', () => {
  for (const entry of catalogue) {
    for (const field of entry.fields) {
      if (field.form === 'joined') continue;
      for (const kind of entry.kinds) {
        it(`is found: ${kind}.${entry.group} ${field.path}`, () => {
          const source = manifestOf(entry, kind, bodyOf(field));
          const uses = usesIn(source);
          assert.deepEqual(
            uses.map(({ text, confidence, location }) => [text, confidence, textAt(source, location)]),
            [[image, 'certain', image]],
          );
          assert.deepEqual(uses[0]?.pulledBy, field.pulledBy ?? ['node']);
        });
      }
    }
  }

  it('has a path that can be followed', () => {
    const paths = catalogue.flatMap(({ fields }) =>
      fields.flatMap((field) => (field.form === 'joined' ? [field.at, field.repository] : [field.path])),
    );
    for (const path of paths) assert.match(path, /^(?:(?:\*|[a-zA-Z][\w-]*(?:\[\])*)(?:\.(?!$)|$))*$/);
  });

  it('stands once for each kind', () => {
    for (const { group, kinds, fields } of catalogue) {
      const paths = fields.flatMap((field) =>
        field.form === 'joined' ? [] : [`${field.form} ${field.path}`],
      );
      assert.deepEqual(paths, [...new Set(paths)], `${group} ${kinds.join()}`);
    }
  });

  it('is not read in an object of another group', () => {
    assert.deepEqual(usesIn('apiVersion: v1\nkind: Task\nspec: {steps: [{image: nginx}]}'), []);
  });
});

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';

for (const name of ['registries.schema.json', 'report.schema.json']) {
  test(`schema/${name} is a valid JSON Schema of draft 2020-12`, () => {
    const schema: unknown = JSON.parse(
      readFileSync(join(import.meta.dirname, '..', '..', 'schema', name), 'utf8'),
    );
    const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });
    assert.equal(ajv.validateSchema(schema as object), true, JSON.stringify(ajv.errors));
  });
}

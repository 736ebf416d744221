import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { discover } from '../../src/discovery/discover.ts';
import { filesInMemory } from '../../src/files/repositoryFiles.ts';
import { describeUses } from './describeUses.ts';
import { fixtures, plainFixtures } from './fixtures.ts';

const folder = join(import.meta.dirname, 'expected');

suite('without kustomize, the images and places are those that it makes', () => {
  for (const [name, files] of Object.entries(plainFixtures)) {
    test(name, () => {
      const { uses, buildProblems } = discover(filesInMemory(files));
      const path = join(folder, `${name}.txt`);
      if (process.env['UPDATE_EXPECTED']) writeFileSync(path, describeUses(uses));
      assert.equal(describeUses(uses), readFileSync(path, 'utf8'));
      assert.deepEqual(buildProblems, []);
    });
  }

  for (const name of Object.keys(fixtures).filter((fixture) => !(fixture in plainFixtures))) {
    test(`${name}: says that not all is known`, () => {
      const { buildProblems } = discover(filesInMemory(fixtures[name] ?? {}));
      assert.ok(buildProblems.length > 0);
      for (const { kind, message } of buildProblems) {
        assert.equal(kind, 'unbuilt');
        assert.match(message, /only kustomize can tell/);
      }
    });
  }
});

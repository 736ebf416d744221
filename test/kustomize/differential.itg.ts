import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import * as fc from 'fast-check';
import { runBuilds } from '../../src/build/runBuilds.ts';
import { discover, planBuilds } from '../../src/discovery/discover.ts';
import { readFolder } from '../../src/files/folder.ts';
import { writeFolder } from '../../src/files/writeFolder.ts';
import type { BuildOutputs } from '../../src/manifest/build.ts';
import { goProgramFolder, kustomizeProgram } from '../support/goPrograms.ts';
import { describeUses } from './describeUses.ts';
import { fixtures, type Fixture } from './fixtures.ts';
import { generatedRepositories } from './generateRepositories.ts';

suite('what is said with kustomize', { timeout: 600_000 }, () => {
  let program: string | undefined;
  let folder = '';
  before(async () => {
    program = await goProgramFolder(kustomizeProgram);
    folder = await mkdtemp(join(tmpdir(), 'mirrorproof-test-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  async function describe(files: Fixture, withProgram: boolean): Promise<string> {
    const root = await mkdtemp(join(folder, 'repository-'));
    writeFolder(root, new Map(Object.entries(files)));
    const repository = readFolder(root);
    const jobs = withProgram ? planBuilds(repository) : [];
    const outputs: BuildOutputs = await runBuilds(root, jobs, { path: `${program ?? ''}:/usr/bin:/bin` });
    for (const [id, output] of outputs) assert.ok(output.ok, `${id}: ${output.ok ? '' : output.reason}`);
    const { uses, buildProblems } = discover(repository, { outputs });
    assert.deepEqual(
      buildProblems.filter(({ kind }) => kind !== 'unused'),
      [],
    );
    return describeUses(uses);
  }

  for (const [name, files] of Object.entries(fixtures)) {
    test(name, async (context) => {
      if (program === undefined) return context.skip('there is no Go to build kustomize with');
      const path = join(import.meta.dirname, 'expected', `${name}.txt`);
      const described = await describe(files, true);
      if (process.env['UPDATE_EXPECTED']) writeFileSync(path, described);
      assert.equal(described, readFileSync(path, 'utf8'));
    });
  }

  test('is what is said without it, as long as there are but rules for images and patches of them', async (context) => {
    if (program === undefined) return context.skip('there is no Go to build kustomize with');
    await fc.assert(
      fc.asyncProperty(generatedRepositories, async (files) => {
        assert.equal(await describe(files, false), await describe(files, true));
      }),
      { numRuns: 25 },
    );
  });
});

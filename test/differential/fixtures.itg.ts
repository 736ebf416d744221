import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { containerdLines } from '../support/debianPackages.ts';
import { fixtures, writeFixture } from './fixtures.ts';
import { missingForRig, openRig } from './rig.ts';

const isUpdate = process.env['UPDATE_EXPECTED'] === '1';

suite('kept cases', { skip: missingForRig() ?? false }, () => {
  for (const line of containerdLines) {
    test(`containerd ${line} does what was recorded`, async (t) => {
      const rig = await openRig(line, 1);
      t.after(() => rig.close());
      const recorded = fixtures.filter(({ observations }) => isUpdate || observations.has(rig.version));
      if (recorded.length === 0) t.skip(`nothing was recorded with containerd ${rig.version}`);
      for (const { folder, case: given, observations } of recorded) {
        const observation = await rig.observe(given);
        if (isUpdate) await writeFixture(folder, given, rig.version, observation);
        else assert.deepEqual(observation, observations.get(rig.version), folder);
      }
    });
  }
});

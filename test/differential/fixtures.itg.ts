import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { containerdLines } from '../support/debianPackages.ts';
import type { Observation } from './case.ts';
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
        const before = observations.get(rig.version);
        const observation = withKnownReasons(await rig.observe(given), before);
        if (isUpdate) await writeFixture(folder, given, rig.version, observation);
        else assert.deepEqual(observation, before, folder);
      }
    });
  }
});

/** Go's maps have no order: of two mistakes in a file, containerd 1.x finds now the one and now the other one first. */
function withKnownReasons(observation: Observation, recorded: Observation | undefined): Observation {
  const isSame =
    observation.dropped.length === recorded?.dropped.length &&
    observation.dropped.every((reason) => recorded.dropped.includes(reason));
  return isSame ? { ...observation, dropped: recorded.dropped } : observation;
}

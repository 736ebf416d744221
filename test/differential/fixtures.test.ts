import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { disagreement, printDisagreement } from './disagreement.ts';
import { fixtures } from './fixtures.ts';
import { predictPull } from './predictPull.ts';

/** What differs between prediction and observation, for each version in which something does. */
async function disagreements({ case: given, observations }: (typeof fixtures)[number]): Promise<string[]> {
  const found: string[] = [];
  for (const [version, observation] of observations) {
    const prediction = await predictPull(given, version);
    const what = disagreement(prediction, observation);
    if (what) found.push(printDisagreement(given, version, prediction, observation, what));
  }
  return found;
}

suite('what is predicted is what real containerd did', () => {
  for (const fixture of fixtures) {
    test(fixture.name, async () => {
      assert.ok(fixture.observations.size > 0);
      assert.deepEqual(await disagreements(fixture), []);
    });
  }
});

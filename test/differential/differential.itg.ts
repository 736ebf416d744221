import assert from 'node:assert/strict';
import { availableParallelism } from 'node:os';
import { suite, test } from 'node:test';
import { containerdLines } from '../support/debianPackages.ts';
import { compare } from './differential.ts';
import { printDisagreement } from './disagreement.ts';
import { cases } from './generate/cases.ts';
import { predictPull } from './predictPull.ts';
import { missingForRig, openRig } from './rig.ts';

const count = 300;

suite('generated configurations', { skip: missingForRig() ?? false }, () => {
  for (const line of containerdLines) {
    test(`containerd ${line} does what is predicted in ${count} cases`, async (t) => {
      const nodes = availableParallelism();
      const rig = await openRig(line, nodes);
      t.after(() => rig.close());
      const { done, disagreements, tally } = await compare(rig, nodes, {
        arbitrary: cases({ mistakes: true, logins: true, faults: true }),
        predict: predictPull,
        count,
        seed: 1,
        enough: 3,
      });
      const texts = disagreements.map(({ case: given, prediction, observation, what }) =>
        printDisagreement(given, rig.version, prediction, observation, what),
      );
      if (texts.length > 0) assert.fail(texts.join('\n'));
      assert.equal(done, count);
      // The cases are worth something: many end in a pull, many in an error.
      assert.ok(tally.pulled > count / 10 && tally.failed > count / 10, JSON.stringify(tally));
    });
  }
});

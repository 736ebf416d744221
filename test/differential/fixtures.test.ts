import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { disagreement, printDisagreement } from './disagreement.ts';
import { fixtures } from './fixtures.ts';
import { predictPull } from './predictPull.ts';

/** Disagreements that are known and not mended yet. */
const open: readonly string[] = [
  'array-of-host-tables-crashes',
  'bare-key-with-a-colon',
  'bare-star-as-key',
  'duplicate-registry-table',
  'fetch-goes-on-to-a-silent-host',
  'host-table-with-a-string-crashes',
  'inline-tls-forces-local-pull',
  'redirect-with-referer',
  'unterminated-string',
];

suite('what is predicted is what real containerd did', () => {
  for (const { name, case: given, observations } of fixtures) {
    for (const [version, observation] of observations) {
      test(`${name}, containerd ${version}`, { todo: open.includes(name) }, async () => {
        const prediction = await predictPull(given, version);
        const what = disagreement(prediction, observation);
        assert.equal(what && printDisagreement(given, version, prediction, observation, what), undefined);
      });
    }
  }
});

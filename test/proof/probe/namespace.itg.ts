import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { run } from '../../../src/process/process.ts';
import { missingForRig } from '../../differential/rig.ts';

const setUp = [
  'ip link set lo up',
  'ip route add local 0.0.0.0/0 dev lo',
  'ip route add local ::/0 dev lo',
  'exec "$@"',
].join(' && ');

const cut = 'quay\\.io/absent:1 on a';
const expected = [
  ...['a', 'b', 'c', 'd', 'e'].map(
    (name) => `inconclusive ${name}\\.example/app:1 on a: .*169\\.254\\.169\\.254 belongs to .*`,
  ),
  'proved quay\\.io/app:1 on a: http://10\\.1\\.1\\.1:5000',
  'proved reg\\.example/app:1 on a: http://reg\\.example:5000',
  `refuted ${cut}.*`,
];

test(
  'no connection is made to what is never asked, though it would answer',
  { skip: missingForRig() ?? false },
  async () => {
    const program = [process.execPath, join(import.meta.dirname, 'insideNamespace.ts')];
    const { stdout, stderr } = await run({
      file: 'unshare',
      args: ['--net', 'sh', '-c', setUp, 'sh', ...program],
    });
    assert.match(stdout, /^\{/, stderr);
    const result: unknown = JSON.parse(stdout);
    assert.ok(
      typeof result === 'object' && result !== null && 'lines' in result && Array.isArray(result.lines),
    );
    assert.match(result.lines.join('\n'), new RegExp(`^${expected.join('\n')}$`));
    assert.ok('forbidden' in result && 'controls' in result);
    assert.equal(result.forbidden, 0);
    assert.ok(Array.isArray(result.controls) && result.controls.length > 0);
    for (const isSound of result.controls) assert.equal(isSound, true);
  },
);

import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, test, type TestContext } from 'node:test';
import { nameOwner } from '../../../src/proof/kind/owner.ts';
import { abandonedRuns, removeAbandonedRuns } from '../../../src/proof/kind/runs.ts';
import { Tools } from '../../../src/proof/kind/tools.ts';

const id = '0000beef';
const cluster = `mirrorproof-${id}`;
const alive = nameOwner();
/** Of this machine, from before it was started. */
const gone = alive.replace(/^([^/]+)\/[^/]+/, '$1/another-start');
const elsewhere = alive.replace(/^[^/]+/, 'another-machine');

suite('abandonedRuns', () => {
  const expected: readonly (readonly [
    title: string,
    lines: readonly string[],
    clusters: readonly string[],
    ids: readonly string[],
  ])[] = [
    ['whose process is gone', [`${id} ${gone} false`], [], [id]],
    ['with a cluster, whose process is gone', [`${id} ${gone} false`], [cluster], [id]],
    ['of which kind made the cluster after all else was removed', [], [cluster, cluster], [id]],
  ];
  for (const [title, lines, clusters, ids] of expected)
    test(`has one ${title}`, () => assert.deepEqual(abandonedRuns(lines, clusters), ids));

  const none: readonly (readonly [title: string, lines: readonly string[], clusters: readonly string[]])[] = [
    ['whose process is there', [`${id} ${alive} false`], [cluster]],
    ['whose process nobody here can look for', [`${id} ${elsewhere} false`], [cluster]],
    ['without a word of its owner', [id], [cluster]],
    ['that is kept', [`${id} ${gone} true`], [cluster]],
    [
      'that is none',
      [`x ${gone} false`, `../../etc ${gone} false`, ''],
      ['kind', 'mirrorproof-x', `my-${cluster}`, ''],
    ],
  ];
  for (const [title, lines, clusters] of none)
    test(`has none ${title}`, () => assert.deepEqual(abandonedRuns(lines, clusters), []));
});

/** A Docker engine that has what kind made after its run was cleaned up: a node and a network, neither with a label of ours. */
const docker = `#!/bin/sh
cd "\${0%/*}"
case "$*" in
  'ps --all --filter label=io.x-k8s.kind.cluster --format'*) [ -e node ] && echo ${cluster} ;;
  *'ls --quiet --no-trunc --filter name=^${cluster}$') [ -e network ] && echo network ;;
  'ps --all --quiet --no-trunc --filter label=io.x-k8s.kind.cluster=${cluster}') [ -e node ] && echo node ;;
  'rm --force --volumes node') /bin/rm node ;;
  'network rm network') /bin/rm network ;;
  rm* | 'network rm'*) echo "$*" >>removed ;;
esac
true
`;

function engineWith(
  t: TestContext,
  things: readonly string[],
): { readonly folder: string; readonly tools: Tools } {
  const folder = mkdtempSync(join(tmpdir(), 'docker-'));
  // The folders of real runs on this machine are none of its business.
  const before = process.env['TMPDIR'];
  process.env['TMPDIR'] = folder;
  t.after(() => {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
    rmSync(folder, { recursive: true });
  });
  writeFileSync(join(folder, 'docker'), docker, { mode: 0o755 });
  for (const thing of things) writeFileSync(join(folder, thing), '');
  return { folder, tools: new Tools({ PATH: folder }) };
}

suite('removeAbandonedRuns', () => {
  test('removes what kind went on to make after its run was killed and cleaned up', async (t) => {
    const { folder, tools } = engineWith(t, ['node', 'network', 'removed']);
    assert.deepEqual(await removeAbandonedRuns(tools), [id]);
    assert.deepEqual(
      ['node', 'network'].filter((thing) => existsSync(join(folder, thing))),
      [],
    );
    assert.equal(readFileSync(join(folder, 'removed'), 'utf8'), '');
  });
});

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { findBinaries } from '../../../src/proof/containerd/binaries.ts';
import { downloadReleases, wantedVersions } from '../../../src/proof/containerd/download.ts';
import { ContainerdEngine, defaultLimits } from '../../../src/proof/containerd/engine.ts';
import { programCaches } from '../../../src/proof/containerd/programCache.ts';
import { missingForRig } from '../../differential/rig.ts';
import { containerdLines, debianContainerd } from '../../support/debianPackages.ts';
import { startLocalServer } from '../../support/localServer.ts';
import { nodeProgram, planOf, runPlan } from './provedExample.ts';
import { packRelease, serveReleases, sourceAt } from './releaseServer.ts';

suite('containerd from an archive like those of its releases', { skip: missingForRig() ?? false }, () => {
  for (const line of containerdLines) {
    test(`${line} pulls without anything else of the archive`, { timeout: 120_000 }, async (t) => {
      const scratch = mkdtempSync(join(tmpdir(), 'download-'));
      t.after(() => rmSync(scratch, { recursive: true }));
      const installed = (await debianContainerd([line])).get(line);
      assert.ok(installed);
      const { version, path } = installed;
      const archives = { [version]: await packRelease(join(scratch, 'pack'), readFileSync(path)) };
      const server = await startLocalServer(serveReleases(archives));
      t.after(() => server.close());

      const registries = `mirrors: {quay.io: {endpoint: ["http://10.1.1.1:5000"]}}\nnodes: [{name: a, runtime: "containerd://${version}"}]\nimages: ["quay.io/app:1"]\n`;
      const plan = planOf({ 'registries.yaml': registries });
      const caches = programCaches({ RUNNER_TOOL_CACHE: join(scratch, 'tools'), MIRRORPROOF_CACHE: scratch });
      const wanted = wantedVersions(plan);
      assert.deepEqual(wanted, [version]);
      const report = await downloadReleases(wanted, [], caches[0], sourceAt(server.url, archives));
      assert.deepEqual(report.problems, []);

      const engine = new ContainerdEngine({
        nodeProgram,
        binaries: () => findBinaries({ named: [], path: [], caches }),
        ...defaultLimits,
      });
      const { proofs, controls } = await runPlan(engine, plan);
      const own = proofs.find(({ pull }) => pull.image === 'quay.io/app:1');
      assert.equal(own?.outcome.status, 'proved');
      assert.equal(own.runtime, `containerd ${version}`);
      assert.deepEqual(own.assumptions, []);
      assert.ok(controls.length > 0 && controls.every(({ isSound }) => isSound));
    });
  }
});

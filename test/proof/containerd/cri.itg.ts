import { testRoutes } from '../../support/testNetwork.ts';
import assert from 'node:assert/strict';
import { dirname } from 'node:path';
import { suite, test } from 'node:test';
import { missingForRig } from '../../differential/rig.ts';
import { containerdLines, debianContainerd } from '../../support/debianPackages.ts';
import { startNode } from '../../../src/proof/containerd/namespace.ts';
import type { CriAnswers } from './criNode.ts';

suite('CRI of real containerd', { skip: missingForRig() ?? false }, () => {
  for (const line of containerdLines) {
    test(`containerd ${line} pulls, lists and removes images`, async (t) => {
      const containerd = (await debianContainerd([line])).get(line);
      assert.ok(containerd);
      const node = await startNode({
        module: `${import.meta.dirname}/criNode.ts`,
        programs: dirname(containerd.path),
        routes: testRoutes,
      });
      t.after(() => node.stop());
      const answers = (await node.call({})) as CriAnswers;
      const { expectedId, expectedDigest, image } = answers;
      assert.match(answers.runtime, new RegExp(`^containerd v?${containerd.version.replaceAll('.', '\\.')}`));
      assert.equal(answers.pulled, expectedId);
      assert.equal(answers.pulledWithLogin, expectedId);
      assert.deepEqual(answers.atOnce, [expectedId, expectedId, expectedId]);
      assert.match(
        answers.missing,
        /^NotFound: failed to pull and unpack image "127\.0\.0\.1:5000\/missing\/app:1": .*: not found$/,
      );
      assert.equal(image?.id, expectedId);
      assert.ok(image.repoTags.includes('127.0.0.1:5000/team/app:1'));
      assert.ok(image.repoDigests.includes(`127.0.0.1:5000/team/app@${expectedDigest}`));
      assert.ok(answers.size > 100);
      assert.equal(answers.images, 1);
      assert.equal(answers.imagesAfterRemoval, 0);
      assert.equal(answers.imageAfterRemoval, false);
    });
  }
});

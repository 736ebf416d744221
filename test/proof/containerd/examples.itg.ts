import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { missingForRig } from '../../differential/rig.ts';
import type { ProofRun } from '../../../src/proof/summary.ts';
import { containerdLines, debianContainerd, type ContainerdLine } from '../../support/debianPackages.ts';
import { filesWithVersion, printProof, proveFiles } from './provedExample.ts';

const examples = join(import.meta.dirname, '../../../examples');

/** What is wrong in these is nothing that containerd could tell. */
const withoutPull = ['placeholder'];

/** worker-2 has a config.toml of version 3, with sections that only containerd 2.x reads. */
function isForVersion2(name: string, line: ContainerdLine): boolean {
  return name === 'section-name' && line !== '2.1';
}

/** A login in the configuration, of whatever host, keeps containerd 2.1 from its newer way to pull. */
function withLocalPull(files: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const login = 'configs: {unused.example: {auth: {username: robot, password: "${PASSWORD}"}}}\n';
  const { 'registries.yaml': registries = '' } = files;
  return registries.includes('configs:') ? files : { ...files, 'registries.yaml': `${registries}${login}` };
}

/** What a login of another host is no part of: its nodes have files of their own and nothing besides. */
const withOwnFilesOnly = ['config-path-wins'];

const variants: readonly { readonly line: ContainerdLine; readonly isLocal: boolean }[] = [
  ...containerdLines.map((line) => ({ line, isLocal: false })),
  { line: '2.1', isLocal: true },
];

/** Every refuted pull has a known cause and a line of the repository to blame. */
function assertDiagnosed({ proofs }: ProofRun): void {
  const refuted = proofs.filter(({ outcome }) => outcome.status === 'refuted');
  const unexplained = refuted.filter(
    ({ diagnosis }) => !diagnosis || diagnosis.cause === 'unknown' || !diagnosis.location || !diagnosis.fix,
  );
  assert.deepEqual(unexplained.map(printProof), []);
}

suite('prove on the examples', { skip: missingForRig() ?? false, timeout: 600_000 }, () => {
  for (const { line, isLocal } of variants) {
    for (const name of readdirSync(examples)) {
      if (isLocal && withOwnFilesOnly.includes(name)) continue;
      test(`${name} on containerd ${line}${isLocal ? ', local pull' : ''}`, async (t) => {
        const version = (await debianContainerd([line])).get(line)?.version ?? '';
        const prove = (state: string): ReturnType<typeof proveFiles> => {
          const files = filesWithVersion(join(examples, name, state), version);
          return proveFiles(line, isLocal ? withLocalPull(files) : files);
        };
        const [broken, fixed] = [await prove('broken'), await prove('fixed')];
        const isDocker = name === 'docker-node';
        const isRefuted = broken.proofs.some(({ outcome }) => outcome.status === 'refuted');
        assert.equal(isRefuted, !isDocker && !withoutPull.includes(name));
        const unproved = fixed.proofs.filter(({ outcome }) => outcome.status !== 'proved');
        if (isDocker)
          assert.match(unproved.map(printProof).join('\n'), /^inconclusive \S+ on old-1: .*dockerd[^\n]*$/);
        else if (isForVersion2(name, line))
          assert.ok(unproved.every(({ pull }) => pull.nodes.includes('worker-2')));
        else assert.deepEqual(unproved.map(printProof), []);
        for (const { isSound, text } of [...broken.controls, ...fixed.controls]) assert.ok(isSound, text);
        assertDiagnosed(broken);
        const printed = [broken, fixed].map(({ proofs }) => proofs.map(printProof).sort().join('\n'));
        const golden = join(
          import.meta.dirname,
          `../../golden/proof/${name}-${line}${isLocal ? '-local' : ''}.txt`,
        );
        t.assert.fileSnapshot(`${printed.join('\n\n')}\n`, golden, { serializers: [String] });
      });
    }
  }
});

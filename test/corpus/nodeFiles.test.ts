import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { nodeFilesInMemory } from '../../src/files/nodeFiles.ts';
import { parseHostsToml } from '../../src/hosts/hostsToml.ts';
import { containerdNode } from '../../src/nodeRoot/containerdNode.ts';
import { dockerNode } from '../../src/nodeRoot/dockerNode.ts';
import type { NodeReading } from '../../src/nodeRoot/nodeReading.ts';
import { profileFor } from '../../src/resolver/profile.ts';
import { containerd } from '../support/profiles.ts';

/** A folder with `configs/<type>`: real configurations of nodes, and what is wrong with each. */
const corpus = process.env['MIRRORPROOF_CORPUS'] ?? '';
const skip = corpus === '' && 'MIRRORPROOF_CORPUS names no corpus of real repositories';

interface Verdict {
  readonly valid: boolean;
  readonly template: boolean;
  readonly problems: readonly { readonly code: string }[];
}

interface Configuration {
  readonly name: string;
  readonly text: string;
  readonly verdict: Verdict;
}

/** The configurations of a type that are no templates. */
function configurations(type: string): readonly Configuration[] {
  if (corpus === '') return [];
  const folder = join(corpus, 'configs', type);
  const verdicts = JSON.parse(readFileSync(join(folder, 'verdicts.json'), 'utf8')) as Readonly<
    Record<string, Verdict>
  >;
  return Object.entries(verdicts)
    .filter(([, { template }]) => !template)
    .map(([name, verdict]) => ({ name, verdict, text: readFileSync(join(folder, name), 'utf8') }));
}

/** The versions that a config.toml can be meant for, by its `version`. */
const versionsOf: Readonly<Record<string, readonly string[]>> = {
  1: ['1.6.20', '1.7.34', '2.3.4'],
  2: ['1.6.20', '1.7.34', '2.0.11', '2.1.9', '2.2.7', '2.3.4'],
  3: ['2.0.11', '2.1.9', '2.2.7', '2.3.4'],
  4: ['2.3.4'],
};

function readConfig(text: string): readonly NodeReading[] {
  const [, version = '1'] = /^version *= *(\d)/m.exec(text) ?? [];
  // What a file imports is not in the corpus.
  const files = { ...nodeFilesInMemory({ '/etc/containerd/config.toml': text }), isComplete: false };
  return (versionsOf[version] ?? []).map((containerdVersion) =>
    containerdNode(files, containerd(containerdVersion)),
  );
}

function readDaemon(text: string): readonly NodeReading[] {
  const profile = profileFor({ kind: 'docker', version: '28.1.1' });
  return [dockerNode(nodeFilesInMemory({ '/etc/docker/daemon.json': text }), profile)];
}

suite('corpus: files of nodes', { skip }, () => {
  for (const [type, read] of [
    ['config.toml', readConfig],
    ['daemon.json', readDaemon],
  ] as const) {
    for (const { name, text, verdict } of configurations(type)) {
      test(`${type}/${name} is ${verdict.valid ? 'taken' : 'found to be wrong'}`, () => {
        const readings = read(text);
        assert.notEqual(readings.length, 0);
        if (verdict.valid)
          assert.deepEqual(
            readings.flatMap(({ startupError }) => startupError?.message ?? []),
            [],
          );
        else
          assert.ok(
            readings.some(({ startupError, ignored }) => startupError !== undefined || ignored.length > 0),
          );
      });
    }
  }

  const visible = new Set(['server-inside-host-table', 'no-host-table']);
  for (const { name, text, verdict } of configurations('hosts.toml')) {
    const results = ['1.7.24', '2.1.9'].map((version) =>
      parseHostsToml('hosts.toml', text, containerd(version)),
    );
    if (verdict.valid) {
      test(`hosts.toml/${name} is taken by containerd 2.1.9`, () => {
        assert.ok(results[1] && 'hostsFile' in results[1]);
      });
    } else if (verdict.problems.some(({ code }) => visible.has(code))) {
      test(`hosts.toml/${name} is found to be wrong`, () => {
        assert.ok(results.some((result) => !('hostsFile' in result) || result.ignored.length > 0));
      });
    }
  }
});

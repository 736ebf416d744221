import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { readHostsFiles } from '../../src/check/hostsFiles.ts';
import { filesInMemory } from '../../src/files/repositoryFiles.ts';
import { buildClusterNodes } from '../../src/node/clusterNodes.ts';
import { loadRegistries } from '../../src/registries/load.ts';

function readers(...runtimes: readonly string[]): readonly string[] {
  const lines = runtimes.map((runtime, index) => `- {name: node-${index}, runtime: "${runtime}"}`);
  const files = filesInMemory({ 'certs.d/quay.io/hosts.toml': 'server = "https://quay.io"\n' });
  const { nodes } = buildClusterNodes(
    loadRegistries('registries.yaml', ['nodes:', ...lines].join('\n')),
    files,
  );
  return [...readHostsFiles(files, nodes)].map(({ profile }) => profile.version);
}

suite('readHostsFiles', () => {
  test('reads as the oldest containerd of the cluster', () => {
    assert.deepEqual(readers('containerd://2.0.10', 'containerd://1.7.3', 'containerd://1.7.20'), ['1.7.3']);
  });

  test('takes a version without a patch for the newest of its line', () => {
    assert.deepEqual(readers('containerd://2.0', 'containerd://2.0.5'), ['2.0.5']);
    assert.deepEqual(readers('containerd://2.0', 'containerd://2.1.0'), ['2.0']);
  });

  test('reads nothing where only dockerd runs', () => {
    assert.deepEqual(readers('docker://28.1.0'), []);
  });
});

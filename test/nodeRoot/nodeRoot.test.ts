import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { nodeFilesInMemory } from '../../src/files/nodeFiles.ts';
import { readNodeRoot } from '../../src/nodeRoot/nodeRoot.ts';

suite('readNodeRoot', () => {
  const files = nodeFilesInMemory({
    '/etc/hostname': 'worker-1\n',
    '/etc/hosts':
      '127.0.0.1 localhost\n# 10.0.0.9 comment.test\n10.0.0.1\tHarbor.test harbor # the registry\n10.0.0.2 harbor.test\nnonsense x.test\n fd00::1 six.test\n',
    '/etc/rancher/k3s/registries.yaml':
      'mirrors:\n  docker.io:\n    endpoint: ["https://m.test"]\n  configs: {}\nmirror: {}\n',
    '/etc/docker/daemon.json': '{"registry-mirrors": ["https://m.test"]}',
  });

  test('name and names', () => {
    const { name, resolves } = readNodeRoot(files, { kind: 'containerd', version: '1.7.24' });
    assert.equal(name, 'worker-1');
    const names = [...resolves].map(([host, { value, location }]) => [host, value, location.start.line]);
    assert.deepEqual(names, [
      ['localhost', '127.0.0.1', 1],
      ['harbor.test', '10.0.0.1', 3],
      ['harbor', '10.0.0.1', 3],
      ['six.test', 'fd00::1', 6],
    ]);
  });

  test('each runtime reads its own files', () => {
    const forms = (['containerd', 'k3s', 'rke2', 'docker', 'unknown'] as const).map((kind) => {
      const { configuration } = readNodeRoot(files, { kind, version: '1.7.24' });
      return [kind, configuration.profile.runtime, configuration.registry.form];
    });
    assert.deepEqual(forms, [
      ['containerd', 'containerd', 'inline'],
      ['k3s', 'k3s', 'hosts-directory'],
      ['rke2', 'rke2', 'hosts-directory'],
      ['docker', 'docker', 'docker'],
      ['unknown', 'unknown', 'inline'],
    ]);
  });

  test('k3s makes hosts directories of its registries.yaml and is silent about unknown keys', () => {
    const { configuration, ignored, startupError } = readNodeRoot(files, { kind: 'k3s', version: '1.7.24' });
    assert.ok(configuration.registry.form === 'hosts-directory');
    assert.deepEqual([...(configuration.registry.roots[0]?.directories.keys() ?? [])], ['docker.io']);
    assert.equal(startupError, undefined);
    const lines = ignored.map(({ location: { file, start } }) => `${file}:${start.line}`);
    assert.ok(lines.includes('etc/rancher/k3s/registries.yaml:5'), lines.join(' '));
  });

  test('k3s does not start with a file that is no YAML', () => {
    const broken = nodeFilesInMemory({ '/etc/rancher/k3s/registries.yaml': 'mirrors: [\n' });
    const { startupError } = readNodeRoot(broken, { kind: 'k3s' });
    assert.match(startupError?.message ?? '', /^k3s does not start: this is no valid YAML/);
  });

  test('a node without files is as its runtime comes', () => {
    for (const kind of ['containerd', 'k3s', 'docker'] as const) {
      const { name, ignored, startupError, resolves } = readNodeRoot(nodeFilesInMemory({}), { kind });
      assert.deepEqual([name, ignored, startupError, resolves.size], [undefined, [], undefined, 0]);
    }
  });
});

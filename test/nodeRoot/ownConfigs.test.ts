import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { filesInMemory } from '../../src/files/repositoryFiles.ts';
import { buildClusterNodes } from '../../src/node/clusterNodes.ts';
import { configureNodes, type ConfiguredNodes } from '../../src/nodeRoot/ownConfigs.ts';
import { repositoryNodeFiles } from '../../src/nodeRoot/repositoryNodeFiles.ts';
import { loadRegistries } from '../../src/registries/load.ts';

const configPath =
  'version = 2\n[plugins."io.containerd.grpc.v1.cri".registry]\nconfig_path = "/etc/containerd/certs.d"\n';
const hosts = '[host."https://m.test"]\n';

function configure(files: Readonly<Record<string, string>>): ConfiguredNodes {
  const registries = loadRegistries('registries.yaml', files['registries.yaml'] ?? '');
  const repository = filesInMemory(files);
  return configureNodes(buildClusterNodes(registries, repository).nodes, repository);
}

function directoriesOf({ nodes }: ConfiguredNodes): readonly string[] {
  const registry = nodes[0]?.configuration.registry;
  assert.ok(registry?.form === 'hosts-directory');
  return registry.roots.flatMap(({ directories }) => [...directories.keys()]);
}

const node = (path: string, more = ''): string =>
  `nodes:\n  - name: a\n    runtime: containerd://1.7.34\n    containerdConfig: ${path}\n${more}`;

suite('configureNodes', () => {
  test('a node of which registries.yaml says nothing has the configuration of its own files', () => {
    const configured = configure({
      'registries.yaml': node('nodes/a/etc/containerd/config.toml'),
      'nodes/a/etc/containerd/config.toml': configPath,
      'nodes/a/etc/containerd/certs.d/reg.test/hosts.toml': hosts,
      'nodes/b/etc/containerd/certs.d/other.test/hosts.toml': hosts,
    });
    assert.deepEqual(directoriesOf(configured), ['reg.test']);
    assert.equal(configured.nodes[0]?.isUnchanged, true);
  });

  test('what registries.yaml says counts, and other settings stay', () => {
    const configured = configure({
      'registries.yaml':
        `mirrors:\n  docker.io:\n    endpoint: ["https://m.test"]\n${node('nodes/a/etc/containerd/config.toml')}`.replace(
          '1.7.34',
          '2.1.9',
        ),
      'nodes/a/etc/containerd/config.toml': `version = 3\n[plugins."io.containerd.cri.v1.images"]\ndiscard_unpacked_layers = true\n`,
      'nodes/a/etc/containerd/certs.d/reg.test/hosts.toml': hosts,
    });
    assert.deepEqual(directoriesOf(configured), ['docker.io']);
    assert.equal(configured.nodes[0]?.configuration.forcesLocalPull, true);
    assert.equal(configured.nodes[0].isUnchanged, undefined);
  });

  test('a file is read once for each version, and one that is not there not at all', () => {
    const nodes = ['1.7.34', '1.7.34', '2.1.9'].map(
      (version, index) =>
        `  - name: n${index}\n    runtime: containerd://${version}\n    containerdConfig: c.toml\n`,
    );
    const { ownConfigs } = configure({
      'registries.yaml': `nodes:\n${nodes.join('')}`,
      'c.toml': configPath,
    });
    assert.deepEqual(
      ownConfigs.map(({ nodes: of }) => of.map(({ name }) => name)),
      [['n0', 'n1'], ['n2']],
    );
    assert.deepEqual(configure({ 'registries.yaml': node('missing.toml') }).ownConfigs, []);
  });

  test('a missing import may be on the node', () => {
    const { ownConfigs } = configure({
      'registries.yaml': node('c.toml'),
      'c.toml': 'version = 2\nimports = ["/opt/x.toml", "y.toml"]\n',
    });
    assert.equal(ownConfigs[0]?.config.startupError, undefined);
  });
});

suite('repositoryNodeFiles', () => {
  const repository = filesInMemory({
    'a/etc/containerd/config.toml': 'root',
    'a/etc/containerd/conf.d/x.toml': '',
    'a/etc/docker/certs.d/reg/hosts.toml': '',
    'b/worker.toml': 'lone',
    'b/certs.d/reg/hosts.toml': '',
    'etc/containerd/config.toml': 'top',
    'top.toml': '',
    'z.txt': '',
  });

  test('a path that ends in etc/containerd/config.toml is in the root of a node', () => {
    const files = repositoryNodeFiles(repository, 'a/etc/containerd/config.toml');
    assert.deepEqual(files.list('/etc/containerd'), ['conf.d', 'config.toml']);
    assert.deepEqual(files.list('/etc/docker/certs.d/reg'), ['hosts.toml']);
    assert.equal(files.kindOf('/etc/docker'), 'directory');
    assert.equal(files.kindOf('/etc/docker/certs.d/reg/hosts.toml'), 'file');
    assert.equal(files.kindOf('/etc/nothing'), undefined);
    assert.equal(files.nameOf('/etc/docker'), 'a/etc/docker');
    assert.equal(files.kindOf('/worker.toml'), undefined);
  });

  test('a node may be the repository itself', () => {
    const files = repositoryNodeFiles(repository, 'etc/containerd/config.toml');
    assert.deepEqual(files.read('/etc/containerd/config.toml'), { text: 'top' });
    assert.deepEqual(files.list('/'), ['a', 'b', 'etc', 'top.toml', 'z.txt']);
    assert.equal(files.nameOf('/etc/containerd/config.toml'), 'etc/containerd/config.toml');
  });

  test('any other folder stands for /etc/containerd', () => {
    const files = repositoryNodeFiles(repository, 'b/worker.toml');
    assert.deepEqual(files.read('/etc/containerd/config.toml'), { text: 'lone' });
    assert.deepEqual(files.list('/etc/containerd'), ['certs.d']);
    assert.deepEqual(files.list('/etc/containerd/certs.d/reg'), ['hosts.toml']);
    assert.equal(files.read('/etc/hosts'), undefined);
    assert.deepEqual(files.list('/etc'), []);
    assert.equal(repositoryNodeFiles(repository, 'top.toml').nameOf('/etc/containerd/certs.d'), 'certs.d');
  });

  test('nothing outside of the repository is read', () => {
    const files = repositoryNodeFiles(repository, 'a/etc/containerd/config.toml');
    assert.equal(files.read('/../../z.txt'), undefined);
  });
});

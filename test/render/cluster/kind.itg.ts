import assert from 'node:assert/strict';
import { chmod, copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { parse } from 'smol-toml';
import { readFolder } from '../../../src/files/folder.ts';
import { writeFolder } from '../../../src/files/writeFolder.ts';
import { run, type Completed } from '../../../src/process/process.ts';
import {
  containerdLines,
  debianContainerd,
  debianKinds,
  missingForPackages,
} from '../../support/debianPackages.ts';
import { renderClusterOf, renderRegistries, type RenderedCluster } from './renderRegistries.ts';

// The real kind reads kind.yaml, makes its containers of it (what it says to docker is written down), and patches containerd's
// configuration on each of them, up to the point where it starts Kubernetes.

const missing = missingForPackages();

/** What kind has done to one node. */
interface KindNode {
  /** Of `docker run`. */
  readonly arguments: readonly string[];
  /** The file that kubeadm gets. */
  readonly kubeadm: string;
  /** The `config.toml` of containerd as kind leaves it. */
  readonly config: string;
}

/** A kind node's own configuration as far as it matters. */
const nodeConfig =
  'version = 2\n\n[plugins."io.containerd.grpc.v1.cri".containerd]\n  snapshotter = "overlayfs"\n';

let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kind-'));
  await mkdir(join(folder, 'programs'));
  await copyFile(join(import.meta.dirname, 'docker.sh'), join(folder, 'programs/docker'));
  await chmod(join(folder, 'programs/docker'), 0o755);
});
after(() => rm(folder, { recursive: true, force: true }));

/** Runs `kind create cluster` in the folder of a rendered tree. */
async function createCluster(kind: string, rendered: RenderedCluster): Promise<[Completed, string, string]> {
  const out = await mkdtemp(join(folder, 'out-'));
  const double = await mkdtemp(join(folder, 'docker-'));
  await writeFile(join(double, 'config.toml'), nodeConfig);
  writeFolder(out, rendered.files);
  const completed = await run({
    file: kind,
    args: ['create', 'cluster', '--retain', '--config', 'kind.yaml'],
    directory: join(out, 'cluster'),
    environment: {
      PATH: `${join(folder, 'programs')}:/usr/bin:/bin`,
      HOME: double,
      DOCKER_DOUBLE: double,
      KIND_EXPERIMENTAL_PROVIDER: 'docker',
    },
  });
  return [completed, join(double, 'nodes'), join(out, 'cluster')];
}

async function nodesOf(nodes: string): Promise<Map<string, KindNode>> {
  const read = async (name: string, file: string): Promise<string> =>
    readFile(join(nodes, name, file), 'utf8');
  const entries = (await readdir(nodes)).map(async (name): Promise<[string, KindNode]> => [
    name,
    {
      arguments: (await read(name, 'arguments')).split('\n'),
      kubeadm: await read(name, 'kubeadm.conf'),
      config: await read(name, 'config.toml'),
    },
  ]);
  return new Map(await Promise.all(entries));
}

function mountOf(node: KindNode | undefined): string | undefined {
  return node?.arguments.find((argument) => argument.endsWith(':/etc/containerd/certs.d:ro'));
}

/** The registry section of a configuration of version 2. */
function registryOf({ config }: KindNode): unknown {
  const { plugins } = structuredClone(parse(config)) as unknown as {
    readonly plugins: Readonly<Record<string, { readonly registry: unknown }>>;
  };
  return plugins['io.containerd.grpc.v1.cri']?.registry;
}

const kinds = missing === undefined ? await debianKinds() : [];

for (const kind of kinds) {
  suite(`kind ${kind.version} of Debian`, { skip: missing }, () => {
    test('takes the cluster and makes of it what is meant', async () => {
      const rendered = renderClusterOf(readFolder(join(import.meta.dirname, 'rich'), { manifests: [] }));
      const [completed, folderOfNodes, out] = await createCluster(kind.path, rendered);
      assert.match(completed.stderr, /no Kubernetes here/);
      const nodes = await nodesOf(folderOfNodes);
      assert.deepEqual([...nodes.keys()].sort(), ['kind-control-plane', 'kind-worker', 'kind-worker2']);
      const mount = (name: string): string =>
        `--volume=${out}/kind/${name}/etc/containerd/certs.d:/etc/containerd/certs.d:ro`;
      assert.equal(mountOf(nodes.get('kind-control-plane')), mount('control'));
      assert.equal(mountOf(nodes.get('kind-worker')), mount('control'));
      assert.equal(mountOf(nodes.get('kind-worker2')), mount('edge-1'));
      assert.ok((await readdir(join(out, 'kind/edge-1/etc/containerd/certs.d'))).includes('docker.io'));
      assert.match(
        nodes.get('kind-worker2')?.kubeadm ?? '',
        /node-labels: "?(?=[^\n]*pool=edge)(?=[^\n]*topology\.kubernetes\.io\/zone=edge)/,
      );
      for (const node of nodes.values()) {
        assert.deepEqual(registryOf(node), {
          config_path: '/etc/containerd/certs.d',
          configs: {
            'artifactory.example.net': { auth: { identitytoken: '${ARTIFACTORY_TOKEN}' } },
            'harbor.example.net': { auth: { username: 'robot$pull', password: '${HARBOR_PASSWORD}' } },
            'registry-1.docker.io': { auth: { username: 'example', password: '${HUB_PASSWORD}' } },
          },
        });
      }
    });

    test('takes hostile names and texts as they are', async () => {
      // Without U+0085 and U+2028: kind loses them itself, since it reads JSON as YAML.
      const username = '"\'\\\n[x]\n---\n# \u202E\u{E0001}\t${HOME}`id`';
      const rendered = renderRegistries({
        mirrors: { 'docker.io': { endpoint: ['http://a:5000'] } },
        configs: { 'a:5000': { auth: { username, password: '${PASS}' } } },
        nodes: [{ name: '../../etc:x,\n"', labels: { 'a"b': 'c', ok: 'no,kubeadm=1', fine: 'true' } }],
      });
      const [completed, folderOfNodes, out] = await createCluster(kind.path, rendered);
      assert.match(completed.stderr, /no Kubernetes here/);
      const [[, node] = []] = await nodesOf(folderOfNodes);
      assert.ok(node);
      const { configs } = registryOf(node) as { configs: unknown };
      assert.deepEqual(configs, { 'a:5000': { auth: { username, password: '${PASS}' } } });
      const source = mountOf(node)?.slice('--volume='.length, -':/etc/containerd/certs.d:ro'.length) ?? '';
      assert.equal(dirname(dirname(dirname(dirname(source)))), join(out, 'kind'));
      assert.ok((await readdir(source)).includes('docker.io'));
      assert.match(node.kubeadm, /node-labels: "?fine=true"?\n/);
    });

    test('refuses a key that it does not know: it reads the file strictly', async () => {
      const rendered = renderRegistries({ mirrors: { 'docker.io': { endpoint: ['http://a:5000'] } } });
      const files = [...rendered.files].map(([path, text]): [string, string] => [
        path,
        text.replace('extraMounts', 'moreMounts'),
      ]);
      const [completed] = await createCluster(kind.path, { ...rendered, files: new Map(files) });
      assert.match(completed.stderr, /field moreMounts not found/);
    });
  });
}

suite('containerd', { skip: missing }, () => {
  test('takes the configuration that kind makes', async () => {
    const [kind] = kinds;
    assert.ok(kind);
    const rendered = renderRegistries({
      mirrors: { 'docker.io': { endpoint: ['http://a:5000'] } },
      configs: { 'a:5000': { auth: { username: 'robot', password: '${PASS}' } } },
    });
    const [, nodes] = await createCluster(kind.path, rendered);
    const file = join(nodes, 'kind-control-plane/config.toml');
    for (const { path, version } of (await debianContainerd(containerdLines)).values()) {
      const dump = await run({ file: path, args: ['--config', file, 'config', 'dump'] });
      assert.match(dump.stdout, /config_path = ['"]\/etc\/containerd\/certs\.d['"]/, version);
      assert.match(dump.stdout, /username = ['"]robot['"]/, version);
    }
  });
});

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { parse } from 'smol-toml';
import { parse as parseYaml, parseAllDocuments } from 'yaml';
import { readFolder } from '../../../src/files/folder.ts';
import { filesInMemory } from '../../../src/files/repositoryFiles.ts';
import { fileOf, renderClusterOf, renderRegistries, type RenderedCluster } from './renderRegistries.ts';

const root = join(import.meta.dirname, '..', '..', '..');

const repositories: readonly (readonly [name: string, folder: string])[] = [
  ['air-gapped-upstreams', 'examples/air-gapped-upstreams/fixed'],
  ['harbor-https-private', 'examples/harbor-https-private/fixed'],
  ['http-registry', 'examples/http-registry/fixed'],
  ['rich', 'test/render/cluster/rich'],
];

function renderFolder(folder: string): RenderedCluster {
  return renderClusterOf(readFolder(join(root, folder), { manifests: [] }));
}

function treeText({ files, unexpressed }: RenderedCluster): string {
  const lines = unexpressed.map(({ target, what, location }) => {
    const place = location ? `${location.file}:${location.start.line}:${location.start.column}` : 'nowhere';
    return `${place}: ${target}: ${what}\n`;
  });
  const trees = [...files].map(([path, text]) => `==> ${path} <==\n${text}\n`);
  return `${trees.join('')}==> not expressed <==\n${lines.join('')}`;
}

suite('the files for the cluster', () => {
  for (const [name, folder] of repositories) {
    test(`${name}: they are the reviewed ones`, (context) => {
      const golden = join(root, 'test/golden/cluster', `${name}.txt`);
      context.assert.fileSnapshot(treeText(renderFolder(folder)), golden, { serializers: [String] });
    });

    if (name === 'http-registry') continue; // All of it is expressed.
    test(`${name}: each item that is not expressed stands in the heading of a file too`, () => {
      const { files, unexpressed } = renderFolder(folder);
      assert.ok(unexpressed.length > 0);
      const texts = [...files.values()].join('');
      for (const { what } of unexpressed) assert.ok(texts.includes(`# - ${what}\n`), what);
    });
  }

  test('there are none where registries.yaml says nothing', () => {
    assert.equal(renderRegistries({ nodes: [{ name: 'a' }] }).files.size, 0);
    assert.equal(renderRegistries({ mirrors: { 'docker.io': { endpoint: [] } } }).files.size, 0);
    assert.equal(
      renderRegistries({ mirrors: { 'docker.io': { endpoint: ['no url at all'] } } }).files.size,
      0,
    );
  });

  test('the order of nodes that are configured alike changes no file but for names', () => {
    const registries = { mirrors: { 'docker.io': { endpoint: ['http://a:5000'] } } };
    const one = renderRegistries({ ...registries, nodes: [{ name: 'a' }, { name: 'b' }] });
    const other = renderRegistries({ ...registries, nodes: [{ name: 'a' }, { name: 'b' }, { name: 'c' }] });
    assert.deepEqual(one.files, other.files);
  });

  test('nodes that are configured differently have a folder each, and one without settings has none', () => {
    const endpoint = (url: string): object => ({ mirrors: { 'docker.io': { endpoint: [url] } } });
    const { files } = renderRegistries({
      nodes: [
        { name: 'a', ...endpoint('http://a:5000') },
        { name: 'b' },
        { name: 'c', ...endpoint('http://c:5000') },
        { name: 'd', ...endpoint('http://a:5000') },
      ],
    });
    const folders = [...files.keys()].filter((path) => path.endsWith('talos.yaml'));
    assert.deepEqual(folders, ['cluster/nodes/a/talos.yaml', 'cluster/nodes/c/talos.yaml']);
    assert.match(files.get('cluster/nodes/a/talos.yaml') ?? '', /^# For a and d only\.\n/);
    assert.match(files.get('cluster/README.md') ?? '', /^\| `b` \| no settings \|$/m);
  });

  test('a node that keeps its own files is named and left out', () => {
    const { files } = renderClusterOf(
      filesInMemory({
        'registries.yaml': JSON.stringify({
          nodes: [
            { name: 'a', mirrors: { 'docker.io': { endpoint: ['http://a:5000'] } } },
            { name: 'own', runtime: 'containerd://1.7.24', containerdConfig: 'own.toml' },
          ],
        }),
        'own.toml': 'version = 2\n',
      }),
    );
    assert.match(files.get('cluster/README.md') ?? '', /^\| `own` \| keep their own files \|$/m);
    assert.deepEqual(
      [...files.keys()].filter((path) => path.includes('own')),
      [],
    );
  });
});

suite('kind.yaml', () => {
  const zones = Array.from({ length: 12 }, (_, index) => ({
    name: `n${index}`,
    mirrors: { 'docker.io': { endpoint: [`http://m${index}.example.net`] } },
  }));

  test('has no more nodes than a machine can take, and says which are left out', () => {
    const { files, unexpressed } = renderRegistries({ nodes: zones });
    const { nodes } = parseYaml(fileOf({ files, unexpressed }, 'cluster/kind.yaml'));
    assert.equal(nodes.length, 9);
    const what = unexpressed.filter(({ target }) => target === 'kind').map((entry) => entry.what);
    assert.deepEqual(what, ['n8, n9, n10 and n11: only the first 8 configurations have a node here']);
  });

  test('mounts a folder that is rendered for each node with settings', () => {
    const { files, unexpressed } = renderRegistries({ nodes: [...zones.slice(0, 2), { name: 'plain' }] });
    const { nodes } = parseYaml(fileOf({ files, unexpressed }, 'cluster/kind.yaml'));
    const mounts = nodes.map(
      (node: { extraMounts?: { hostPath: string }[] }) => node.extraMounts?.[0]?.hostPath,
    );
    const [first, second] = ['./kind/n0/etc/containerd/certs.d', './kind/n1/etc/containerd/certs.d'];
    assert.deepEqual(mounts, [first, first, second, undefined]);
    for (const name of ['n0', 'n1'])
      assert.ok(files.has(`cluster/kind/${name}/etc/containerd/certs.d/docker.io/hosts.toml`));
  });

  test('has hosts directories whatever the runtime of the node is', () => {
    for (const runtime of ['docker://20.10.24', 'k3s://v1.31.4', 'containerd://1.6.20', 'cri-o://1.30.0']) {
      const { files } = renderRegistries({
        mirrors: { 'docker.io': { endpoint: ['http://a:5000'] } },
        nodes: [{ name: 'a', runtime, ...(runtime.endsWith('1.6.20') && { configPath: '' }) }],
      });
      const path = 'cluster/kind/a/etc/containerd/certs.d/docker.io/hosts.toml';
      assert.match(files.get(path) ?? '', /^\[host\."http:\/\/a:5000"\]$/m, runtime);
    }
  });
});

suite('registries.conf', () => {
  const tables = (rendered: RenderedCluster): unknown =>
    structuredClone(parse(fileOf(rendered, 'cluster/registries.conf.d/50-mirrorproof.conf'))['registry']);

  test('asks no other place for a registry with a port because one without it has a mirror', () => {
    const mirrors = { 'a.example.net': { endpoint: ['https://b.example.net'] } };
    assert.deepEqual(
      tables(renderRegistries({ mirrors }, ['a.example.net:5000/x:1', 'c.example.net:5000/x:1'])),
      [
        { prefix: 'a.example.net', location: 'a.example.net', mirror: [{ location: 'b.example.net' }] },
        { prefix: 'a.example.net:5000', location: 'a.example.net:5000' },
      ],
    );
  });

  test('never says of one location that it is insecure and that it is not', () => {
    const mirrors = {
      'a.example.net': { endpoint: ['https://a.example.net', 'https://b.example.net'] },
      'b.example.net': { endpoint: ['http://b.example.net'] },
    };
    const rendered = renderRegistries({ mirrors });
    assert.deepEqual(tables(rendered), [
      {
        prefix: 'a.example.net',
        location: 'b.example.net',
        insecure: true,
        mirror: [{ location: 'a.example.net' }],
      },
      { prefix: 'b.example.net', location: 'b.example.net', insecure: true },
    ]);
    assert.match(
      rendered.unexpressed.map(({ what }) => what).join('\n'),
      /^the check of the certificate of b\./m,
    );
  });
});

suite('talos.yaml', () => {
  const documents = (rendered: RenderedCluster): unknown[] =>
    parseAllDocuments(fileOf(rendered, 'cluster/talos.yaml')).map((document) => document.toJS());

  test('lists the registry itself where its TLS settings count', () => {
    const rendered = renderRegistries({
      mirrors: { 'docker.io': { endpoint: ['http://a:5000'] } },
      configs: { 'docker.io': { tls: { insecure_skip_verify: true } } },
    });
    const [mirror, tls] = documents(rendered);
    assert.deepEqual(mirror, {
      apiVersion: 'v1alpha1',
      kind: 'RegistryMirrorConfig',
      name: 'docker.io',
      endpoints: [{ url: 'http://a:5000' }, { url: 'https://registry-1.docker.io' }],
      skipFallback: true,
    });
    assert.deepEqual(tls, {
      apiVersion: 'v1alpha1',
      kind: 'RegistryTLSConfig',
      name: 'registry-1.docker.io',
      insecureSkipVerify: true,
    });
  });

  test('has no TLS settings for a host that is asked by plain HTTP: Talos could pull nothing with them', () => {
    const rendered = renderRegistries({
      mirrors: {
        'a.example.net': { endpoint: ['http://m.example.net'] },
        'b.example.net': { endpoint: ['https://m.example.net'] },
      },
      configs: { 'm.example.net': { tls: { insecure_skip_verify: true } } },
    });
    assert.ok(!fileOf(rendered, 'cluster/talos.yaml').includes('RegistryTLSConfig'));
    assert.match(
      rendered.unexpressed.map(({ what }) => what).join('\n'),
      /^TLS settings of m\.example\.net: /m,
    );
  });
});

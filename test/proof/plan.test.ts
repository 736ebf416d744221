import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { filesInMemory } from '../../src/files/repositoryFiles.ts';
import { analyse } from '../../src/pipeline/run.ts';
import { planProofs, type PlannedNode } from '../../src/proof/plan.ts';
import type { StandIn, Surroundings } from '../../src/proof/surroundings.ts';

function plan(files: Readonly<Record<string, string>>, isAirGapped = false): readonly PlannedNode[] {
  const analysis = analyse(filesInMemory(files), { substitutions: new Map() });
  return planProofs(analysis, { catalogs: [], isAirGapped }).nodes;
}

function planYaml(registries: string, isAirGapped = false): readonly PlannedNode[] {
  return plan({ 'registries.yaml': registries }, isAirGapped);
}

function surroundings([node]: readonly PlannedNode[]): Surroundings {
  assert.ok(node?.setting.ok);
  return node.setting.surroundings;
}

function standIns(registries: string, isAirGapped = false): readonly string[] {
  return surroundings(planYaml(registries, isAirGapped)).standIns.map(print).toSorted();
}

function print({ hostname, port, protocols, authority }: StandIn): string {
  const trust = protocols.includes('https') ? ` ${authority}` : '';
  return `${protocols.join('+')} ${hostname}:${port}${trust}`;
}

const images = (...names: readonly string[]): string =>
  `images:\n${names.map((name) => `  - "${name}"\n`).join('')}`;

suite('the registries around a node', () => {
  test('speak what an endpoint says on any node', () => {
    const nodes =
      'nodes:\n  - {name: a}\n  - {name: b, mirrors: {"10.1.1.1:5000": {endpoint: ["http://10.1.1.1:5000"]}}}\n';
    assert.deepEqual(standIns(`${nodes}${images('10.1.1.1:5000/app')}`), ['http 10.1.1.1:5000']);
  });

  test('are those that references name, with a certificate that every node trusts if they are public', () => {
    assert.deepEqual(standIns(images('nginx', 'registry.example.com/app', 'ghcr.io/app')), [
      'https ghcr.io:443 system',
      'https registry-1.docker.io:443 system',
      'https registry.example.com:443 system',
    ]);
  });

  test('have a certificate of a private authority where the configuration has something to say of it', () => {
    const configs = (tls: string): string =>
      `configs: {harbor.example.net: {tls: {${tls}}}}\n${images('harbor.example.net/app')}`;
    for (const tls of ['ca_file: /ca.crt', 'insecure_skip_verify: true', 'cert_file: /c, key_file: /k']) {
      assert.deepEqual(standIns(configs(tls)), ['https harbor.example.net:443 private']);
    }
    assert.deepEqual(standIns(images('10.1.1.1/app')), ['https 10.1.1.1:443 private']);
  });

  test('are taken for plain HTTP at a private address with its port, unless something goes with TLS only', () => {
    assert.deepEqual(standIns(images('10.1.1.1:5000/app')), ['http 10.1.1.1:5000']);
    const ca = 'configs: {"10.1.1.1:5000": {tls: {ca_file: /ca.crt}}}\n';
    assert.deepEqual(standIns(ca + images('10.1.1.1:5000/app')), ['https 10.1.1.1:5000 private']);
    assert.deepEqual(standIns(images('10.1.1.1:8443/app')), ['https 10.1.1.1:8443 private']);
  });

  test('do not have the registry whose images come from a mirror', () => {
    const mirror = (host: string, endpoint = 'http://10.1.1.1:5000'): string =>
      `mirrors: {"${host}": {endpoint: ["${endpoint}"]}}\n${images('nginx')}`;
    assert.deepEqual(standIns(mirror('docker.io')), ['http 10.1.1.1:5000']);
    assert.deepEqual(standIns(mirror('*')), ['http 10.1.1.1:5000']);
    assert.deepEqual(standIns(mirror('docker.io', 'http://10.1.1.1:0')), []);
    assert.deepEqual(standIns(mirror('quay.io')), [
      'http 10.1.1.1:5000',
      'https registry-1.docker.io:443 system',
    ]);
  });

  test('have no public registry where nodes have no way there', () => {
    assert.deepEqual(standIns(images('nginx', '10.1.1.1/app'), true), ['https 10.1.1.1:443 private']);
    const checks = 'checks: {leaves-mirrors: error}\n';
    assert.deepEqual(standIns(checks + images('nginx', '10.1.1.1/app')), ['https 10.1.1.1:443 private']);
  });

  test('have none for a name that only cluster DNS knows, and none where its Service is no longer', () => {
    const name = 'registry.kube-system.svc.cluster.local:5000';
    const service = (address: string): string =>
      `apiVersion: v1\nkind: Service\nmetadata: {name: registry, namespace: kube-system}\nspec: {clusterIP: ${address}}\n`;
    const files = (endpoint: string, clusterIP: string): Readonly<Record<string, string>> => ({
      'registries.yaml': `mirrors: {"${name}": {endpoint: ["http://${endpoint}:5000"]}}\n${images(`${name}/app`)}`,
      'service.yaml': service(clusterIP),
    });
    const texts = (given: Readonly<Record<string, string>>): readonly string[] =>
      surroundings(plan(given)).standIns.map(print);
    assert.deepEqual(texts(files(name.replace(':5000', ''), '10.96.0.7')), []);
    assert.deepEqual(texts(files('10.96.0.8', '10.96.0.7')), []);
    assert.deepEqual(texts(files('10.96.0.7', '10.96.0.7')), ['http 10.96.0.7:5000']);
  });

  test('are where the node resolves their names to', () => {
    const node = 'nodes: [{name: a, resolves: {Harbor.example.net: 10.7.7.7}}]\n';
    const {
      standIns: found,
      hosts,
      names,
    } = surroundings(planYaml(node + images('harbor.example.net/app', 'quay.io/b')));
    assert.deepEqual(hosts, { 'harbor.example.net': '10.7.7.7' });
    assert.deepEqual(names, { 'quay.io': '198.18.0.1' });
    assert.deepEqual(
      found.map(({ address }) => address),
      ['10.7.7.7', '198.18.0.1'],
    );
  });
});

suite('planProofs', () => {
  test('says which hosts a node cannot reach, whatever others reach', () => {
    const service = 'reg.kube-system.svc:5000';
    const own = `nodes: [{name: a, resolves: {reg.kube-system.svc: 10.1.1.1}}]\n`;
    const list = images(`${service}/app`, 'nginx', '10.1.1.2/app');
    const cutOff = (registries: string): readonly string[] | undefined => planYaml(registries)[0]?.cutOff;
    assert.deepEqual(cutOff(list), [service]);
    assert.deepEqual(cutOff(own + list), []);
    const airGapped = `checks: {leaves-mirrors: error}\n${list}`;
    assert.deepEqual(cutOff(airGapped), [service, 'registry-1.docker.io:443']);
  });

  test('groups nodes that are the same in everything, their names included', () => {
    const nodes = 'nodes: [{name: a}, {name: b}, {name: c, resolves: {x.example: 10.1.1.1}}]\n';
    const planned = planYaml(nodes + images('nginx'));
    assert.deepEqual(
      planned.map((node) => node.nodes),
      [['a', 'b'], ['c']],
    );
  });

  test('tells uses with different logins apart', () => {
    const pod = (name: string, secrets: string): string =>
      `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}}\nspec: {${secrets}containers: [{name: c, image: quay.io/app:1}]}\n`;
    const files = {
      'a.yaml': pod('a', ''),
      'b.yaml': pod('b', 'imagePullSecrets: [{name: x}], '),
      'c.yaml': pod('c', ''),
    };
    const [node] = plan(files);
    assert.deepEqual(
      node?.pulls.map(({ uses, missingSecrets }) => [uses.length, missingSecrets]),
      [
        [2, []],
        [1, ['x']],
      ],
    );
    assert.equal(new Set(node?.pulls.map(({ id }) => id)).size, 2);
  });

  test('takes no secret of the repository along', () => {
    const configs = 'configs: {"10.1.1.1:5000": {auth: {username: robot, password: "hunter22"}}}\n';
    const mirrors = 'mirrors: {docker.io: {endpoint: ["http://10.1.1.1:5000"]}}\n';
    const { files } = surroundings(planYaml(configs + mirrors + images('nginx')));
    assert.doesNotMatch(Object.values(files).join('\n'), /hunter22|= "\$\{/);
  });

  test("has a node's own files, wherever its config.toml is", () => {
    const config =
      'version = 2\n[plugins."io.containerd.grpc.v1.cri".registry.mirrors."docker.io"]\nendpoint = ["http://10.1.1.1:5000"]\n';
    for (const path of [
      'nodes/a/config.toml',
      'nodes/a/etc/containerd/config.toml',
      'etc/containerd/config.toml',
    ]) {
      const nodes = `nodes: [{name: a, runtime: "containerd://1.7.24", containerdConfig: ${path}}]\n`;
      const { files, standIns: found } = surroundings(
        plan({ 'registries.yaml': nodes + images('nginx'), [path]: config }),
      );
      assert.deepEqual(files, { '/etc/containerd/config.toml': config });
      assert.deepEqual(found.map(print), ['http 10.1.1.1:5000', 'https registry.k8s.io:443 system']);
    }
  });

  test('takes a config.toml as it stands where its version does not read what it says of images', () => {
    const path = 'nodes/a/config.toml';
    const config =
      'version = 2\n[plugins."io.containerd.cri.v1.images".registry]\nconfig_path = "/etc/containerd/certs.d"\n';
    const nodes = `mirrors: {docker.io: {endpoint: ["http://10.1.1.1:5000"]}}\nnodes: [{name: a, runtime: "containerd://1.7.24", containerdConfig: ${path}}]\n`;
    const { files, assumptions } = surroundings(
      plan({ 'registries.yaml': nodes + images('nginx'), [path]: config }),
    );
    assert.equal(files['/etc/containerd/config.toml'], config);
    assert.ok(files['/etc/containerd/certs.d/docker.io/hosts.toml']);
    assert.match(assumptions.join(), /taken as it stands/);
  });

  test('says why nothing can be tried on nodes with another runtime', () => {
    const nodes = 'nodes: [{name: a, runtime: "docker://28.1.0"}, {name: b, runtime: "cri-o://1.30.0"}]\n';
    const reasons = planYaml(nodes + images('nginx')).map(({ setting }) =>
      setting.ok ? '' : setting.reason,
    );
    assert.match(reasons[0] ?? '', /dockerd/);
    assert.match(reasons[1] ?? '', /its runtime is not containerd/);
  });

  test('says of a rewrite that only k3s does it', () => {
    const nodes = 'nodes: [{name: a, runtime: "k3s://1.7.24"}]\n';
    const mirrors =
      'mirrors: {docker.io: {endpoint: ["http://10.1.1.1:5000"], rewrite: {"^library/(.*)": "hub/$1"}}}\n';
    const [node] = planYaml(nodes + mirrors + images('nginx'));
    assert.match(node?.pulls[0]?.unprovable ?? '', /rewritten/);
  });
});

import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { PathChange } from '../../src/diff/comparePulls.ts';
import { compare, deployment, registries, type Files } from './states.ts';

const nodes = ['a', 'b', 'c'];

function endpoints({ before, after }: PathChange): readonly (readonly string[])[] {
  return [before, after].map((path) => (path.ok ? path.steps.map(({ endpoint }) => endpoint) : [path.error]));
}

/** Without the sandbox image, which every node pulls. */
function pullsBetween(before: Files, after: Files): readonly PathChange[] {
  return compare(before, after).pulls.filter(({ workloads }) => workloads > 0);
}

suite('comparePulls', () => {
  test('puts images together that take the same other path on the same nodes', () => {
    const manifests = {
      'a.yaml': deployment('a', 'nginx'),
      'b.yaml': deployment('b', 'redis:7'),
      'c.yaml': deployment('c', 'nginx'),
      'd.yaml': deployment('d', 'quay.io/x/y:1'),
    };
    const changes = pullsBetween(
      { ...manifests, 'registries.yaml': registries('http://old:5000', nodes) },
      { ...manifests, 'registries.yaml': registries('http://new:5000', nodes) },
    );
    assert.equal(changes.length, 1);
    const [change] = changes;
    assert.ok(change);
    assert.deepEqual(endpoints(change), [
      ['http://old:5000', 'https://registry-1.docker.io'],
      ['http://new:5000', 'https://registry-1.docker.io'],
    ]);
    assert.deepEqual(change.nodes, nodes);
    assert.equal(change.workloads, 3);
    assert.deepEqual(change.images, [
      { image: 'docker.io/library/nginx:latest', workloads: 2 },
      { image: 'docker.io/library/redis:7', workloads: 1 },
    ]);
  });

  test('names only the nodes on which the image may be pulled, and those that were there before', () => {
    const manifests = { 'a.yaml': deployment('a', 'nginx', 'b') };
    const [change, ...others] = pullsBetween(
      { ...manifests, 'registries.yaml': registries('http://old:5000', ['a', 'b']) },
      { ...manifests, 'registries.yaml': registries('http://new:5000', ['b', 'c']) },
    );
    assert.deepEqual(change?.nodes, ['b']);
    assert.deepEqual(others, []);
  });

  test('tells another trust in the same endpoint', () => {
    const manifests = { 'a.yaml': deployment('a', 'nginx') };
    const withTls = (tls: string): string =>
      `${registries('https://m:5000', ['a'])}configs: {"m:5000": {tls: {${tls}}}}\n`;
    const [change] = pullsBetween(
      { ...manifests, 'registries.yaml': withTls('ca_file: /etc/ca.crt') },
      { ...manifests, 'registries.yaml': withTls('insecure_skip_verify: true') },
    );
    assert.ok(change?.before.ok && change.after.ok);
    assert.deepEqual(change.before.steps[0]?.notes, ['CA /etc/ca.crt']);
    assert.deepEqual(change.after.steps[0]?.notes, ['any certificate']);
  });

  test('ranks by the workloads that are touched', () => {
    const manifests = {
      'a.yaml': deployment('a', 'quay.io/a/a:1'),
      'b.yaml': deployment('b', 'nginx'),
      'c.yaml': deployment('c', 'nginx'),
    };
    const both = (endpoint: string): string =>
      `mirrors: {quay.io: {endpoint: ["${endpoint}/q"]}, docker.io: {endpoint: ["${endpoint}/d"]}}\n`;
    const changes = pullsBetween(
      { ...manifests, 'registries.yaml': both('http://old') },
      { ...manifests, 'registries.yaml': both('http://new') },
    );
    assert.deepEqual(
      changes.map(({ workloads }) => workloads),
      [2, 1],
    );
  });

  test('says nothing where only the place of a setting changes', () => {
    const manifests = { 'a.yaml': deployment('a', 'nginx') };
    const text = registries('http://m:5000', nodes);
    const before = { ...manifests, 'registries.yaml': text };
    assert.deepEqual(pullsBetween(before, { ...manifests, 'registries.yaml': `# moved\n\n${text}` }), []);
  });

  test('shows why a node pulls nothing any more', () => {
    const manifests = {
      'a.yaml': deployment('a', 'nginx'),
      'registries.yaml':
        'nodes: [{name: a, runtime: "containerd://1.7.27", containerdConfig: n/config.toml}]\n',
    };
    const [change] = pullsBetween(
      { ...manifests, 'n/config.toml': 'version = 2\n' },
      { ...manifests, 'n/config.toml': 'version = 9\n' },
    );
    assert.equal(change?.after.ok, false);
  });
});

suite('compareStates', () => {
  test('lists images and nodes that come and go', () => {
    const difference = compare(
      { 'a.yaml': deployment('a', 'nginx:1'), 'registries.yaml': registries('http://m', ['a']) },
      { 'a.yaml': deployment('a', 'nginx:2'), 'registries.yaml': registries('http://m', ['b']) },
    );
    assert.deepEqual(difference.images, {
      added: [{ image: 'docker.io/library/nginx:2', uses: 1 }],
      removed: [{ image: 'docker.io/library/nginx:1', uses: 1 }],
    });
    assert.deepEqual(difference.nodes, { added: ['b'], removed: ['a'] });
  });
});

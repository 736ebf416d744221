import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { filesInMemory } from '../../src/files/repositoryFiles.ts';
import { discover } from '../../src/discovery/discover.ts';
import { missingPullSecrets } from '../../src/manifest/missingPullSecrets.ts';

type Found = readonly [name: string, namespace: string | undefined, hosts: readonly string[], line: number];

function find(...objects: readonly string[]): Found[] {
  const files = filesInMemory({ 'all.yaml': objects.join('\n---\n') });
  return missingPullSecrets(discover(files)).map(({ name, namespace, namespaceHosts, location }) => [
    name,
    namespace,
    namespaceHosts,
    location.start.line,
  ]);
}

function pod(image: string, metadata: string, spec: string): string {
  return `{apiVersion: v1, kind: Pod, metadata: {name: p, ${metadata}}, spec: {containers: [{name: c, image: "${image}"}], ${spec}}}`;
}

function secret(name: string, metadata = ''): string {
  return `{apiVersion: v1, kind: Secret, metadata: {name: ${name}, ${metadata}}, type: kubernetes.io/dockerconfigjson}`;
}

const named = 'imagePullSecrets: [{name: login}]';

suite('missingPullSecrets', () => {
  test('names a secret once for each namespace, with the registries of all images that it is for', () => {
    const found = find(
      pod('b.example.net/x:1', 'namespace: shop', named),
      pod('a.example.net/x:1', 'namespace: shop', named),
      pod('a.example.net/y:1', 'namespace: tools', named),
      pod('nginx', '', named),
    );
    assert.deepEqual(found, [
      ['login', 'shop', ['a.example.net', 'b.example.net'], 1],
      ['login', 'tools', ['a.example.net'], 5],
      ['login', undefined, ['docker.io'], 7],
    ]);
  });

  test('looks for the secret in the namespace of the Pod', () => {
    const user = pod('a.example.net/x:1', 'namespace: shop', named);
    assert.deepEqual(find(user, secret('login', 'namespace: shop')), []);
    assert.deepEqual(find(user, secret('login')), []);
    assert.equal(find(user, secret('login', 'namespace: tools')).length, 1);
    assert.equal(find(user, secret('other')).length, 1);
  });

  test('takes the secrets of the ServiceAccount too', () => {
    const account = (name: string): string =>
      `{apiVersion: v1, kind: ServiceAccount, metadata: {name: ${name}, namespace: shop}, ${named}}`;
    const user = pod('a.example.net/x:1', 'namespace: shop', 'serviceAccountName: robot');
    assert.deepEqual(find(account('robot'), user), [['login', 'shop', ['a.example.net'], 1]]);
    assert.deepEqual(find(account('default'), user), []);
    assert.equal(find(account('default'), pod('a.example.net/x:1', 'namespace: shop', '')).length, 1);
  });

  test('leaves out a name that is not known yet', () => {
    assert.deepEqual(find(pod('a.example.net/x:1', '', 'imagePullSecrets: [{name: "${SECRET}"}]')), []);
  });
});

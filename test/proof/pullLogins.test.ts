import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { SecretFact } from '../../src/manifest/facts.ts';
import type { Workload } from '../../src/manifest/imageUse.ts';
import { pullLogins } from '../../src/proof/pullLogins.ts';
import { parseReference } from '../../src/reference/parseReference.ts';
import { startOfFile } from '../../src/source/location.ts';

const location = startOfFile('pod.yaml');

function workload(secrets: readonly string[], rest: Partial<Workload> = {}): Workload {
  return {
    kind: 'Pod',
    name: 'pod',
    namespace: 'shop',
    location,
    placement: { nodeSelector: {}, nodeAffinity: [], tolerations: [], isDaemonSet: false },
    imagePullSecrets: secrets.map((value) => ({ value, location })),
    ...rest,
  };
}

function secret(name: string, ...registries: readonly string[]): SecretFact {
  return { kind: 'Secret', name, namespace: 'shop', registries, location };
}

function usersFor(
  image: string,
  secrets: readonly SecretFact[],
  named = secrets.map(({ name }) => name),
): readonly string[] {
  const parsed = parseReference(image);
  assert.ok(parsed.ok);
  const { logins } = pullLogins(parsed.reference, workload(named), { secrets, serviceAccounts: [] });
  return logins.map(({ username }) => username);
}

// kubernetes pkg/credentialprovider/keyring_test.go TestURLsMatch, TestDockerKeyringForGlob, TestIsDefaultRegistryMatch
const cases: readonly (readonly [key: string, image: string, matches: boolean])[] = [
  ['https://index.docker.io/v1/', 'nginx', true],
  ['index.docker.io', 'team/app', true],
  ['docker.io', 'nginx', true],
  ['registry-1.docker.io', 'nginx', false],
  ['harbor.example.net', 'harbor.example.net/shop/cart', true],
  ['https://harbor.example.net/v2/', 'harbor.example.net/shop/cart', true],
  ['http://harbor.example.net', 'harbor.example.net/shop/cart', true],
  ['harbor.example.net/shop', 'harbor.example.net/shop/cart', true],
  ['harbor.example.net/other', 'harbor.example.net/shop/cart', false],
  ['harbor.example.net:443', 'harbor.example.net/shop/cart', false],
  ['10.1.1.1:5000', '10.1.1.1:5000/app', true],
  ['10.1.1.1', '10.1.1.1:5000/app', false],
  ['*.example.net', 'harbor.example.net/shop/cart', true],
  ['*.net', 'harbor.example.net/shop/cart', false],
  ['h?rb*r.example.net', 'harbor.example.net/shop/cart', true],
  ['quay.io', 'harbor.example.net/shop/cart', false],
];

suite('pullLogins', () => {
  for (const [key, image, matches] of cases) {
    test(`a login for ${key} is ${matches ? '' : 'not '}passed for ${image}`, () => {
      assert.deepEqual(usersFor(image, [secret('s', key)]), matches ? ['secret-s'] : []);
    });
  }

  test('all that match are passed, and a secret that cannot be read is taken to match', () => {
    const secrets = [secret('a', 'quay.io'), secret('b', 'ghcr.io'), secret('c')];
    assert.deepEqual(usersFor('quay.io/app', secrets), ['secret-a', 'secret-c']);
  });

  test('secrets that are not in the repository are named', () => {
    const parsed = parseReference('quay.io/app');
    assert.ok(parsed.ok);
    const facts = { secrets: [secret('a', 'quay.io')], serviceAccounts: [] };
    assert.deepEqual(pullLogins(parsed.reference, workload(['a', 'b']), facts).missing, ['b']);
    const elsewhere = pullLogins(parsed.reference, workload(['a'], { namespace: 'other' }), facts);
    assert.deepEqual(elsewhere, { logins: [], missing: ['a'] });
  });

  test('those of the ServiceAccount count only where the Pod has none', () => {
    const parsed = parseReference('quay.io/app');
    assert.ok(parsed.ok);
    const account = {
      name: 'default',
      namespace: 'shop',
      imagePullSecrets: [{ value: 'a', location }],
      location,
    };
    const facts = { secrets: [secret('a', 'quay.io'), secret('b', 'ghcr.io')], serviceAccounts: [account] };
    assert.equal(pullLogins(parsed.reference, workload([]), facts).logins.length, 1);
    assert.equal(pullLogins(parsed.reference, workload(['b']), facts).logins.length, 0);
  });

  test('a key with many wildcards takes no time', () => {
    const key = `${'*a'.repeat(2000)}b.example.net`;
    assert.deepEqual(usersFor('harbor.example.net/app', [secret('s', key)]), []);
  });
});

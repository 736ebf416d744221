import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { filesInMemory } from '../../src/files/repositoryFiles.ts';
import { discover } from '../../src/discovery/discover.ts';
import type { Discovery } from '../../src/manifest/discovery.ts';
import type { SecretFact } from '../../src/manifest/facts.ts';

function discoverIn(source: string): Discovery {
  return discover(filesInMemory({ 'a.yaml': source }));
}

describe('Services', () => {
  it('are known with the place of their address', () => {
    const { services } = discoverIn(`apiVersion: v1
kind: Service
metadata: {name: internal-registry, namespace: kube-system}
spec:
  clusterIP: "10.96.0.50"
`);
    assert.deepEqual(services, [
      {
        name: 'internal-registry',
        namespace: 'kube-system',
        location: { file: 'a.yaml', start: { line: 3, column: 18 }, end: { line: 3, column: 35 } },
        clusterIP: {
          value: '10.96.0.50',
          location: { file: 'a.yaml', start: { line: 5, column: 15 }, end: { line: 5, column: 25 } },
        },
      },
    ]);
  });

  it('may leave the address to the cluster', () => {
    const { services } = discoverIn(
      'apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {clusterIP: ""}\n',
    );
    assert.deepEqual(
      services.map(({ name, clusterIP }) => [name, clusterIP]),
      [['a', undefined]],
    );
  });

  it('of Knative are none, and neither are those without a name', () => {
    assert.deepEqual(
      discoverIn('apiVersion: serving.knative.dev/v1\nkind: Service\nmetadata: {name: a}\n').services,
      [],
    );
    assert.deepEqual(discoverIn('apiVersion: v1\nkind: Service\nmetadata: {}\n').services, []);
  });
});

describe('ServiceAccounts', () => {
  it('are known with their pull secrets', () => {
    const source =
      'apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: default, namespace: shop}\nimagePullSecrets:\n- name: harbor\n- {}\n';
    const { serviceAccounts } = discoverIn(source);
    assert.deepEqual(
      serviceAccounts.map(({ name, namespace, imagePullSecrets }) => [
        name,
        namespace,
        imagePullSecrets.map(({ value }) => value),
      ]),
      [['default', 'shop', ['harbor']]],
    );
  });
});

describe('Secrets', () => {
  function secretsIn(source: string): readonly Omit<SecretFact, 'location'>[] {
    return discoverIn(source).secrets.map(({ kind, name, namespace, type, registries }) => ({
      kind,
      name,
      ...(namespace !== undefined && { namespace }),
      ...(type !== undefined && { type }),
      registries,
    }));
  }
  const secret = (body: string): string => `apiVersion: v1\nkind: Secret\nmetadata: {name: pull}\n${body}\n`;
  const config = JSON.stringify({
    auths: { 'harbor.example.net': { auth: 'dXNlcjpoaWRkZW4=' }, '10.10.1.106:5000': { password: 'hidden' } },
    credHelpers: {},
  });
  const registries = ['harbor.example.net', '10.10.1.106:5000'];
  const type = 'kubernetes.io/dockerconfigjson';

  it('tell the registries that they have logins for, and no login', () => {
    const encoded = Buffer.from(config).toString('base64');
    const expected = [{ kind: 'Secret', name: 'pull', type, registries }];
    assert.deepEqual(secretsIn(secret(`type: ${type}\ndata:\n  .dockerconfigjson: ${encoded}`)), expected);
    const wrapped = encoded.replaceAll(/.{40}/g, '$&\n    ');
    assert.deepEqual(
      secretsIn(secret(`type: ${type}\ndata:\n  .dockerconfigjson: |\n    ${wrapped}`)),
      expected,
    );
    assert.deepEqual(
      secretsIn(secret(`type: ${type}\nstringData:\n  .dockerconfigjson: '${config}'`)),
      expected,
    );
    assert.doesNotMatch(
      JSON.stringify(discoverIn(secret(`stringData:\n  .dockerconfigjson: '${config}'`))),
      /hidden|dXNl/,
    );
  });

  it('of the older form have the registries one level higher', () => {
    const older = Buffer.from('{"https://index.docker.io/v1/":{"auth":"x"}}').toString('base64');
    assert.deepEqual(
      secretsIn(secret(`type: kubernetes.io/dockercfg\ndata: {.dockercfg: ${older}}`))[0]?.registries,
      ['https://index.docker.io/v1/'],
    );
  });

  const unreadable = [
    'ENC[AES256_GCM,data:abc]',
    '${DOCKER_CONFIG}',
    '"@@@"',
    'bm8ganNvbg==',
    'bnVsbA==',
    'W10=',
    'eyJhdXRocyI6MX0=',
    '',
  ];
  for (const content of unreadable) {
    it(`tell no registry when their content is ${content || 'empty'}`, () => {
      assert.deepEqual(secretsIn(secret(`data:\n  .dockerconfigjson: ${content}`)), [
        { kind: 'Secret', name: 'pull', registries: [] },
      ]);
    });
  }

  it('are also what controllers will make of other objects', () => {
    const source = `apiVersion: bitnami.com/v1alpha1
kind: SealedSecret
metadata: {name: sealed, namespace: a}
spec: {template: {metadata: {name: unsealed, namespace: b}, type: ${type}}}
---
apiVersion: bitnami.com/v1alpha1
kind: SealedSecret
metadata: {name: plain}
---
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: {name: external}
spec: {target: {name: made, template: {type: ${type}}}}
---
apiVersion: secrets.hashicorp.com/v1beta1
kind: VaultStaticSecret
metadata: {name: vault}
spec: {destination: {name: from-vault, type: ${type}}}
---
apiVersion: isindir.github.com/v1alpha3
kind: SopsSecret
metadata: {name: sops, namespace: c}
spec: {secretTemplates: [{name: one, type: ${type}}, {name: two}]}
---
apiVersion: onepassword.com/v1
kind: OnePasswordItem
metadata: {name: item}
type: ${type}
---
apiVersion: example.com/v1
kind: ExternalSecret
metadata: {name: not-known}
`;
    assert.deepEqual(
      secretsIn(source).map((fact) => [fact.kind, fact.namespace, fact.name, fact.type]),
      [
        ['SealedSecret', 'b', 'unsealed', type],
        ['SealedSecret', undefined, 'plain', undefined],
        ['ExternalSecret', undefined, 'made', type],
        ['VaultStaticSecret', undefined, 'from-vault', type],
        ['SopsSecret', 'c', 'one', type],
        ['SopsSecret', 'c', 'two', undefined],
        ['OnePasswordItem', undefined, 'item', type],
      ],
    );
  });
});

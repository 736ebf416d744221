import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { findService, parseServiceName } from '../../src/check/clusterServices.ts';
import type { ServiceFact } from '../../src/manifest/facts.ts';
import { startOfFile } from '../../src/source/location.ts';

const location = startOfFile('services.yaml');
const services: readonly ServiceFact[] = [
  { name: 'cache', namespace: 'registries', location },
  { name: 'registry', location },
];

describe('parseServiceName', () => {
  test('is certain of a name with svc in it', () => {
    for (const host of [
      'registry.shop.svc',
      'Registry.Shop.svc.cluster.local',
      'registry.shop.svc.k8s.example.net',
    ]) {
      assert.deepEqual(
        parseServiceName(host, []),
        { name: 'registry', namespace: 'shop', isCertain: true },
        host,
      );
    }
  });

  test('is certain of two words when the repository has that Service', () => {
    assert.deepEqual(parseServiceName('cache.registries', services)?.isCertain, true);
    assert.deepEqual(parseServiceName('registry.default', services)?.isCertain, true);
  });

  test('takes two words for a Service when the second is a namespace of every cluster', () => {
    assert.deepEqual(parseServiceName('dkreg.kube-system', []), {
      name: 'dkreg',
      namespace: 'kube-system',
      isCertain: false,
    });
  });

  test('takes no other name for a Service', () => {
    const hosts = [
      'registry',
      'harbor.lan',
      'docker.io',
      'registry.kube-system.example.net',
      'cache.shop',
      '10.96.17.4',
      '',
      '.',
    ];
    for (const host of hosts) assert.equal(parseServiceName(host, services), undefined, host);
  });
});

describe('findService', () => {
  test('finds a Service by name and namespace, which is default where none is written', () => {
    assert.equal(
      findService(services, { name: 'registry', namespace: 'default', isCertain: true }),
      services[1],
    );
    assert.equal(findService(services, { name: 'cache', namespace: 'default', isCertain: true }), undefined);
  });
});

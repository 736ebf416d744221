import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { canBeNamespace, findHostMistake } from '../../src/registries/namespaceHost.ts';

suite('findHostMistake', () => {
  for (const host of [
    'docker.io',
    '10.10.1.106:5000',
    '*',
    'localhost:5000',
    '[fd00::1]:5000',
    'Reg.Example.com',
  ]) {
    test(`${host} is a host`, () => assert.equal(findHostMistake(host), undefined));
  }

  const mistakes: readonly [string, RegExp, string | undefined][] = [
    ['10.10.1.106: 5000', /space/, '10.10.1.106:5000'],
    ['https://index.docker.io/v2/', /URL/, 'index.docker.io'],
    ['harbor.example.net/project', /path/, 'harbor.example.net'],
    ['*.k8s.io', /works only alone/, undefined],
    ['../../etc', /path/, undefined],
    ['', /empty/, undefined],
    ['<REGISTRY>', /no host/, undefined],
    ['reg.example.net:', /no host/, undefined],
    ['a"b', /no host/, undefined],
    ['__proto__', /no host/, undefined],
  ];
  for (const [host, message, suggestion] of mistakes) {
    test(`"${host}" is none`, () => {
      const mistake = findHostMistake(host);
      assert.match(mistake?.message ?? '', message);
      assert.equal(mistake?.suggestion, suggestion);
    });
  }
});

suite('canBeNamespace', () => {
  test('a single word is a part of a repository of Docker Hub', () => {
    assert.equal(canBeNamespace('registry'), false);
    for (const host of ['registry:5000', 'registry.lan', 'localhost', '*'])
      assert.equal(canBeNamespace(host), true, host);
  });
});

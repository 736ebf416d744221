import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import * as fc from 'fast-check';
import { buildkit, containerd, criO, inWordsOfCriO, talos } from './askedHosts.ts';
import { renderRegistries, type RenderedCluster } from './renderRegistries.ts';

const hosts = [
  'docker.io',
  'quay.io',
  'ghcr.io',
  'a.example.net:5000',
  'a.example.net',
  '10.9.28.38',
  '10.9.28.38:5000',
  'harbor.example.net',
];

const endpoint = fc
  .tuple(
    fc.constantFrom('http://', 'https://'),
    fc.constantFrom(...hosts),
    fc.constantFrom('', '', '/', '/v2', '/v2/proxy', '/v2/a/b-c/', '/api/docker/x/v2', '/v2/UP'),
  )
  .map((parts) => parts.join(''));

const registries = fc.record({
  mirrors: fc.dictionary(
    fc.constantFrom(...hosts, '*'),
    fc.record({ endpoint: fc.array(endpoint, { maxLength: 3 }) }),
    { maxKeys: 5 },
  ),
  configs: fc.dictionary(
    fc.constantFrom(...hosts),
    fc.record({ tls: fc.record({ insecure_skip_verify: fc.boolean() }) }),
    { maxKeys: 3 },
  ),
});

const options = { seed: 20_261_121, numRuns: 300 };

/** Every generated registries.yaml of which a target says everything, with each of the hosts. */
function check(target: string, compare: (rendered: RenderedCluster, host: string) => void): void {
  let compared = 0;
  fc.assert(
    fc.property(registries, (document) => {
      const rendered = renderRegistries(
        document,
        hosts.map((host) => `${host}/team/app:1`),
      );
      // What `*` is written out for is all that is compared.
      const isComplete = rendered.unexpressed.every(
        (entry) => entry.target !== target || entry.what.startsWith('`*`'),
      );
      if (rendered.files.size === 0 || !isComplete) return;
      for (const host of hosts) compare(rendered, host);
      compared += 1;
    }),
    options,
  );
  assert.ok(compared > options.numRuns / 4, `only ${compared} were compared`);
}

suite('other programs ask whom containerd asks, in its order', () => {
  test('Talos', () => {
    check('talos', (rendered, host) => assert.deepEqual(talos(rendered, host), containerd(rendered, host)));
  });

  test('CRI-O', () => {
    check('cri-o', (rendered, host) => {
      assert.deepEqual(criO(rendered, host), inWordsOfCriO(containerd(rendered, host)));
    });
  });

  test('BuildKit, which asks the registry itself once more where it was asked already', () => {
    check('buildkit', (rendered, host) => {
      const wanted = containerd(rendered, host);
      const asked = buildkit(rendered, host);
      assert.deepEqual(asked.slice(0, wanted.length), wanted);
      const more = asked.slice(wanted.length);
      assert.ok(
        more.length === 0 || (more.length === 1 && wanted.some((text) => isSameHost(text, more[0]))),
        String(more),
      );
    });
  });
});

function isSameHost(text: string, other: string | undefined): boolean {
  return text.split('/')[2] === other?.split('/')[2];
}

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { profileFor, type Profile } from '../../src/resolver/profile.ts';
import { parseRuntime, type Runtime } from '../../src/resolver/runtime.ts';
import { containerd } from '../support/profiles.ts';

describe('parseRuntime', () => {
  const table: readonly (readonly [string, Runtime])[] = [
    ['containerd://1.6.20', { kind: 'containerd', version: '1.6.20' }],
    ['containerd://1.6.20-ubuntu~1', { kind: 'containerd', version: '1.6.20' }],
    ['containerd://v2.1.0-rc.1', { kind: 'containerd', version: '2.1.0' }],
    ['containerd://1.7.11-k3s2', { kind: 'k3s', version: '1.7.11' }],
    ['containerd://2.0.4-k3s1.32', { kind: 'k3s', version: '2.0.4' }],
    ['k3s://1.7.11', { kind: 'k3s', version: '1.7.11' }],
    ['rke2://v1.7.22-k3s1', { kind: 'rke2', version: '1.7.22' }],
    ['docker://20.10.7', { kind: 'docker', version: '20.10.7' }],
    ['cri-o://1.24.1', { kind: 'other', version: '1.24.1' }],
    ['containerd://Unknown', { kind: 'containerd' }],
    ['', { kind: 'unknown' }],
    ['1.6.20', { kind: 'other' }],
  ];
  for (const [text, runtime] of table) {
    test(`reads ${JSON.stringify(text)}`, () => assert.deepEqual(parseRuntime(text), runtime));
  }
});

describe('profileFor', () => {
  /** The first version that has a value, among the patches of all lines. */
  function first(read: (profile: Profile) => unknown, value: unknown): readonly string[] {
    const lines = ['1.5', '1.6', '1.7', '2.0', '2.1', '2.2', '2.3'];
    return lines.flatMap((line) => {
      const patches = Array.from({ length: 40 }, (_, patch) => `${line}.${patch}`);
      const known = patches.filter((version) => read(containerd(version)) === value);
      if (known.length === 0) return [];
      return known.length === patches.length ? [line] : [`${known[0]} to ${known.at(-1)}`];
    });
  }

  const table: readonly (readonly [string, readonly string[], readonly string[]])[] = [
    [
      'reads _default',
      first((profile) => profile.knowsDefaultDirectory, true),
      ['1.6.17 to 1.6.39', '1.7', '2.0', '2.1', '2.2', '2.3'],
    ],
    [
      'knows override_path',
      first((profile) => profile.knowsOverridePath, true),
      ['1.6', '1.7', '2.0', '2.1', '2.2', '2.3'],
    ],
    [
      'knows dial_timeout',
      first((profile) => profile.knowsDialTimeout, true),
      ['2.0.7 to 2.0.39', '2.1', '2.2', '2.3'],
    ],
    [
      'takes dial_timeout for a TLS setting',
      first((profile) => profile.dialTimeoutCountsAsTls, true),
      ['2.0.7 to 2.0.39'],
    ],
    ['knows referrers', first((profile) => profile.knowsReferrers, true), ['2.2', '2.3']],
    [
      'needs a host table',
      first((profile) => profile.requiresHostTable, true),
      ['1.5', '1.6', '1.7.0 to 1.7.31'],
    ],
    [
      'reads TOML with go-toml v2',
      first((profile) => profile.tomlLibrary, 'go-toml v2'),
      ['2.0', '2.1', '2.2', '2.3'],
    ],
    ['refuses extra colons', first((profile) => profile.refusesExtraColons, true), ['2.3']],
    ['reads configs.tls', first((profile) => profile.knowsInlineTls, true), ['1.5', '1.6', '1.7']],
    [
      'pulls by the transfer service',
      first((profile) => profile.pullPath, 'transfer'),
      ['2.1', '2.2', '2.3'],
    ],
    [
      'asks localhost like any host',
      first((profile) => profile.localhostDefault, 'https'),
      ['1.5', '1.6.0 to 1.6.8'],
    ],
    [
      'asks localhost by HTTP',
      first((profile) => profile.localhostDefault, 'http'),
      ['1.6.9 to 1.6.24', '1.7.0 to 1.7.7'],
    ],
    [
      'never asks by HTTPS first',
      first((profile) => profile.httpsFirst, 'none'),
      ['1.5', '1.6.0 to 1.6.24', '1.7.0 to 1.7.6'],
    ],
    ['always asks by HTTPS first', first((profile) => profile.httpsFirst, 'any'), ['1.7.7 to 1.7.7']],
    [
      'asks by HTTPS first at a port',
      first((profile) => profile.httpsFirst, 'explicit but 80'),
      ['1.6.25 to 1.6.39', '1.7.8 to 1.7.23'],
    ],
    [
      'reads references with v0.6.0',
      first((profile) => profile.referenceGrammar, 'v0.6.0'),
      ['1.7.19 to 1.7.39', '2.0', '2.1', '2.2', '2.3'],
    ],
    [
      'has a config path by default',
      first((profile) => profile.config.defaultConfigPath !== '', true),
      ['2.2', '2.3'],
    ],
    [
      'has one beside mirrors',
      first((profile) => profile.config.defaultConfigPathClashesWithMirrors, true),
      ['2.2.0 to 2.2.1'],
    ],
    [
      'has pause 3.6 of the new registry',
      first((profile) => profile.config.pauseImage, 'registry.k8s.io/pause:3.6'),
      ['1.6.9 to 1.6.39'],
    ],
    [
      'has pause 3.5 of the old registry',
      first((profile) => profile.config.pauseImage, 'k8s.gcr.io/pause:3.5'),
      ['1.5.0 to 1.5.13'],
    ],
    [
      'has pause 3.10',
      first((profile) => profile.config.pauseImage, 'registry.k8s.io/pause:3.10'),
      ['2.0', '2.1'],
    ],
    [
      'starts with version 3',
      first((profile) => profile.config.versions.includes(3), true),
      ['1.5', '1.6.0 to 1.6.31', '1.7.0 to 1.7.16', '2.0', '2.1', '2.2', '2.3'],
    ],
    [
      'reads the registry of version 1',
      first((profile) => profile.config.registryVersions.includes(1), true),
      ['1.5', '1.6', '1.7', '2.3'],
    ],
    [
      'writes version 3',
      first((profile) => profile.config.preferredVersion, 3),
      ['2.0', '2.1', '2.2', '2.3'],
    ],
  ];
  for (const [what, actual, expected] of table) {
    test(`says which version ${what}`, () => assert.deepEqual(actual, expected));
  }

  test('takes an unknown version for the newest, and says so', () => {
    const { runtime: _, ...newest } = containerd('2.3');
    for (const runtime of [
      { kind: 'unknown' },
      { kind: 'containerd', version: '9.1.0' },
      { kind: 'containerd' },
    ] as const) {
      const { runtime: kind, ...profile } = profileFor(runtime);
      assert.equal(kind, runtime.kind);
      assert.deepEqual(profile, { ...newest, assumed: true });
    }
    assert.equal(containerd('2.3.4').assumed, false);
    assert.equal(containerd('1.4.3').version, '1.5.0');
    assert.equal(containerd('1.4.3').assumed, true);
  });

  test('takes the newest patch of a line without one', () => {
    assert.equal(containerd('1.7').requiresHostTable, false);
    assert.equal(containerd('1.7').assumed, true);
  });

  test('says which runtime it only stands in for', () => {
    assert.equal(profileFor(parseRuntime('cri-o://1.30.0')).emulated, false);
    assert.equal(profileFor(parseRuntime('containerd://1.6.20')).emulated, true);
    assert.equal(profileFor(parseRuntime('docker://20.10.7')).version, '20.10.7');
  });

  test('gives k3s and RKE2 their fork', () => {
    for (const kind of ['k3s', 'rke2'] as const) {
      const profile = profileFor({ kind, version: '1.7.11' });
      assert.equal(profile.knowsRewrites && profile.serverKeyEnablesUpstream, true);
    }
    assert.equal(containerd('1.7.11').knowsRewrites || containerd('1.7.11').serverKeyEnablesUpstream, false);
  });
});

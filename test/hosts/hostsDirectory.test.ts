import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { hostDirectory, hostPaths, loadHostDir } from '../../src/hosts/hostsDirectory.ts';
import { containerd } from '../support/profiles.ts';

describe('hostDirectory', () => {
  test('writes the port between underscores', () => {
    assert.equal(hostDirectory('10.10.1.106:5000'), '10.10.1.106_5000_');
    assert.equal(hostDirectory('[::1]:5000'), '[::1]_5000_');
    assert.equal(hostDirectory('[::1]'), '[:_1]_');
    assert.equal(hostDirectory('docker.io'), 'docker.io');
    assert.equal(hostDirectory(':5000'), ':5000');
  });
});

describe('hostPaths', () => {
  test('tries the name with underscores, the name itself, then _default', () => {
    assert.deepEqual(hostPaths('reg:5000', containerd('1.7.0')), ['reg_5000_', 'reg:5000', '_default']);
    assert.deepEqual(hostPaths('docker.io', containerd('2.3.4')), ['docker.io', '_default']);
  });

  test('knows _default since 1.6.17', () => {
    assert.deepEqual(hostPaths('docker.io', containerd('1.6.17')), ['docker.io', '_default']);
    for (const version of ['1.5.18', '1.6.16'])
      assert.deepEqual(hostPaths('docker.io', containerd(version)), ['docker.io']);
  });
});

describe('loadHostDir', () => {
  const profile = containerd('1.6.39');

  test('takes certificates where there is no hosts.toml, or an empty one', () => {
    const files = ['b.crt', 'a.crt', 'client.cert', 'client.key', 'alone.cert', 'ca.pem'].map(
      (name): [string, string] => [name, 'x'],
    );
    const expected = {
      kind: 'certificates',
      ca: ['a.crt', 'b.crt'],
      client: [{ cert: 'alone.cert' }, { cert: 'client.cert', key: 'client.key' }],
    };
    assert.deepEqual(loadHostDir('certs.d/reg', new Map(files), profile), expected);
    assert.deepEqual(loadHostDir('certs.d/reg', new Map([...files, ['hosts.toml', '']]), profile), expected);
  });

  test('falls back to certificates where the hosts.toml is dropped', () => {
    const files = new Map([
      ['hosts.toml', 'server = "https://a"\n'],
      ['ca.crt', 'x'],
    ]);
    const directory = loadHostDir('certs.d/reg', files, profile);
    assert.equal(directory.kind, 'certificates');
    assert.deepEqual(directory.ca, ['ca.crt']);
    assert.equal(directory.dropped?.message, 'invalid `host` tree');
    assert.equal(directory.dropped.location.file, 'certs.d/reg/hosts.toml');
  });

  test('reads the hosts.toml and leaves the certificates', () => {
    const files = new Map([
      ['hosts.toml', '[host."https://a"]\n'],
      ['ca.crt', 'x'],
    ]);
    const directory = loadHostDir('certs.d/reg', files, profile);
    assert.equal(directory.kind === 'hosts-file' && directory.hostsFile.hosts.length, 1);
  });
});

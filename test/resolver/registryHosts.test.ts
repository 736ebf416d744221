import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { NodeConfiguration } from '../../src/resolver/nodeConfiguration.ts';
import { profileFor } from '../../src/resolver/profile.ts';
import type { RegistryHost } from '../../src/resolver/registryHost.ts';
import { registryHosts } from '../../src/resolver/registryHosts.ts';
import { dockerNode, hostsDirectoryNode, inlineNode } from '../support/nodeConfigurations.ts';
import { containerd, k3s } from '../support/profiles.ts';

function hostsOf(configuration: NodeConfiguration, namespaceHost: string): readonly RegistryHost[] {
  const result = registryHosts(configuration, namespaceHost);
  return result.ok ? result.hosts : assert.fail(result.error);
}

/** The hosts in short: `https://h/v2`, then `insecure`, `fallback`, `login` and the role where it is none of a mirror. */
function summary(configuration: NodeConfiguration, namespaceHost: string): readonly string[] {
  return hostsOf(configuration, namespaceHost).map((host) => {
    const notes = [
      host.tls.skipVerify && 'insecure',
      host.httpFallback && 'fallback',
      host.credentials && 'login',
      host.role !== 'mirror' && host.role,
    ];
    return [`${host.scheme}://${host.host}${host.path}`, ...notes.filter((note) => note !== false)].join(' ');
  });
}

function errorOf(configuration: NodeConfiguration, namespaceHost: string): string {
  const result = registryHosts(configuration, namespaceHost);
  return result.ok ? 'no error' : result.error;
}

describe('registryHosts with hosts directories', () => {
  const mirrorAndServer = 'server = "https://registry-1.docker.io"\n[host."http://10.9.28.38:5000"]\n';

  test('asks the hosts in order, then the server', () => {
    const node = hostsDirectoryNode(containerd('1.7.24'), { 'docker.io': mirrorAndServer });
    assert.deepEqual(summary(node, 'docker.io'), [
      'http://10.9.28.38:5000/v2',
      'https://registry-1.docker.io/v2 server',
    ]);
    const [mirror, server] = hostsOf(node, 'docker.io');
    assert.deepEqual(mirror?.source?.start, { line: 2, column: 7 });
    assert.deepEqual(server?.source?.start, { line: 1, column: 10 });
  });

  test('asks the upstream of the namespace where there is no server', () => {
    const texts = { _default: '[host."https://m"]\n' };
    const node = hostsDirectoryNode(containerd('1.7.24'), texts);
    assert.deepEqual(summary(node, 'ghcr.io'), ['https://m/v2', 'https://ghcr.io/v2 default']);
    assert.deepEqual(summary(node, 'docker.io'), ['https://m/v2', 'https://registry-1.docker.io/v2 default']);
    assert.deepEqual(summary(hostsDirectoryNode(containerd('1.6.16'), texts), 'ghcr.io'), [
      'https://ghcr.io/v2 default',
    ]);
  });

  test('keeps the TLS settings of the root on the upstream, not its path and capabilities', () => {
    const text = 'capabilities = ["pull"]\noverride_path = true\nskip_verify = true\n[host]\n';
    const node = hostsDirectoryNode(containerd('1.7.24'), { reg: text });
    assert.deepEqual(summary(node, 'reg'), ['https://reg/v2 insecure default']);
    assert.deepEqual(hostsOf(node, 'reg')[0]?.capabilities, ['pull', 'resolve', 'push']);
  });

  test('asks an http host with TLS settings by HTTPS first, by version and port', () => {
    const text = (url: string): string => `[host."${url}"]\nskip_verify = true\n`;
    const first = (version: string, url: string): string | undefined =>
      summary(hostsDirectoryNode(containerd(version), { reg: text(url) }), 'reg')[0];
    assert.equal(first('1.6.20', 'http://m:5000'), 'http://m:5000/v2 insecure');
    assert.equal(first('1.6.39', 'http://m:5000'), 'https://m:5000/v2 insecure fallback');
    assert.equal(first('1.6.39', 'http://m'), 'http://m/v2 insecure');
    assert.equal(first('1.7.24', 'http://m'), 'https://m/v2 insecure fallback');
    assert.equal(first('1.7.24', 'http://m:80'), 'http://m:80/v2 insecure');
    assert.equal(first('1.7.7', 'http://m:80'), 'https://m:80/v2 insecure fallback');
  });

  test('takes dial_timeout for a TLS setting in late 2.0 alone', () => {
    const texts = { reg: '[host."http://m:5000"]\ndial_timeout = "200ms"\n' };
    const first = (version: string): RegistryHost | undefined =>
      hostsOf(hostsDirectoryNode(containerd(version), texts), 'reg')[0];
    assert.equal(first('2.0.7')?.httpFallback, true);
    assert.equal(first('2.1.0')?.httpFallback, false);
    assert.equal(first('2.1.0')?.dialTimeout, 200);
    assert.equal(first('1.7.34')?.dialTimeout, undefined);
  });

  test('asks localhost as each version does', () => {
    const first = (version: string, host: string): string | undefined =>
      summary(hostsDirectoryNode(containerd(version), {}), host)[0];
    assert.equal(first('1.6.8', 'localhost:5000'), 'https://localhost:5000/v2 default');
    assert.equal(first('1.6.20', 'localhost:5000'), 'http://localhost:5000/v2 insecure default');
    assert.equal(first('2.1.9', 'localhost:5000'), 'https://localhost:5000/v2 insecure fallback default');
    assert.equal(first('2.1.9', 'localhost'), 'https://localhost/v2 insecure default');
    assert.equal(first('2.1.9', '127.0.0.1:80'), 'http://127.0.0.1:80/v2 default');
    assert.equal(first('2.1.9', '[::1]:5000'), 'https://[::1]:5000/v2 insecure fallback default');
    assert.equal(first('2.1.9', 'foo.localhost:5000'), 'https://foo.localhost:5000/v2 default');
  });

  test('splits the config path for the local pull alone', () => {
    const texts = { reg: '[host."https://m"]\n' };
    const configPath = '/etc/containerd/certs.d:/etc/docker/certs.d';
    const node = (version: string, forcesLocalPull: boolean): NodeConfiguration =>
      hostsDirectoryNode(containerd(version), texts, { configPath, forcesLocalPull });
    const both = ['https://m/v2', 'https://reg/v2 default'];
    assert.deepEqual(summary(node('2.0.11', false), 'reg'), both);
    assert.deepEqual(summary(node('2.1.9', true), 'reg'), both);
    assert.deepEqual(summary(node('2.1.9', false), 'reg'), ['https://reg/v2 default']);
    const withLogin = hostsDirectoryNode(containerd('2.1.9'), texts, {
      configPath,
      credentials: [{ host: 'm' }],
    });
    assert.deepEqual(summary(withLogin, 'reg'), ['https://m/v2 login', 'https://reg/v2 default']);
  });

  test('has a login for the host as its URL names it', () => {
    const credentials = [{ host: 'docker.io' }, { host: '10.9.28.38:5000' }];
    const node = hostsDirectoryNode(containerd('1.7.24'), { 'docker.io': mirrorAndServer }, { credentials });
    assert.deepEqual(summary(node, 'docker.io'), [
      'http://10.9.28.38:5000/v2 login',
      'https://registry-1.docker.io/v2 server',
    ]);
  });

  test('asks the upstream of k3s only where there is a server key or no host', () => {
    const hosts = (text: string): readonly string[] =>
      summary(hostsDirectoryNode(k3s('1.7.22'), { reg: text }), 'reg');
    assert.deepEqual(hosts('[host."https://m"]\n'), ['https://m/v2']);
    assert.deepEqual(hosts('server = ""\n[host."https://m"]\n'), ['https://m/v2', 'https://reg/v2 default']);
    assert.deepEqual(hosts('[host]\n'), ['https://reg/v2 default']);
  });

  test('drops hosts that containerd cannot read', () => {
    const profile = containerd('2.1.9');
    const hosts = [{ url: 'https://m' }, { url: 'https://a b' }];
    const directories = new Map([['reg', { kind: 'hosts-file' as const, hostsFile: { root: {}, hosts } }]]);
    const node = {
      profile,
      registry: { form: 'hosts-directory' as const, configPath: '/c', roots: [{ path: '/c', directories }] },
      credentials: [],
      forcesLocalPull: false,
    };
    assert.deepEqual(summary(node, 'reg'), ['https://reg/v2 default']);
  });

  test('ends every pull where a TLS file is missing or no certificate', () => {
    const path = '/etc/containerd/certs.d/reg';
    const error = (
      text: string,
      file: string,
      tlsFile: { kind: 'missing' } | { kind: 'file'; blocks: string[] },
    ): string =>
      errorOf(
        hostsDirectoryNode(containerd('2.1.9'), { reg: text }, { tlsFiles: new Map([[file, tlsFile]]) }),
        'reg',
      );
    const host = '[host."https://m"]\n';
    assert.equal(
      error(`${host}ca = "ca.crt"\n`, `${path}/ca.crt`, { kind: 'missing' }),
      `unable to read CA cert "${path}/ca.crt": open ${path}/ca.crt: no such file or directory`,
    );
    assert.equal(
      error(`${host}ca = "/ca.crt"\n`, '/ca.crt', { kind: 'file', blocks: [] }),
      'unable to load CA cert "/ca.crt"',
    );
    assert.equal(
      error(`${host}client = ["a.pem"]\n`, `${path}/a.pem`, { kind: 'file', blocks: ['CERTIFICATE'] }),
      'failed to load X509 key pair: tls: found a certificate rather than a key in the PEM for the private key',
    );
    assert.equal(
      error(`${host}client = [["a.crt", ""]]\n`, '', { kind: 'missing' }),
      `unable to read CERT file "${path}": read ${path}: is a directory`,
    );
    assert.equal(error(`${host}ca = "ca.crt"\n`, '', { kind: 'missing' }), 'no error');
  });
});

describe('registryHosts with inline mirrors', () => {
  const old = containerd('1.6.20');

  test('asks the endpoints in order, then the registry itself', () => {
    const mirrors = {
      'docker.io': ['http://10.9.28.38', 'harbor.example/v2/proxy', '127.0.0.1:5000'],
      '*': ['https://all'],
    };
    assert.deepEqual(summary(inlineNode(old, mirrors), 'docker.io'), [
      'http://10.9.28.38/v2',
      'https://harbor.example/v2/proxy',
      'http://127.0.0.1:5000/v2',
      'https://registry-1.docker.io/v2 default',
    ]);
    assert.deepEqual(summary(inlineNode(old, mirrors), 'ghcr.io'), [
      'https://all/v2',
      'https://ghcr.io/v2 default',
    ]);
  });

  test('asks the registry itself no second time where an endpoint is on its host', () => {
    const mirrors = {
      'reg:5000': ['http://reg:5000', 'https://b'],
      'docker.io': ['https://registry-1.docker.io'],
      x: [],
    };
    const node = inlineNode(old, mirrors);
    assert.deepEqual(summary(node, 'reg:5000'), ['http://reg:5000/v2', 'https://b/v2']);
    assert.deepEqual(summary(node, 'docker.io'), [
      'https://registry-1.docker.io/v2',
      'https://registry-1.docker.io/v2 default',
    ]);
    assert.deepEqual(summary(inlineNode(old, { ...mirrors, '*': ['https://all'] }), 'x'), [
      'https://x/v2 default',
    ]);
  });

  test('keeps the path of an endpoint as it is', () => {
    const node = inlineNode(old, { reg: ['http://m:5000/', 'http://m:5000/proxy'] });
    assert.deepEqual(summary(node, 'reg'), [
      'http://m:5000/',
      'http://m:5000/proxy',
      'https://reg/v2 default',
    ]);
  });

  test('reads configs.tls on 1.x alone', () => {
    const configs = { 'm:5000': { tls: { skipVerify: true, caFile: '/ca.crt' } } };
    const mirrors = { reg: ['https://m:5000'] };
    const [host] = hostsOf(inlineNode(containerd('1.7.24'), mirrors, configs), 'reg');
    assert.deepEqual(host?.tls, { skipVerify: true, ca: ['/ca.crt'], client: [] });
    const [newer] = hostsOf(inlineNode(containerd('2.1.9'), mirrors, configs), 'reg');
    assert.deepEqual(newer?.tls, { skipVerify: false, ca: [], client: [] });
  });

  test('uses the transfer service of 2.1 where nothing is configured', () => {
    assert.deepEqual(summary(inlineNode(containerd('2.0.11'), {}), 'localhost:5000'), [
      'http://localhost:5000/v2 insecure default',
    ]);
    assert.deepEqual(summary(inlineNode(containerd('2.1.9'), {}), 'localhost:5000'), [
      'https://localhost:5000/v2 insecure fallback default',
    ]);
    const local = inlineNode(containerd('2.1.9'), {}, {}, { forcesLocalPull: true });
    assert.deepEqual(summary(local, 'localhost:5000'), ['http://localhost:5000/v2 insecure default']);
    assert.deepEqual(summary(inlineNode(containerd('2.1.9'), { x: [] }), 'localhost:5000'), [
      'http://localhost:5000/v2 insecure default',
    ]);
  });

  test('asks by the capabilities of the version', () => {
    const capabilities = (version: string): readonly string[] | undefined =>
      hostsOf(inlineNode(containerd(version), { reg: [] }), 'reg')[0]?.capabilities;
    assert.deepEqual(capabilities('1.7.24'), ['pull', 'resolve']);
    assert.deepEqual(capabilities('2.2.7'), ['pull', 'resolve', 'referrers']);
  });

  test("ends every pull in containerd's error for what it cannot read", () => {
    assert.equal(
      errorOf(inlineNode(old, { reg: ['exa mple.com'] }), 'reg'),
      'get registry endpoints: parse endpoint url: parse "dummy://exa mple.com": invalid character " " in host name',
    );
    const tls = { skipVerify: false, certFile: '/a.crt' };
    assert.equal(
      errorOf(inlineNode(old, { reg: ['https://m'] }, { m: { tls } }), 'reg'),
      'get TLSConfig for registry "https://m": cert file "/a.crt" was specified, but no corresponding key file was specified',
    );
    const caMissing = inlineNode(
      old,
      {},
      { reg: { tls: { skipVerify: false, caFile: '/ca.crt' } } },
      { tlsFiles: new Map([['/ca.crt', { kind: 'missing' }]]) },
    );
    assert.equal(
      errorOf(caMissing, 'reg'),
      'get TLSConfig for registry "https://reg": failed to load CA file: open /ca.crt: no such file or directory',
    );
  });
});

describe('registryHosts with dockerd', () => {
  const profile = profileFor({ kind: 'docker', version: '20.10.7' });

  test('uses mirrors for Docker Hub alone', () => {
    const node = dockerNode(
      profile,
      ['http://10.9.28.38/', 'https://m.example/proxy', 'm2.example', 'https://user@m3'],
      [],
    );
    assert.deepEqual(summary(node, 'docker.io'), [
      'http://10.9.28.38/v2',
      'https://m.example/proxy/v2',
      'https://registry-1.docker.io/v2 default',
    ]);
    assert.deepEqual(summary(node, 'ghcr.io'), ['https://ghcr.io/v2 default']);
  });

  test('asks an insecure registry by HTTPS without verification, then by HTTP', () => {
    const node = dockerNode(
      profile,
      ['https://10.1.2.3'],
      ['reg:5000', 'http://old:80', '10.0.0.0/8', 'fd00::/8'],
    );
    const both = (host: string): string[] => [
      `https://${host}/v2 insecure default`,
      `http://${host}/v2 insecure default`,
    ];
    for (const host of [
      'reg:5000',
      'old:80',
      '10.10.1.106:5000',
      '127.0.0.1:5000',
      'localhost:5000',
      '[fd00::1]:5000',
    ]) {
      assert.deepEqual(summary(node, host), both(host));
    }
    for (const host of ['reg', 'reg:5001', '11.0.0.1', '[fe00::1]:5000']) {
      assert.deepEqual(summary(node, host), [`https://${host}/v2 default`]);
    }
    assert.deepEqual(summary(node, 'docker.io')[0], 'https://10.1.2.3/v2 insecure');
  });
});

import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { nodeFilesInMemory } from '../../src/files/nodeFiles.ts';
import { containerdNode, type ContainerdNode } from '../../src/nodeRoot/containerdNode.ts';
import { parseReference } from '../../src/reference/parseReference.ts';
import { attempts } from '../../src/resolver/attempts.ts';
import { containerd } from '../support/profiles.ts';

const cri = 'plugins."io.containerd.grpc.v1.cri"';
const config = (text: string): Record<string, string> => ({
  '/etc/containerd/config.toml': `version = 2\n${text}`,
});
const withPath = (path: string): Record<string, string> =>
  config(`[${cri}.registry]\nconfig_path = "${path}"\n`);
const hosts = (url: string, rest = ''): string => `[host."${url}"]\n${rest}`;

function urlsOf(node: ContainerdNode, image: string): readonly string[] | string {
  const reference = parseReference(image);
  assert.ok(reference.ok);
  const result = attempts(node.configuration, reference.reference);
  return result.ok ? result.attempts.map(({ url }) => url.split('?')[0] ?? '') : result.error;
}

function read(files: Readonly<Record<string, string>>, version: string): ContainerdNode {
  return containerdNode(nodeFilesInMemory(files), containerd(version));
}

suite('containerdNode', () => {
  const certs = {
    '/etc/containerd/certs.d/reg.test/hosts.toml': hosts('https://mirror.test'),
    '/etc/docker/certs.d/quay.io/hosts.toml': hosts('https://quay-mirror.test'),
  };

  test('asks as the hosts directories say', () => {
    const node = read({ ...withPath('/etc/containerd/certs.d'), ...certs }, '1.7.34');
    assert.deepEqual(urlsOf(node, 'reg.test/a'), [
      'https://mirror.test/v2/a/manifests/latest',
      'https://reg.test/v2/a/manifests/latest',
    ]);
    assert.deepEqual(
      node.ignored.map(({ location, message }) => [location.file, message]),
      [
        [
          'etc/docker/certs.d/quay.io/hosts.toml',
          'containerd 1.7.34 does not read this file: `config_path` is `/etc/containerd/certs.d`',
        ],
      ],
    );
  });

  test('a list of folders is one folder for the transfer service', () => {
    const files = { ...withPath('/etc/containerd/certs.d:/etc/docker/certs.d'), ...certs };
    assert.equal(
      urlsOf(read(files, '2.0.11'), 'quay.io/a')[0],
      'https://quay-mirror.test/v2/a/manifests/latest',
    );
    const node = read(files, '2.1.9');
    assert.deepEqual(urlsOf(node, 'quay.io/a'), ['https://quay.io/v2/a/manifests/latest']);
    assert.match(
      node.ignored[0]?.message ?? '',
      /^containerd 2\.1\.9 does not read this file: it takes `\S+:\S+` for the name of one folder$/,
    );
  });

  test('a folder that has the whole list for its name is read', () => {
    const files = { ...withPath('/a:/b'), '/a:/b/reg.test/hosts.toml': hosts('https://mirror.test') };
    assert.equal(urlsOf(read(files, '2.1.9'), 'reg.test/a')[0], 'https://mirror.test/v2/a/manifests/latest');
  });

  test('without a config path nothing is read, and it is said', () => {
    const node = read({ ...config(''), ...certs }, '2.0.11');
    assert.deepEqual(urlsOf(node, 'reg.test/a'), ['https://reg.test/v2/a/manifests/latest']);
    assert.equal(
      node.ignored[0]?.message,
      'containerd 2.0.11 does not read this file: `config_path` is not set to `/etc/containerd/certs.d`',
    );
  });

  test('mirrors and logins of the file itself', () => {
    const text =
      `[${cri}.registry.mirrors."docker.io"]\nendpoint = ["http://m.test"]\n` +
      `[${cri}.registry.configs."m.test".auth]\nusername = "u"\npassword = "p"\n` +
      `[${cri}.registry.configs."empty.test".auth]\nusername = ""\n` +
      `[${cri}.registry.headers]\nX-Team = ["a", "b"]\n`;
    const { configuration } = read(config(text), '1.7.24');
    assert.equal(configuration.registry.form, 'inline');
    assert.deepEqual(
      configuration.credentials.map(({ host }) => host),
      ['m.test'],
    );
    assert.deepEqual(configuration.headers, [{ name: 'X-Team', values: ['a', 'b'] }]);
    assert.equal(configuration.forcesLocalPull, false);
    assert.equal(read(config(text), '2.1.9').configuration.forcesLocalPull, true);
    // Not even a name stands for a secret.
    assert.doesNotMatch(JSON.stringify(configuration), /"p"/);
  });

  test('an empty folder, a file and a folder named hosts.toml are what they are for containerd', () => {
    const root = '/etc/containerd/certs.d';
    const files = nodeFilesInMemory(
      {
        ...withPath(root),
        [`${root}/_default/hosts.toml`]: hosts('https://d.test'),
        [`${root}/file.test`]: '',
      },
      [`${root}/empty.test`, `${root}/folder.test/hosts.toml`],
    );
    const node = containerdNode(files, containerd('1.7.34'));
    assert.deepEqual(urlsOf(node, 'empty.test/a'), ['https://empty.test/v2/a/manifests/latest']);
    assert.equal(urlsOf(node, 'file.test/a'), `open ${root}/file.test/hosts.toml: not a directory`);
    assert.equal(urlsOf(node, 'folder.test/a'), `read ${root}/folder.test/hosts.toml: is a directory`);
    assert.equal(urlsOf(node, 'other.test/a')[0], 'https://d.test/v2/a/manifests/latest');
  });

  test('certificate files are looked for where their folder is known', () => {
    const root = '/etc/containerd/certs.d';
    const files = {
      ...withPath(root),
      [`${root}/here.test/hosts.toml`]: hosts('https://m.test', 'ca = "ca.crt"\n'),
      [`${root}/here.test/ca.crt`]: '-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n',
      [`${root}/gone.test/hosts.toml`]: hosts('https://m.test', 'ca = "ca.crt"\n'),
      [`${root}/elsewhere.test/hosts.toml`]: hosts('https://m.test', 'ca = "/opt/ca.crt"\n'),
      [`${root}/old.test/ca.crt`]: '',
    };
    const node = read(files, '1.7.34');
    const known = [...(node.configuration.tlsFiles ?? [])];
    assert.deepEqual(Object.fromEntries(known), {
      [`${root}/here.test/ca.crt`]: { kind: 'file', blocks: ['CERTIFICATE'] },
      [`${root}/gone.test/ca.crt`]: { kind: 'missing' },
      [`${root}/old.test/ca.crt`]: { kind: 'file', blocks: [] },
    });
    assert.match(String(urlsOf(node, 'gone.test/a')), /unable to read CA cert/);
    assert.equal(urlsOf(node, 'elsewhere.test/a').length, 2);
  });

  test('what is wrong in a hosts.toml is said', () => {
    const file = '/etc/containerd/certs.d/reg.test/hosts.toml';
    const dropped = read(
      { ...withPath('/etc/containerd/certs.d'), [file]: 'server = 5\n[host."x"]\n' },
      '2.1.9',
    );
    assert.match(dropped.ignored[0]?.message ?? '', /^containerd 2\.1\.9 drops the whole file: /);
    const unknown = read(
      { ...withPath('/etc/containerd/certs.d'), [file]: hosts('http://m.test', 'plain_http = true\n') },
      '2.1.9',
    );
    assert.deepEqual(
      unknown.ignored.map(({ location: { file: name, start } }) => [name, start.line]),
      [['etc/containerd/certs.d/reg.test/hosts.toml', 2]],
    );
  });

  test('a drop-in that nothing imports is not read', () => {
    const dropIn = '/etc/containerd/conf.d/a.toml';
    const imported = read({ ...config('imports = ["conf.d/*.toml"]\n'), [dropIn]: 'version = 2\n' }, '2.1.9');
    assert.deepEqual(imported.ignored, []);
    assert.match(
      read({ ...config(''), [dropIn]: '' }, '2.2.7').ignored[0]?.message ?? '',
      /does not import it$/,
    );
    assert.match(
      read({ [dropIn]: '' }, '2.2.7').ignored[0]?.message ?? '',
      /there is no `etc\/containerd\/config\.toml`/,
    );
  });

  test('a refused file leaves what containerd does without it', () => {
    const node = read(config(`[${cri}.registry]\nconfig_path = 5\n`), '1.7.24');
    assert.equal(node.startupError?.error, "(3, 1): Can't convert 5(int64) to string");
    assert.equal(node.configuration.registry.form, 'inline');
  });
});

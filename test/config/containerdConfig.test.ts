import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { loadContainerdConfig, type ContainerdConfig } from '../../src/config/containerdConfig.ts';
import { nodeFilesInMemory } from '../../src/files/nodeFiles.ts';
import { containerd } from '../support/profiles.ts';
import { settingCases, type Settings } from './settingCases.ts';
import { startCases, startVersions } from './startCases.ts';

function load(files: Readonly<Record<string, string>>, version: string): ContainerdConfig {
  return loadContainerdConfig(nodeFilesInMemory(files), containerd(version));
}

suite('config.toml: what stops containerd or its CRI plugin', () => {
  for (const { name, files, errors } of startCases) {
    test(name, () => {
      const found = startVersions.flatMap((version) => {
        const { startupError } = load(files, version);
        return startupError ? [[version, startupError.error]] : [];
      });
      assert.deepEqual(Object.fromEntries(found), errors);
    });
  }

  test('says which line does not go with which', () => {
    const text =
      'version = 2\n[plugins."io.containerd.grpc.v1.cri".registry]\nconfig_path = "/x"\nmirrors.a.endpoint = []\n';
    const { startupError } = load({ '/etc/containerd/config.toml': text }, '1.7.24');
    assert.equal(
      startupError?.message,
      'the CRI plugin is not loaded, so this node pulls nothing: `mirrors` cannot be set when `config_path` is provided (line 3)',
    );
    assert.deepEqual(startupError.location.start, { line: 4, column: 9 });
  });

  test('says in words that a file is no TOML', () => {
    const { startupError } = load(
      { '/etc/containerd/config.toml': 'version = 2\nroot = {{ .Root }}\n' },
      '2.1.9',
    );
    assert.match(
      startupError?.message ?? '',
      /^containerd does not start: `etc\/containerd\/config\.toml` is no valid TOML: /,
    );
    assert.equal(startupError?.location.start.line, 2);
  });

  test('a disabled CRI plugin is said as such', () => {
    for (const [version, name] of [
      ['1.7.24', 'io.containerd.grpc.v1.cri'],
      ['2.1.9', 'io.containerd.cri.v1.images'],
    ] as const) {
      const text = `version = 2\ndisabled_plugins = ["${name}"]\n`;
      const { startupError } = load({ '/etc/containerd/config.toml': text }, version);
      assert.equal(startupError?.error, `\`${name}\` is in \`disabled_plugins\``);
      assert.deepEqual(startupError.location.start, { line: 2, column: 21 });
    }
    const { startupError } = load(
      { '/etc/containerd/config.toml': 'disabled_plugins = ["cri"]\n' },
      '1.6.20',
    );
    assert.equal(startupError?.error, '`cri` is in `disabled_plugins`');
  });
});

function settingsOf(config: ContainerdConfig): Settings {
  const { configPath, mirrors, sandboxImage, forcesLocalPull } = config;
  const endpoints = [...mirrors].map(([host, mirror]) => [host, mirror.endpoints.map(({ value }) => value)]);
  return {
    ...(configPath && { configPath: configPath.value }),
    ...(mirrors.size > 0 && { mirrors: Object.fromEntries(endpoints) }),
    ...(sandboxImage && { sandboxImage: sandboxImage.value }),
    ...(forcesLocalPull && { forcesLocalPull }),
  };
}

suite('config.toml: what counts', () => {
  for (const { name, files, settings } of settingCases) {
    for (const [prefix, expected] of Object.entries(settings)) {
      const named = startVersions.filter((candidate) => candidate.startsWith(prefix));
      assert.ok(named.length > 0, `${name}: no version begins with ${prefix}`);
      for (const version of named) {
        test(`${name}, ${version}`, () => {
          const config = load(files, version);
          assert.equal(config.startupError, undefined);
          assert.deepEqual(settingsOf(config), expected);
        });
      }
    }
  }

  const defaults = '/etc/containerd/certs.d:/etc/docker/certs.d';
  const cases: readonly [string, string, string][] = [
    ['2.1.9', 'version = 3\n', ''],
    ['2.2.0', 'version = 3\n', defaults],
    ['2.2.0', 'version = 3\n[plugins."io.containerd.cri.v1.images".registry]\nconfig_path = ""\n', ''],
    ['2.2.0', 'version = 2\n[plugins."io.containerd.grpc.v1.cri".registry]\nconfig_path = ""\n', defaults],
    ['2.2.7', 'version = 3\n', defaults],
    ['2.2.7', 'version = 3\n[plugins."io.containerd.cri.v1.images".registry]\nconfig_path = ""\n', defaults],
    ['2.2.7', 'version = 3\n[plugins."io.containerd.cri.v1.images".registry.mirrors.a]\n', ''],
    ['2.3.4', 'version = 2\n[plugins."io.containerd.grpc.v1.cri".registry]\nconfig_path = "/x"\n', '/x'],
  ];
  for (const [version, text, expected] of cases) {
    test(`the config path of ${version} is ${JSON.stringify(expected)} with ${JSON.stringify(text)}`, () => {
      assert.equal(load({ '/etc/containerd/config.toml': text }, version).effectiveConfigPath, expected);
    });
  }

  test('auths are logins for the host of their URL, and Go takes the name in reg:5000 for a scheme', () => {
    const text = `version = 2\n${['https://reg.test:5000/v1/', 'reg.test', 'reg:5000']
      .map((key) => `[plugins."io.containerd.grpc.v1.cri".registry.auths."${key}"]\nusername = "u"\n`)
      .join('')}`;
    const { configs } = load({ '/etc/containerd/config.toml': text }, '1.7.24');
    assert.deepEqual([...configs.keys()], ['reg.test:5000', 'reg.test', '']);
    assert.equal(configs.get('reg.test')?.auth?.username?.value, 'u');
  });

  test('without a config.toml containerd has its defaults', () => {
    assert.equal(load({}, '2.3.4').effectiveConfigPath, defaults);
    assert.deepEqual(load({ '/etc/containerd/conf.d/a.toml': 'version = "x"' }, '1.7.24').loaded, []);
  });

  test('a value stands in the file that it comes from', () => {
    const files = {
      '/etc/containerd/config.toml': 'version = 3\nimports = ["conf.d/*.toml"]\n',
      '/etc/containerd/conf.d/a.toml':
        '[plugins."io.containerd.cri.v1.images".registry]\nconfig_path = "/x"\n',
    };
    const { configPath, loaded } = load(files, '2.1.9');
    assert.equal(configPath?.location.file, 'etc/containerd/conf.d/a.toml');
    assert.deepEqual(loaded, Object.keys(files));
  });
});

import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import * as fc from 'fast-check';
import { loadContainerdConfig } from '../../src/config/containerdConfig.ts';
import { nodeFilesInMemory } from '../../src/files/nodeFiles.ts';
import {
  mergeConfig,
  type MergedConfig,
  type WantedSettings,
} from '../../src/render/configToml/mergeConfig.ts';
import { containerd } from '../support/profiles.ts';

const configPath = '/etc/containerd/certs.d';
const withPath: WantedSettings = { registry: { configPath, tables: {} } };

function merge(
  version: string,
  files: Readonly<Record<string, string>>,
  wanted: WantedSettings = withPath,
): MergedConfig {
  const nodeFiles = nodeFilesInMemory(
    Object.fromEntries(Object.entries(files).map(([name, text]) => [`/etc/containerd/${name}`, text])),
  );
  const profile = containerd(version);
  return mergeConfig(nodeFiles, loadContainerdConfig(nodeFiles, profile), profile, wanted);
}

/** The merged config.toml. */
function merged(version: string, text: string, wanted?: WantedSettings): string {
  const result = merge(version, { 'config.toml': text }, wanted);
  assert.ok(result.ok, result.ok ? '' : result.reason);
  return result.files.get('/etc/containerd/config.toml') ?? '';
}

function lines(...texts: readonly string[]): string {
  return `${texts.join('\n')}\n`;
}

suite('a config.toml is merged into', () => {
  test('as `containerd config default` writes it: one value changes', () => {
    const text = (path: string): string =>
      lines(
        'version = 2',
        'imports = []',
        '',
        '[plugins]',
        '',
        '  [plugins."io.containerd.grpc.v1.cri"]',
        '    sandbox_image = "registry.k8s.io/pause:3.8" # the default',
        '',
        '    # where the mirrors are',
        '    [plugins."io.containerd.grpc.v1.cri".registry]',
        `      config_path = "${path}" # one folder`,
        '',
        '      [plugins."io.containerd.grpc.v1.cri".registry.headers]',
        '',
        '  [plugins."io.containerd.gc.v1.scheduler"]',
        '    pause_threshold = 0.02',
      );
    assert.equal(merged('1.7.24', text('')), text(configPath));
    assert.equal(merged('1.7.24', text(configPath)), text(configPath));
  });

  test('without the section: it comes behind the tables of the plugin, indented as they are', () => {
    const text = lines(
      '# ours',
      'version = 2',
      '[plugins."io.containerd.grpc.v1.cri"]',
      '    sandbox_image = "a/pause:1"',
      '[plugins."io.containerd.gc.v1.scheduler"]',
      '    pause_threshold = 0.02',
    );
    assert.equal(
      merged('1.6.20', text),
      lines(
        '# ours',
        'version = 2',
        '[plugins."io.containerd.grpc.v1.cri"]',
        '    sandbox_image = "a/pause:1"',
        '',
        '[plugins."io.containerd.grpc.v1.cri".registry]',
        '    config_path = "/etc/containerd/certs.d"',
        '[plugins."io.containerd.gc.v1.scheduler"]',
        '    pause_threshold = 0.02',
      ),
    );
  });

  test('with mirrors and logins of its own: they go, their comments above stay', () => {
    const text = lines(
      'version = 2',
      '',
      '# registries',
      '[plugins."io.containerd.grpc.v1.cri".registry.mirrors."docker.io"]',
      '  # the old one',
      '  endpoint = ["http://old:5000"]',
      '',
      '[plugins."io.containerd.grpc.v1.cri".registry.configs."old:5000".auth]',
      '  password = "secret"',
      '',
      '# metrics',
      '[metrics]',
      '  address = "127.0.0.1:1338"',
    );
    assert.equal(
      merged('1.7.24', text),
      lines(
        'version = 2',
        '',
        '# registries',
        '[plugins."io.containerd.grpc.v1.cri".registry]',
        '  config_path = "/etc/containerd/certs.d"',
        '',
        '# metrics',
        '[metrics]',
        '  address = "127.0.0.1:1338"',
      ),
    );
  });

  test('with logins to add', () => {
    const tables = { configs: { 'mirror:5000': { auth: { username: 'robot', password: '${PASSWORD}' } } } };
    assert.equal(
      merged('2.1.9', lines('version = 3', '[metrics]', 'address = "a"'), {
        registry: { configPath, tables },
      }),
      lines(
        'version = 3',
        '[metrics]',
        'address = "a"',
        '',
        '[plugins."io.containerd.cri.v1.images".registry]',
        'config_path = "/etc/containerd/certs.d"',
        '',
        '[plugins."io.containerd.cri.v1.images".registry.configs."mirror:5000".auth]',
        '  username = "robot"',
        '  password = "${PASSWORD}"',
      ),
    );
  });

  test('with dotted keys', () => {
    assert.equal(
      merged(
        '2.1.9',
        lines(
          'version = 2',
          '[plugins."io.containerd.grpc.v1.cri"]',
          'registry.mirrors."docker.io".endpoint = ["http://old"]',
          'registry.headers.X-A = ["b"]',
          'sandbox_image = "a"',
        ),
        { registry: { configPath, tables: { configs: { h: { auth: { password: '${P}' } } } } } },
      ),
      lines(
        'version = 2',
        '[plugins."io.containerd.grpc.v1.cri"]',
        'registry.headers.X-A = ["b"]',
        'registry.config_path = "/etc/containerd/certs.d"',
        'registry.configs = { h = { auth = { password = "${P}" } } }',
        'sandbox_image = "a"',
      ),
    );
  });

  test('with inline tables', () => {
    assert.equal(
      merged(
        '2.1.9',
        lines(
          'version = 2',
          'plugins = { "io.containerd.grpc.v1.cri" = { sandbox_image = "a", registry = { mirrors = { "docker.io" = { endpoint = ["http://old"] } } } }, x.y.z.w = { a = 1 } } # all',
        ),
        { ...withPath, sandboxImage: 'b/pause:1' },
      ),
      lines(
        'version = 2',
        'plugins = { "io.containerd.grpc.v1.cri" = { sandbox_image = "b/pause:1", registry = { config_path = "/etc/containerd/certs.d" } }, x.y.z.w = { a = 1 } } # all',
      ),
    );
  });

  test('with CRLF at the ends of its lines, and none at its end', () => {
    assert.equal(
      merged('1.7.24', 'version = 2\r\n[plugins."io.containerd.grpc.v1.cri".registry]\r\n  # none'),
      'version = 2\r\n[plugins."io.containerd.grpc.v1.cri".registry]\r\n  config_path = "/etc/containerd/certs.d"\r\n  # none',
    );
    assert.equal(
      merged('1.7.24', 'version = 2\r\n[metrics]'),
      'version = 2\r\n[metrics]\r\n\r\n[plugins."io.containerd.grpc.v1.cri".registry]\r\n  config_path = "/etc/containerd/certs.d"\r\n',
    );
  });

  test('with the section under a name that the version does not read: it moves to the right one', () => {
    const wrong = lines(
      'version = 3',
      '[plugins."io.containerd.grpc.v1.cri".registry]',
      'config_path = "/old"',
      '[plugins."io.containerd.cri.v1.images"]',
      'max_concurrent_downloads = 5',
    );
    assert.equal(
      merged('2.1.9', wrong),
      lines(
        'version = 3',
        '[plugins."io.containerd.cri.v1.images"]',
        'max_concurrent_downloads = 5',
        '',
        '[plugins."io.containerd.cri.v1.images".registry]',
        'config_path = "/etc/containerd/certs.d"',
      ),
    );
  });

  for (const [version, text, section] of [
    ['1.6.20', '', 'cri'],
    ['1.6.20', 'version = 1\n', 'cri'],
    ['1.7.24', 'version = 2\n', '"io.containerd.grpc.v1.cri"'],
    ['2.1.9', '', '"io.containerd.cri.v1.images"'],
    ['2.1.9', 'version = 2\n', '"io.containerd.grpc.v1.cri"'],
    ['2.1.9', 'version = 3\n', '"io.containerd.cri.v1.images"'],
    ['2.3.4', '', 'cri'],
    ['2.3.4', 'version = 4\n', '"io.containerd.cri.v1.images"'],
  ] as const) {
    test(`${JSON.stringify(text)} in ${version}: the section is that of ${section}`, () => {
      const result = merged(version, text);
      assert.ok(result.includes(`[plugins.${section}.registry]\n`), result);
      assert.ok(result.startsWith(text));
    });
  }

  test('for inline mirrors: the config path goes', () => {
    const tables = { mirrors: { 'docker.io': { endpoint: ['http://mirror:5000'] } } };
    assert.equal(
      merged(
        '1.6.20',
        lines('version = 2', '[plugins."io.containerd.grpc.v1.cri".registry]', '  config_path = "/old"'),
        { registry: { tables } },
      ),
      lines(
        'version = 2',
        '[plugins."io.containerd.grpc.v1.cri".registry]',
        '',
        '[plugins."io.containerd.grpc.v1.cri".registry.mirrors."docker.io"]',
        '  endpoint = [ "http://mirror:5000" ]',
      ),
    );
  });

  test('for a sandbox image, under the key of the version', () => {
    const sandboxImage = 'mirror:5000/pause:3.9';
    assert.equal(
      merged(
        '2.1.9',
        lines('version = 3', '[plugins."io.containerd.cri.v1.images".pinned_images]', 'sandbox = "a"'),
        {
          sandboxImage,
        },
      ),
      lines(
        'version = 3',
        '[plugins."io.containerd.cri.v1.images".pinned_images]',
        'sandbox = "mirror:5000/pause:3.9"',
      ),
    );
    assert.equal(
      merged('1.7.24', lines('version = 2'), { sandboxImage }),
      lines(
        'version = 2',
        '',
        '[plugins."io.containerd.grpc.v1.cri"]',
        '  sandbox_image = "mirror:5000/pause:3.9"',
      ),
    );
  });
});

suite('a config.toml with imports is merged into', () => {
  const main = lines(
    'version = 2',
    'imports = ["conf.d/*.toml"]',
    '[plugins."io.containerd.grpc.v1.cri".registry]',
    'config_path = "/old"',
  );
  const dropIn = lines('version = 2', '[plugins."io.containerd.grpc.v1.cri"]', 'sandbox_image = "a"');

  test('in 1.x where the drop-in file replaces the section', () => {
    const result = merge('1.7.24', { 'config.toml': main, 'conf.d/a.toml': dropIn });
    assert.ok(result.ok);
    assert.equal(
      result.files.get('/etc/containerd/conf.d/a.toml'),
      lines(
        'version = 2',
        '[plugins."io.containerd.grpc.v1.cri"]',
        'sandbox_image = "a"',
        '',
        '[plugins."io.containerd.grpc.v1.cri".registry]',
        'config_path = "/etc/containerd/certs.d"',
      ),
    );
    assert.ok(!result.files.get('/etc/containerd/config.toml')?.includes('/old'));
  });

  test('in 2.x where the drop-in file says nothing of registries, in the main file', () => {
    const result = merge('2.1.9', { 'config.toml': main, 'conf.d/a.toml': dropIn });
    assert.ok(result.ok);
    assert.deepEqual([...result.files], [['/etc/containerd/config.toml', main.replace('/old', configPath)]]);
  });

  test('in 2.x where the drop-in file has a registry section too, in that', () => {
    const other = lines(
      'version = 2',
      '[plugins."io.containerd.grpc.v1.cri".registry.mirrors.a]',
      'endpoint = ["b"]',
    );
    const result = merge('2.1.9', { 'config.toml': main, 'conf.d/a.toml': other });
    assert.ok(result.ok);
    assert.equal(
      result.files.get('/etc/containerd/conf.d/a.toml'),
      lines(
        'version = 2',
        '[plugins."io.containerd.grpc.v1.cri".registry]',
        '  config_path = "/etc/containerd/certs.d"',
      ),
    );
    assert.equal(
      result.files.get('/etc/containerd/config.toml'),
      lines('version = 2', 'imports = ["conf.d/*.toml"]'),
    );
  });
});

suite('a config.toml is not merged into', () => {
  for (const [what, version, text, reason] of [
    ['when it is no TOML', '2.1.9', 'version = ', /config\.toml` is no valid TOML/],
    ['when its version is too new', '1.7.24', 'version = 3\n', /unsupported config version/],
    [
      'when the CRI is disabled',
      '1.7.24',
      'version = 2\ndisabled_plugins = ["io.containerd.grpc.v1.cri"]\n',
      /disabled_plugins/,
    ],
  ] as const) {
    test(what, () => {
      const result = merge(version, { 'config.toml': text });
      assert.ok(!result.ok, result.ok ? [...result.files].join('\n') : '');
      assert.match(result.reason, reason);
    });
  }
});

suite('whatever way a config.toml is written in', () => {
  const plugin = fc.constantFrom('io.containerd.grpc.v1.cri', 'io.containerd.cri.v1.images');
  const body = fc.subarray([
    'config_path = ""',
    'config_path = "/old"',
    'mirrors."docker.io".endpoint = ["http://old"]',
    'configs."old".auth.password = "x"',
    'headers.X-A = ["b"]',
    'unknown = 1',
  ]);
  const part = fc.oneof(
    fc
      .tuple(plugin, body)
      .map(([name, texts]) => `[plugins.'${name}'.registry]\n${texts.map((t) => `\t${t}\n`).join('')}`),
    fc
      .tuple(plugin, body)
      .map(([name, texts]) => `[plugins.'${name}']\n${texts.map((t) => `  registry.${t}\n`).join('')}`),
    fc
      .tuple(plugin, body)
      .map(([name, texts]) => `[plugins.'${name}']\nregistry = { ${texts.join(', ')} } # inline\n`),
    fc
      .tuple(plugin)
      .map(([name]) => `[plugins.'${name}'.registry.mirrors."quay.io"]\nendpoint = [\n  "a", # b\n]\n`),
    fc.constant('# a comment\n\n'),
    fc.constant("[plugins.'io.containerd.gc.v1.scheduler']\n  pause_threshold = 0.02 # what\n\n"),
    fc.constant(
      "[plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runc.options]\nSystemdCgroup = true\n",
    ),
    fc.constant(
      "[plugins.'io.containerd.grpc.v1.cri'.containerd.runtimes.runc.options]\nSystemdCgroup = true\n",
    ),
  );
  const file = fc.tuple(
    fc.constantFrom('', 'version = 2\n', 'version = 3\n'),
    fc.array(part, { maxLength: 5 }),
  );

  test('the merged one says what it should, merging again changes nothing, and comments and other settings stay', () => {
    let mergedFiles = 0;
    fc.assert(
      fc.property(
        file,
        fc.constantFrom('1.6.20', '1.7.24', '2.1.9', '2.2.7', '2.3.4'),
        fc.boolean(),
        ([head, parts], version, isCrlf) => {
          const text = (head + parts.join('')).replaceAll('\n', isCrlf ? '\r\n' : '\n');
          const result = merge(version, { 'config.toml': text });
          if (!result.ok) return;
          mergedFiles += 1;
          const after = result.files.get('/etc/containerd/config.toml') ?? '';
          const files = nodeFilesInMemory({ '/etc/containerd/config.toml': after });
          const config = loadContainerdConfig(files, containerd(version));
          assert.equal(config.startupError, undefined);
          assert.equal(config.effectiveConfigPath, configPath);
          assert.deepEqual([config.mirrors.size, config.configs.size], [0, 0]);
          assert.equal(merged(version, after), after);
          for (const kept of ['# a comment', '# what', 'SystemdCgroup = true']) {
            assert.equal(after.split(kept).length, text.split(kept).length, kept);
          }
          if (isCrlf && text !== '') assert.doesNotMatch(after, /(?<!\r)\n/);
        },
      ),
      { numRuns: 500, seed: 20_261_121 },
    );
    assert.ok(mergedFiles > 200, `${mergedFiles} files were merged`);
  });
});

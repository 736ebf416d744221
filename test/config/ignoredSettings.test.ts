import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { loadContainerdConfig } from '../../src/config/containerdConfig.ts';
import { nodeFilesInMemory } from '../../src/files/nodeFiles.ts';
import { containerd } from '../support/profiles.ts';

const main = '/etc/containerd/config.toml';
const cri = 'plugins."io.containerd.grpc.v1.cri"';
const images = 'plugins."io.containerd.cri.v1.images"';

function ignoredIn(files: Readonly<Record<string, string>>, version: string): readonly string[] {
  const { ignored } = loadContainerdConfig(nodeFilesInMemory(files), containerd(version));
  return ignored.map(({ location: { file, start }, message, fix }) => {
    const advice = fix ? ` -> ${fix.message}` : '';
    return `${file.replace('etc/containerd/', '')}:${start.line}:${start.column} ${message}${advice}`;
  });
}

interface IgnoredCase {
  readonly name: string;
  readonly version: string;
  readonly text: string;
  readonly dropIn?: string;
  readonly expected: readonly string[];
}

const cases: readonly IgnoredCase[] = [
  {
    name: 'nothing where all counts',
    version: '1.7.24',
    text: `version = 2\n[${cri}]\nsandbox_image = "p"\nsystemd_cgroup = false\n[${cri}.registry.configs.h.tls]\nca_file = "x"\n`,
    expected: [],
  },
  {
    name: 'the name of a later version',
    version: '1.7.24',
    text: `version = 2\n[${images}.registry]\nconfig_path = "/x"\n`,
    expected: [
      'config.toml:2:40 containerd 1.7.24 ignores `registry` under `io.containerd.cri.v1.images` in a file of version 2 -> put it under `io.containerd.grpc.v1.cri`',
    ],
  },
  {
    name: 'the name of an earlier version',
    version: '2.1.9',
    text: `version = 3\n[${cri}]\nsandbox_image = "p"\n`,
    expected: [
      'config.toml:3:1 containerd 2.1.9 ignores `sandbox_image` under `io.containerd.grpc.v1.cri` in a file of version 3 -> put it under `io.containerd.cri.v1.images`',
    ],
  },
  {
    name: 'a file without version',
    version: '2.1.9',
    text: '[plugins.cri.registry]\nconfig_path = "/x"\n',
    expected: [
      'config.toml:1:14 containerd 2.1.9 ignores `registry` under `cri` without `version = 2` or later -> begin the file with `version = 2`',
    ],
  },
  {
    name: 'a file without version since 2.3',
    version: '2.3.4',
    text: '[plugins.cri.registry]\nconfig_path = "/x"\n',
    expected: [],
  },
  {
    name: 'a drop-in that makes version 3 of all files',
    version: '2.1.9',
    text: `version = 2\nimports = ["a.toml"]\n[${cri}.registry]\nconfig_path = "/x"\n`,
    dropIn: 'version = 3\n',
    expected: [
      'config.toml:3:38 containerd 2.1.9 ignores `registry` under `io.containerd.grpc.v1.cri` because `etc/containerd/a.toml` makes all files count as version 3 -> put it under `io.containerd.cri.v1.images`',
    ],
  },
  {
    name: 'settings in no section',
    version: '1.7.24',
    text: 'version = 2\nsandbox_image = "p"\n[registry]\nconfig_path = "/x"\n',
    expected: [
      'config.toml:2:1 `sandbox_image` is no key of config.toml itself: containerd ignores it -> put it under `plugins."io.containerd.grpc.v1.cri"`',
      'config.toml:3:2 `registry` is no key of config.toml itself: containerd ignores it -> put it under `plugins."io.containerd.grpc.v1.cri"`',
    ],
  },
  {
    name: 'quotes around too much',
    version: '1.7.24',
    text: 'version = 2\n[plugins."io.containerd.grpc.v1.cri.registry"]\nconfig_path = "/x"\n',
    expected: [
      'config.toml:2:10 containerd has no plugin `io.containerd.grpc.v1.cri.registry`: it ignores this section -> name the section `plugins."io.containerd.grpc.v1.cri"`, each part in its own quotes',
    ],
  },
  {
    name: 'one level too high, and misspelled',
    version: '1.7.24',
    text: `version = 2\n[${cri}]\nconfig_path = "/x"\nsandbox-image = "p"\n[${cri}.registry]\nconfig-path = "/x"\n[${cri}.registry.mirrors.h]\nendpoints = []\n`,
    expected: [
      'config.toml:3:1 `config_path` is no key of `io.containerd.grpc.v1.cri`: containerd ignores it -> put it under `registry`',
      'config.toml:4:1 `sandbox-image` is no key of `io.containerd.grpc.v1.cri`: containerd ignores it -> write `sandbox_image`',
      'config.toml:6:1 `config-path` is no key of `registry`: containerd ignores it -> write `config_path`',
      'config.toml:8:1 `endpoints` is no key of the mirror `h`: containerd ignores it -> write `endpoint`',
    ],
  },
  {
    name: 'the sandbox image of 1.x in the section of 2.x',
    version: '2.1.9',
    text: `version = 3\n[${images}]\nsandbox_image = "p"\n`,
    expected: [
      'config.toml:3:1 `sandbox_image` is no key of `io.containerd.cri.v1.images`: containerd ignores it -> write it as `pinned_images.sandbox`',
    ],
  },
  {
    name: 'TLS settings since 2.0',
    version: '2.0.11',
    text: `version = 2\n[${cri}.registry.configs.h.tls]\nca_file = "x"\n`,
    expected: [
      'config.toml:2:57 containerd 2.0.11 ignores `configs.*.tls`: since 2.0 TLS settings belong into hosts.toml',
    ],
  },
  {
    name: 'a section that a drop-in replaces whole',
    version: '1.7.24',
    text: `version = 2\nimports = ["a.toml"]\n[${cri}]\nsandbox_image = "p"\n[${cri}.registry]\nconfig_path = "/x"\n`,
    dropIn: `version = 2\n[${cri}.registry]\nconfig_path = "/y"\n`,
    expected: [
      'config.toml:4:1 `sandbox_image` is lost: the section `io.containerd.grpc.v1.cri` in `etc/containerd/a.toml`, line 2, replaces this one whole -> repeat it there',
    ],
  },
  {
    name: 'a section that a drop-in is merged into',
    version: '2.1.9',
    text: `version = 2\nimports = ["a.toml"]\n[${cri}]\nsandbox_image = "p"\n[${cri}.registry]\nconfig_path = "/x"\n`,
    dropIn: `version = 2\n[${cri}.registry]\nconfig_path = "/y"\n`,
    expected: [],
  },
  {
    name: 'the newer of two names in a file of version 2',
    version: '2.1.9',
    text: `version = 2\n[${images}.registry]\nconfig_path = "/x"\n[${images}.registry.headers]\na = ["b"]\n[${cri}.registry]\nconfig_path = "/y"\n`,
    expected: [
      'config.toml:4:49 `headers` is lost: the section `registry` in line 6 replaces this one whole -> repeat it there',
    ],
  },
  {
    name: 'the config path of the transfer plugin',
    version: '2.1.9',
    text: 'version = 3\n[plugins."io.containerd.transfer.v1.local"]\nconfig_path = "/x"\n',
    expected: [
      'config.toml:3:1 containerd does nothing with the `config_path` of its transfer plugin -> put it under `plugins."io.containerd.cri.v1.images".registry`',
    ],
  },
  {
    name: 'settings that decide about the transfer service',
    version: '2.1.9',
    text: `version = 2\n[${cri}]\nuse_local_image_pull = true\n[${cri}.containerd]\ndiscard_unpacked_layers = true\n`,
    expected: [
      'config.toml:3:1 containerd ignores `use_local_image_pull` under `io.containerd.grpc.v1.cri` -> put it under `io.containerd.cri.v1.images`',
      'config.toml:5:1 containerd 2.1.9 takes `discard_unpacked_layers` over only where there is a `containerd.runtimes` table -> put it under `io.containerd.cri.v1.images`',
    ],
  },
];

suite('config.toml: what containerd ignores', () => {
  for (const { name, version, text, dropIn, expected } of cases) {
    test(`${name}, ${version}`, () => {
      const files = { [main]: text, ...(dropIn !== undefined && { '/etc/containerd/a.toml': dropIn }) };
      assert.deepEqual(ignoredIn(files, version), expected);
    });
  }
});

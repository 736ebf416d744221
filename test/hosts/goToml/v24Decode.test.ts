import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { loadContainerdConfig } from '../../../src/config/containerdConfig.ts';
import { nodeFilesInMemory } from '../../../src/files/nodeFiles.ts';
import { parseHostsToml } from '../../../src/hosts/hostsToml.ts';
import { containerd } from '../../support/profiles.ts';

const profile = { ...containerd('2.1.9'), goToml: '2.4' } as const;
const root = String.raw`struct { config.hostFileConfig; Server string "toml:\"server\""; HostConfigs map[string]config.hostFileConfig "toml:\"host\"" }`;

// The words are those of the library, decoding into the types of containerd.
suite('values of a wrong type for go-toml 2.4', () => {
  const hosts: readonly (readonly [string, string])[] = [
    ['[[host]]', 'cannot store an array table in a map'],
    ['[[host."https://a"]]', 'cannot store an array table in a struct'],
    ['[[skip_verify]]', 'cannot store an array table in a bool'],
    ['[server]', 'cannot store a table in a string'],
    ['[capabilities]', 'cannot store a table in a string'],
    ['[host]\n"https://a" = "x"', 'cannot decode TOML string into config.hostFileConfig'],
    [
      'host."https://a" = 1',
      `cannot decode TOML integer into struct field ${root}.HostConfigs of type config.hostFileConfig`,
    ],
    ['skip_verify = "true"', `cannot decode TOML string into struct field ${root}.SkipVerify of type bool`],
    [
      'capabilities = ["pull", 1]',
      `cannot decode TOML integer into struct field ${root}.Capabilities of type string`,
    ],
    ['capabilities.x = 1', `cannot decode TOML table into struct field ${root}.Capabilities of type string`],
    [
      '[host.a]\noverride_path = 07:32',
      'cannot decode TOML local time into struct field config.hostFileConfig.OverridePath of type bool',
    ],
    ['server = { a = 1 }', `cannot decode TOML inline table into struct field ${root}.Server of type string`],
    ['ca = [1, 99999999999999999999]', 'decimal number is too large to fit in a 64-bit signed integer'],
  ];
  for (const [text, words] of hosts) {
    test(`hosts.toml: ${JSON.stringify(text)}`, () => {
      const result = parseHostsToml('hosts.toml', text, profile);
      assert.equal('dropped' in result && result.dropped.message, `toml: ${words}`);
    });
  }

  test('what nobody decodes may be of any type', () => {
    const text = 'other = 99999999999999999999\n[more]\na = 1\n[host."https://a".unknown]\nb = 2021-13-01\n';
    assert.ok('hostsFile' in parseHostsToml('hosts.toml', text, profile));
  });

  const configs: readonly (readonly [string, string])[] = [
    [
      'version = "2"',
      'failed to unmarshal TOML at row 1 column 11: toml: cannot decode TOML string into struct field config.Config.Version of type int',
    ],
    [
      'version = 2\n[timeouts.x]',
      'failed to unmarshal TOML at row 2 column 2: toml: cannot store a table in a string',
    ],
    [
      'version = 2\n[timeouts]\nx = 1',
      'failed to unmarshal TOML at row 3 column 5: toml: cannot decode TOML integer into string',
    ],
    [
      'version = 2\n[plugins."io.containerd.grpc.v1.cri".registry.mirrors]\nconfig_path = "/x"',
      'toml: cannot decode TOML string into config.Mirror',
    ],
  ];
  for (const [text, error] of configs) {
    test(`config.toml: ${JSON.stringify(text)}`, () => {
      const files = nodeFilesInMemory({ '/etc/containerd/config.toml': text });
      assert.equal(loadContainerdConfig(files, profile).startupError?.error, error);
    });
  }
});

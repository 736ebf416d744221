import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { parse as parseToml } from 'smol-toml';
import { readCommand } from '../support/runnerCommand.ts';
import { pod, withSandbox, type Sandbox } from './sandbox.ts';

/** Texts that somebody would like to see obeyed by the runner, or by a terminal. */
const forgeries = [
  '::error file=a.yaml,line=1::forged',
  '::add-mask::forged',
  '::stop-commands::forged',
  '##[error]forged',
  '##[add-mask]forged',
  '\n::error::forged',
  '\r::warning::forged',
  '\u2028::notice::forged',
  ' \t::error::forged',
  '%0A::error::forged',
  '\u001b[2J\u001b[31mforged',
  '\u009b31mforged',
  '\u202eforged\u2066\u200b',
  '\u0007\b\b\bforged',
] as const;

/** A repository with a text in every place of which a report speaks. */
function writeForgery({ write }: Sandbox, text: string, path: string): void {
  const quoted = JSON.stringify(text);
  write(`${path}.yaml`, pod(quoted).replace('name: app', `name: ${quoted}`));
  write(`${path}-valid.yaml`, pod('a.b/app').replace('name: app', `name: ${quoted}`));
  write(`${path}/broken.yaml`, `apiVersion: v1\nkind: Pod\n${quoted}: [\n`);
  write('certs.d/a.b/hosts.toml', `[host.${quoted.replaceAll('\\b', '\\u0008')}]\n${quoted} = 1\n`);
  write(
    'registries.yaml',
    [
      `mirrors: {${quoted}: {endpoint: [${quoted}]}, a.b: {endpoint: [${quoted}, "http://m/v2/x"], rewrite: {${quoted}: ${quoted}}}}`,
      `configs: {${quoted}: {auth: {username: ${quoted}, password: ${quoted}}, tls: {ca_file: ${quoted}}}, m: {tls: {ca_file: ${quoted}}}}`,
      `nodes: [{name: ${quoted}, runtime: ${quoted}, configPath: ${quoted}}, {name: k, runtime: "k3s://v1.31", labels: {${quoted}: ${quoted}}}, {from: ${quoted}}]`,
      `images: [${quoted}]`,
      `checks: {${quoted}: off, mutable-tag: {ignore: [{file: ${quoted}, reason: ${quoted}}]}}`,
      `${quoted}: 1`,
      '',
    ].join('\n'),
  );
}

/** The output of every command in every format but `github`. */
async function outputs({ call, repository }: Sandbox): Promise<string[]> {
  const results = [
    await call('check'),
    await call('check', '--format', 'json'),
    await call('images'),
    await call('images', '--format', 'json'),
    await call('images', '--why', 'a.b/app'),
    await call('images', '--why', 'a.b/app', '--format', 'json'),
    await call('explain', 'a.b/app:1'),
    await call('explain', '--format', 'json', 'a.b/app:1'),
    await call('explain', '--node', 'nobody', 'a.b/app:1'),
    await call('render'),
    await call('render', '--format', 'json'),
    await call('render', '--out', join(repository, 'rendered')),
  ];
  return results.map(({ out, error }) => out + error);
}

/** Characters that a terminal obeys or hides. */
const hidden = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

suite('what is printed', () => {
  for (const text of forgeries) {
    test(`holds no command and nothing hidden where the repository says ${JSON.stringify(text)}`, () => {
      return withSandbox(async (sandbox) => {
        // No name of a file can hold a slash.
        writeForgery(sandbox, text, text.replaceAll('/', '_'));
        for (const printed of await outputs(sandbox)) {
          assert.doesNotMatch(printed, hidden);
          for (const line of printed.split('\n')) assert.equal(readCommand(line), undefined, line);
        }
      });
    });

    test(`has only annotations of mirrorproof's own where the repository says ${JSON.stringify(text)}`, () => {
      return withSandbox(async (sandbox) => {
        writeForgery(sandbox, text, text.replaceAll('/', '_'));
        const { out } = await sandbox.call('check', '--format', 'github');
        assert.doesNotMatch(out, hidden);
        for (const line of out.trimEnd().split('\n')) {
          const command = readCommand(line);
          assert.match(command?.command ?? '', /^(error|warning|notice)$/, line);
          assert.match(command?.properties['title'] ?? '', /^mirrorproof: [a-z-]+$/);
        }
      });
    });
  }

  test('says in JSON exactly what the repository says', () => {
    return withSandbox(async (sandbox) => {
      for (const text of forgeries) {
        writeForgery(sandbox, text, 'a');
        const { images } = JSON.parse((await sandbox.call('images', '--format', 'json')).out) as {
          images: { image: string }[];
        };
        assert.ok(
          images.some(({ image }) => image === text),
          text,
        );
      }
    });
  });
});

suite('secrets', () => {
  const secret = 'hunter2-wdT9';
  const places: readonly (readonly [what: string, registries: string])[] = [
    ['a password', `configs: {a.b: {auth: {username: robot, password: ${secret}}}}`],
    [
      'a password in a block',
      `configs:\n  a.b:\n    auth:\n      password: |\n        ${secret}\n      usrname: x\n`,
    ],
    ['an encoded login', `configs:\n  a.b:\n    auth:\n      auth: ${secret}\n`],
    ['a token', `configs:\n  a.b:\n    auth:\n      identity_token: ${secret}\n`],
    ['a misspelled password', `configs:\n  a.b:\n    auth:\n      pasword: ${secret}\n`],
    ['a key that nobody knows in a login', `configs:\n  a.b:\n    auth:\n      key: ${secret}\n`],
    ['a misplaced password', `configs:\n  a.b:\n    password: ${secret}\n`],
    [
      'a password that stands twice',
      `configs:\n  a.b:\n    auth:\n      password: ${secret}\n      password: ${secret}\n`,
    ],
    ['a password that is no text', `configs:\n  a.b:\n    auth:\n      password: [${secret}]\n`],
    ['a password that begins like an alias', `configs:\n  a.b:\n    auth:\n      password: *${secret}\n`],
    ['a password that begins like a tag', `configs:\n  a.b:\n    auth:\n      password: !${secret}\n`],
    ['a password that begins like a block', `configs:\n  a.b:\n    auth:\n      password: |${secret}\n`],
    ['a password with an unfinished quote', `configs:\n  a.b:\n    auth:\n      password: "${secret}\n`],
    ['a password with an escape', `configs:\n  a.b:\n    auth:\n      password: "\\${secret}"\n`],
    [
      'a login in an endpoint',
      `mirrors: {a.b: {endpoint: ["http://robot:${secret}@c.d", "http://robot:${secret}@c.d"]}}`,
    ],
    [
      'a login in an endpoint without a scheme',
      `mirrors:\n  a.b:\n    endpoint:\n    - robot:${secret}@c.d\n`,
    ],
    ['a login in a mirror key', `mirrors:\n  "http://robot:${secret}@c.d": {}\n`],
    ['a login in a key of configs', `configs:\n  "http://robot:${secret}@c.d": {tls: {}}\n`],
    ['logins of nodes', `nodes: [{name: a, configs: {a.b: {auth: {password: ${secret}}}}}]`],
    [
      'a login in config.toml',
      'nodes: [{name: a, runtime: "containerd://1.7.22", containerdConfig: config.toml}]',
    ],
    [
      'a login in config.toml on an old node',
      'nodes: [{name: a, runtime: "containerd://1.6.20", containerdConfig: config.toml}]',
    ],
  ];
  const configToml = `version = 2
[plugins."io.containerd.grpc.v1.cri".registry.configs."a.b".auth]
  username = "robot"
  password = "${secret}"
  passwrd = "${secret}"
[plugins."io.containerd.grpc.v1.cri".registry.configs."a.b"]
  password = "${secret}"
[plugins."io.containerd.grpc.v1.cri".registry.mirrors."c.d"]
  endpoint = ["http://robot:${secret}@c.d"]
`;
  for (const [what, registries] of places) {
    for (const runtime of [
      '',
      '{name: k, runtime: "k3s://v1.31"}',
      '{name: i, runtime: "containerd://1.6.20", configPath: ""}',
      '{name: d, runtime: "docker://20.10.7"}',
    ]) {
      test(`${what} is never shown${runtime === '' ? '' : ` with the node ${runtime}`}`, () => {
        return withSandbox(async (sandbox) => {
          const { write, call, repository } = sandbox;
          const nodes = runtime === '' || registries.includes('nodes:') ? '' : `\nnodes: [${runtime}]\n`;
          write('registries.yaml', `${registries}${nodes}`);
          write('config.toml', configToml);
          write(
            'certs.d/a.b/hosts.toml',
            `server = "http://robot:${secret}@c.d"\n[host."http://robot:${secret}@c.d"]\n`,
          );
          write('pod.yaml', pod('a.b/app'));
          const printed = [...(await outputs(sandbox)), (await call('check', '--format', 'github')).out];
          for (const text of [...printed, ...textsBelow(join(repository, 'rendered'))]) {
            assert.ok(!text.includes(secret), text);
          }
        });
      });
    }
  }
});

suite('rendered files', () => {
  const names = [
    '../../../outside/x',
    '/etc/passwd',
    '..',
    '.',
    '',
    'a\nb',
    '-rf',
    '$(touch x)',
    '`touch x`',
    'a/b/c',
    'C:\\x',
    '\u0430dmin',
    'n'.repeat(10_000),
    `${'n'.repeat(10_000)}x`,
    'NUL',
  ];

  test('lie in the output folder, whatever the nodes are called', () => {
    return withSandbox(({ write, run, repository }) => {
      const nodes = names.map(
        (name, index) => `{name: ${JSON.stringify(name)}, mirrors: {a.b: {endpoint: ["http://m${index}"]}}}`,
      );
      write('registries.yaml', `nodes: [${nodes.join(', ')}]\n`);
      assert.equal(run('render', '--out', 'rendered').exitCode, 0);
      const folders = readdirSync(join(repository, 'rendered/nodes'));
      assert.ok(
        folders.every((name) => /^[A-Za-z0-9_%][A-Za-z0-9._%-]*$|^-/.test(name)),
        folders.join('\n'),
      );
      assert.equal(new Set(folders).size, folders.length);
      assert.ok(folders.length >= names.length - 1, folders.join('\n'));
    });
  });

  test('lie in the output folder, whatever the mirrors and paths are called', () => {
    return withSandbox(({ write, run, repository }) => {
      const mirrors = names.map((name) => `${JSON.stringify(name)}: {endpoint: ["http://m"]}`);
      const nodes = names.map(
        (name, index) =>
          `{name: n${index}, runtime: "containerd://1.7.22", configPath: ${JSON.stringify(`/${name}`)}}`,
      );
      write(
        'registries.yaml',
        `mirrors: {a.b: {endpoint: ["http://m"]}, ${mirrors.join(', ')}}\nnodes: [${nodes.join(', ')}]\n`,
      );
      assert.equal(run('render', '--out', 'rendered').exitCode, 0);
      const texts = textsBelow(join(repository, 'rendered'), '.toml');
      assert.ok(texts.length > nodes.length);
      for (const text of texts) assert.ok(parseToml(text));
    });
  });

  for (const [what, prepare] of [
    ['the output folder is a link', ({ link }: Sandbox) => link('../outside', 'rendered')],
    ['a folder in it is a link', ({ link }: Sandbox) => link('../../outside', 'rendered/nodes')],
    [
      'a file in it is a link',
      ({ link }: Sandbox) =>
        link(
          '../../../../../../../../../outside/manifest.yaml',
          'rendered/nodes/default/etc/containerd/conf.d/zz-mirrorproof.toml',
        ),
    ],
    [
      'a file in it is a link to nothing yet',
      ({ link }: Sandbox) =>
        link(
          '../../../../../../../../../outside/new',
          'rendered/nodes/default/etc/containerd/conf.d/zz-mirrorproof.toml',
        ),
    ],
    ['a file is in the way', ({ write }: Sandbox) => write('rendered/nodes', '')],
    ['the output folder is a file', ({ write }: Sandbox) => write('rendered', '')],
    [
      'a folder is in the way',
      ({ repository }: Sandbox) =>
        mkdirSync(join(repository, 'rendered/nodes/default/etc/containerd/conf.d/zz-mirrorproof.toml'), {
          recursive: true,
        }),
    ],
  ] as const) {
    test(`are not written where ${what}`, () => {
      return withSandbox(async (sandbox) => {
        prepare(sandbox);
        sandbox.write('registries.yaml', 'mirrors: {a.b: {endpoint: ["http://m"]}}\n');
        const { out, error, exitCode } = sandbox.run('render', '--out', 'rendered');
        assert.equal(out, '');
        assert.match(
          error,
          /^mirrorproof: cannot write rendered\S*: what is there is no (?:folder|regular file): remove it/,
        );
        assert.equal(exitCode, 2);
      });
    });
  }

  test('replace those of an earlier run', () => {
    return withSandbox(({ write, run, repository }) => {
      write('registries.yaml', 'mirrors: {a.b: {endpoint: ["http://m"]}}\n');
      run('render', '--out', 'rendered');
      const file = join(repository, 'rendered/nodes/default/etc/containerd/conf.d/zz-mirrorproof.toml');
      const text = readFileSync(file, 'utf8');
      writeFileSync(file, `${text}${text}`);
      assert.equal(run('render', '--out', 'rendered').exitCode, 0);
      assert.equal(readFileSync(file, 'utf8'), text);
    });
  });
});

/** The texts of all files below a folder whose name ends so; none where there is no such folder. */
function textsBelow(folder: string, end = ''): string[] {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries.flatMap((entry) =>
    entry.isFile() && entry.name.endsWith(end)
      ? [readFileSync(join(entry.parentPath, entry.name), 'utf8')]
      : [],
  );
}

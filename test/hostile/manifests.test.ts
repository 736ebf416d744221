import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { pod, withSandbox } from './sandbox.ts';

const object = 'apiVersion: v1\nkind: Pod\n';

function aliasBomb(): string {
  const levels = Array.from({ length: 30 }, (_, level) =>
    level === 0 ? 'a0: &a0 [x]' : `a${level}: &a${level} [${`*a${level - 1}, `.repeat(9)}x]`,
  );
  return `${object}${levels.join('\n')}\n`;
}

function nested(open: string, close: string): string {
  return `${object}x: ${open.repeat(10_000)}1${close.repeat(10_000)}\n`;
}

/** Aliases one within the other, of which each is short and all together are deep. */
function deepAliases(): string {
  const open = '['.repeat(150);
  const close = ']'.repeat(150);
  const levels = Array.from({ length: 200 }, (_, level) =>
    level === 0 ? 'a0: &a0 1' : `a${level}: &a${level} ${open}*a${level - 1}${close}`,
  );
  return `${object}${levels.join('\n')}\n`;
}

function list(count: number, item: (index: number) => string): string {
  return `${object}spec:\n  containers:\n${Array.from({ length: count }, (_, index) => item(index)).join('')}`;
}

/** What is in `hostile.yaml`, and what a person reads about it. */
const reported: readonly (readonly [what: string, content: string | Buffer, message: RegExp])[] = [
  ['a binary file', Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 0, 1]), /:1:1 warning .* it is a binary file/],
  ['NULs at the end', `${pod('nginx:1.27')}\0\0`, /:1:1 warning .* it is a binary file/],
  [
    'UTF-16',
    Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(pod('a:1'), 'utf16le')]),
    /:1:1 warning .* it is written in UTF-16: save it as UTF-8/,
  ],
  ['Latin-1', Buffer.from(pod('"caf\u00e9"'), 'latin1'), /:1:1 warning .* it is not valid UTF-8/],
  [
    '50 MB',
    `${pod('nginx:1.27')}# ${'x'.repeat(50 * 1024 * 1024)}`,
    /:1:1 warning .* it is larger than 8 MiB/,
  ],
  ['an alias bomb', aliasBomb(), /:\d+:\d+ warning .* unfolds to more than 1000000 values/],
  ['aliases that add up to depth', deepAliases(), /:5:\d+ warning .* nested deeper than 200 levels/],
  ['an alias of itself', `${object}x: &a [*a]\n`, /:3:8 warning .* contains itself/],
  ['an unknown alias', `${object}x: *nobody\n`, /:3:4 warning .* not above it/],
  ['10,000 lists within each other', nested('[', ']'), /:3:\d+ warning .* nested deeper than 200 levels/],
  ['10,000 mappings within each other', nested('{a: ', '}'), /:3:\d+ warning .* nested deeper than 200/],
  [
    '10,000 dashes',
    `${object}x:\n  ${'- '.repeat(10_000)}\n`,
    /:4:\d+ warning .* nested deeper than 200 levels/,
  ],
  [
    '10,000 question marks',
    `${object}x:\n  ${'? '.repeat(10_000)}\n`,
    /:4:\d+ warning .* nested deeper than 200/,
  ],
  [
    '8 MB of opening brackets',
    `${object}x: ${'['.repeat(8_000_000)}`,
    /:3:\d+ warning .* too large a document/,
  ],
  [
    '10,000 uses of one image of 100 kB',
    list(10_000, () => '    - image: *long\n').replace('spec', `x: &long ${'a'.repeat(100_000)}\nspec`),
    /:\d+:\d+ warning .* unfolds to more than/,
  ],
  ['4 million values', `${object}x: [${'1,'.repeat(4_000_000)}]\n`, /:3:\d+ warning .* too large a document/],
  ['tabs', `${object}spec:\n\tcontainers: []\n`, /:4:1 warning .* a tab in the indentation/],
  ['half a character', `${object}x: "\\ud800"\n`, /:3:4 warning .* half a character/],
  ['an unfinished quote', `${object}x: "abc\n`, /:\d+:\d+ warning .* no valid YAML/],
  ['an image of 1 MB', pod('a/'.repeat(500_000)), /:8:14 error .* is no image/],
  [
    '100,000 documents, the last of them broken',
    `${'kind: ConfigMap\n---\n'.repeat(100_000)}${object}x: "\n`,
    /:200004:\d+ warning .* no valid YAML/,
  ],
  ['a key of 2,000 letters', `${object}${'k'.repeat(2000)}: 1\n`, /:3:1 warning .* no valid YAML/],
  ['an image with a line break', pod('"a\\nb"'), /:8:15 error `a\\nb` of Pod\/app is no image/],
];

/** What is in `hostile.yaml` and asks for nothing but to be survived. */
const survived: readonly (readonly [what: string, content: string])[] = [
  ['an empty file', ''],
  ['nothing but a comment', '# kind: Pod\n'],
  ['nothing but document marks', '---\n'.repeat(100_000)],
  ['100,000 documents', `${object}spec: {containers: [{image: "nginx:1"}]}\n---\n`.repeat(100_000)],
  ['100,000 documents with anchors', `${object}a: &a 1\nb: *a\n---\n`.repeat(100_000)],
  ['100,000 comments that ignore nothing', `${'# mirrorproof-ignore[x]: y\n'.repeat(100_000)}${object}`],
  ['a line of 1 MB in a block of text', `${object}x: |\n  ${'x'.repeat(1_000_000)}\n`],
  ['1 MB of spaces at the ends of lines', `${object}x: y${' '.repeat(1_000_000)}# z\n`],
  [
    '100,000 levels of indentation',
    `${object}${Array.from({ length: 1000 }, (_, level) => `${' '.repeat(level)}a:\n`).join('')}`,
  ],
  ['a key named __proto__', `${pod('nginx:1.27')}__proto__: {kind: Pod}\nconstructor: {prototype: 1}\n`],
  [
    'labels named like members of objects',
    `${pod('nginx:1.27')}  nodeSelector: {constructor: x, __proto__: y}\n`,
  ],
  ['a merge key of 300,000 keys', `${object}a: &a\n${'  k: 1\n'.repeat(300_000)}b:\n  <<: *a\n`],
  ['100,000 aliases of one anchor', `${object}a: &a 1\nb:\n${'- *a\n'.repeat(100_000)}`],
  ['100,000 images', list(100_000, (index) => `    - image: nginx:${index}\n`)],
  [
    '500 uses of one image of 100 kB',
    list(500, () => '    - image: *long\n').replace('spec', `x: &long ${'a'.repeat(100_000)}\nspec`),
  ],
  ['a template that is one long line', `${object}x: {{ y }}\nimage: [\na${': &'.repeat(1_000_000)}\n`],
];

suite('hostile manifests', () => {
  for (const [what, content, message] of reported) {
    test(`${what} is reported at its place`, () => {
      return withSandbox(({ write, run }) => {
        write('hostile.yaml', content);
        const { out, error, exitCode } = run('check', '--fail-on', 'warning');
        assert.match(out, new RegExp(`^hostile\\.yaml${message.source}`, 'm'));
        assert.equal(error, '');
        assert.equal(exitCode, 1);
      });
    });
  }

  for (const [what, content] of survived) {
    test(`${what} is survived`, () => {
      return withSandbox(({ write, run }) => {
        write('hostile.yaml', content);
        const { exitCode, error } = run('check', '--fail-on', 'never');
        assert.equal(error, '');
        assert.equal(exitCode, 0);
      });
    });
  }

  test('a byte order mark and CRLF change nothing', () => {
    return withSandbox(({ write, run }) => {
      write('hostile.yaml', `\uFEFF${pod('Nginx').replaceAll('\n', '\r\n')}`);
      assert.match(run('check').out, /^hostile\.yaml:8:14 error `Nginx`/m);
    });
  });

  test('of a key that stands twice the last counts', () => {
    return withSandbox(({ write, run }) => {
      write('hostile.yaml', `${pod('first:1')}      image: second:2\n`);
      assert.match(run('images').out, /^hostile\.yaml:9:14 {2}second:2 {2}Pod\/app container\n$/);
    });
  });

  test('one hostile file does not hide the others', () => {
    return withSandbox(({ write, run }) => {
      write('a.yaml', aliasBomb());
      write('b.yaml', pod('REPLACE_ME'));
      write('c.yaml', nested('[', ']'));
      const { out } = run('check');
      for (const file of ['a.yaml', 'b.yaml', 'c.yaml']) assert.match(out, new RegExp(`^${file}:`, 'm'));
    });
  });

  test('charts and kustomizations are read and never run', () => {
    return withSandbox(({ write, run, parent }) => {
      write(
        'chart/Chart.yaml',
        'apiVersion: v2\nname: x\nversion: 1.0.0\ndependencies: [{name: y, repository: "file:///"}]\n',
      );
      write('chart/templates/pod.yaml', `{{ include "x" . }}\n${pod('{{ .Values.image }}')}{{ fail "x" }}\n`);
      write(
        'kustomization.yaml',
        `kind: Kustomization\nresources: [../outside/manifest.yaml, "https://attacker.example.net"]\n` +
          `transformers: ["|-\\n  kind: x\\n  metadata: {annotations: {config.kubernetes.io/function: {exec: {path: ${parent}}}}}"]\n`,
      );
      const { out, exitCode } = run('images');
      assert.doesNotMatch(out, /outside|attacker/);
      assert.equal(exitCode, 0);
    });
  });
});

suite('hostile paths', () => {
  for (const [what, target] of [
    ['a file', '../outside/manifest.yaml'],
    ['a file by its absolute path', '/etc/hosts'],
    ['a device', '/dev/zero'],
    ['a folder', '../outside'],
  ] as const) {
    test(`a symbolic link to ${what} out of the repository is reported and not followed`, () => {
      return withSandbox(({ link, run }) => {
        link(target, 'hostile.yaml');
        const { out, exitCode } = run('check', '--fail-on', 'warning');
        assert.match(out, /^hostile\.yaml:1:1 warning `hostile\.yaml` is not checked: it is /m);
        assert.equal(exitCode, 1);
        assert.equal(run('images').out, '');
      });
    });
  }

  test('a named pipe and a folder with the name of a file are no manifests', () => {
    return withSandbox(({ repository, run, write }) => {
      execFileSync('mkfifo', [join(repository, 'pipe.yaml')]);
      mkdirSync(join(repository, 'folder.yaml'));
      write('folder.yaml/inner.yaml', pod('inner:1'));
      assert.match(
        run('check').out,
        /^pipe\.yaml:1:1 warning `pipe\.yaml` is not checked: it is no regular file/m,
      );
      assert.match(run('images').out, /^folder\.yaml\/inner\.yaml:8:14 {2}inner:1/);
    });
  });

  test('a loop of symbolic links ends', () => {
    return withSandbox(({ link, run, write }) => {
      write('a/b.yaml', pod('b:1'));
      link('..', 'a/again');
      link('circle.yaml', 'circle.yaml');
      assert.match(run('check').out, /^circle\.yaml:1:1 warning .* a symbolic link that leads to itself/m);
      assert.equal(run('images').out.trim().split('\n').length, 1);
    });
  });

  test('a name that is not UTF-8 is reported', () => {
    return withSandbox(({ repository, run }) => {
      writeFileSync(
        Buffer.concat([Buffer.from(`${repository}/`), Buffer.from([0xff]), Buffer.from('.yaml')]),
        pod('a:1'),
      );
      assert.match(run('check').out, /^\ufffd\.yaml:1:1 warning .* a name that is not valid UTF-8/m);
    });
  });

  test('a .gitignore that is made to never end does end', () => {
    return withSandbox(({ write, run }) => {
      write('.gitignore', `${'*a'.repeat(30)}*b\n`.repeat(500));
      write(`${'a'.repeat(240)}.yaml`, pod('a:1'));
      assert.match(run('images').out, /a:1/);
    });
  });
});

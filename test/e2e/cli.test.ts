import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';

const root = join(import.meta.dirname, '../..');

/** The bundle that is committed, which is what people run. */
const bundle = join(root, 'dist/cli/index.js');

const broken = join(root, 'examples/http-registry/broken');
const fixed = join(root, 'examples/http-registry/fixed');

interface Result {
  readonly exitCode: number | null;
  readonly out: string;
  readonly error: string;
}

function run(args: readonly string[], options: { cwd?: string; env?: Record<string, string> } = {}): Result {
  const { status, stdout, stderr } = spawnSync(process.execPath, [bundle, ...args], {
    cwd: options.cwd ?? fixed,
    env: { PATH: process.env['PATH'], ...options.env },
    encoding: 'utf8',
    timeout: 60_000,
  });
  return { exitCode: status, out: stdout, error: stderr };
}

/** What a wrong invocation ends with: exit code 2, nothing on the standard output, one line that says why. */
function assertRefused({ exitCode, out, error }: Result, message: RegExp): void {
  assert.match(error, message);
  assert.match(error, /^mirrorproof: [^\n]+\n$/);
  assert.equal(out, '');
  assert.equal(exitCode, 2);
}

suite('the command line', () => {
  let folder = '';

  before(() => {
    assert.ok(existsSync(bundle), 'dist/cli/index.js is missing: run `npm run package` first');
    folder = mkdtempSync(join(tmpdir(), 'mirrorproof-e2e-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  /** Writes a file below the temporary folder and returns its path. */
  function write(path: string, text: string): string {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
    return join(folder, path);
  }

  test('says its version', () => {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    assert.deepEqual(run(['--version']), { exitCode: 0, out: `${version}\n`, error: '' });
  });

  for (const args of [['--help'], ['-h'], ['help']]) {
    test(`lists its commands for ${args.join(' ')}`, () => {
      const { exitCode, out } = run(args);
      for (const command of ['check', 'explain', 'render', 'images'])
        assert.match(out, new RegExp(`^ {2}${command} `, 'm'));
      assert.equal(exitCode, 0);
    });
  }

  test('lists its commands where none is named, which is a wrong invocation', () => {
    const { exitCode, out } = run([]);
    assert.equal(out, run(['--help']).out);
    assert.equal(exitCode, 2);
  });

  for (const command of ['check', 'explain', 'render', 'images']) {
    test(`explains ${command}`, () => {
      const { exitCode, out } = run([command, '--help']);
      assert.ok(out.startsWith(`mirrorproof ${command} `));
      assert.equal(exitCode, 0);
    });
  }

  for (const [what, args, message] of [
    ['an unknown command', ['chek'], /there is no command chek: did you mean check\?/],
    ['a command like a member of objects', ['constructor'], /there is no command constructor/],
    ['an unknown option', ['check', '--fial-on', 'error'], /--fial-on/],
    ['an option without its value', ['check', '--format'], /--format/],
    [
      'a value that an option does not have',
      ['check', '--format', 'xml'],
      /--format must be one of text, json, github, not xml/,
    ],
    [
      'an unknown severity',
      ['check', '--fail-on', 'fatal'],
      /--fail-on must be one of error, warning, notice, never/,
    ],
    ['a substitution without a value', ['check', '--set', 'TAG'], /--set wants NAME=VALUE, not TAG/],
    ['an argument too much', ['check', '.', 'x'], /there is nothing that x could stand for/],
    ['a missing folder', ['check', 'missing'], /cannot read the folder .*missing: it is not there/],
    [
      'a file in the place of the folder',
      ['check', 'registries.yaml'],
      /cannot read the folder .*registries\.yaml: it is a file/,
    ],
    [
      'a missing registries.yaml',
      ['check', '--registries', 'missing.yaml'],
      /there is no missing\.yaml in this folder/,
    ],
    ['too many braces', ['check', '--manifests', '{a,b}'.repeat(20)], /stand for more than 1000 patterns/],
    ['explain without an image', ['explain'], /explain wants an image/],
    ['explain with what is no image', ['explain', 'A B'], /A B is no image/],
    ['a node that is not there', ['explain', 'nginx', '--node', 'nobody'], /there is no node nobody/],
  ] as const) {
    test(`refuses ${what}`, () => assertRefused(run(args), message));
  }

  test('exits with 0 where nothing is found, and with 1 where something is', () => {
    assert.equal(run(['check', fixed]).exitCode, 0);
    assert.equal(run(['check', broken]).exitCode, 1);
  });

  for (const [failOn, exitCodes] of [
    ['error', [1, 0, 0]],
    ['warning', [1, 1, 0]],
    ['notice', [1, 1, 1]],
    ['never', [0, 0, 0]],
  ] as const) {
    test(`fails as --fail-on ${failOn} says`, () => {
      for (const [index, severity] of ['error', 'warning', 'notice'].entries()) {
        const file = write(
          `${severity}/registries.yaml`,
          `checks: {mutable-tag: ${severity}}\nimages: [nginx]\n`,
        );
        assert.equal(run(['check', dirname(file), '--fail-on', failOn]).exitCode, exitCodes[index], severity);
      }
    });
  }

  test('checks the folder that it is started in', () => {
    assert.equal(run(['check'], { cwd: broken }).out, run(['check', broken]).out);
  });

  test('fills in what --set says', () => {
    const file = write(
      'set/pod.yaml',
      'apiVersion: v1\nkind: Pod\nspec: {containers: [{image: "a.b/c:${TAG}"}]}\n',
    );
    assert.match(run(['images', dirname(file)]).out, /\(unresolved\)/);
    assert.doesNotMatch(run(['images', dirname(file), '--set', 'TAG=1']).out, /\(unresolved\)/);
  });

  for (const example of [broken, fixed]) {
    test(`writes JSON as its schema describes it for ${example.slice(root.length + 1)}`, () => {
      const schema = JSON.parse(readFileSync(join(root, 'schema/report.schema.json'), 'utf8'));
      const validate = new Ajv2020({ strict: true, allErrors: true }).compile(schema);
      const { out } = run(['check', example, '--format', 'json']);
      validate(JSON.parse(out));
      assert.deepEqual(validate.errors ?? [], []);
    });
  }

  test('explains the same in words and in JSON', () => {
    const image = '10.10.1.106:5000/kube-apiserver:v1.20.0';
    const { nodes } = JSON.parse(run(['explain', image, fixed, '--format', 'json']).out);
    const { out } = run(['explain', image, fixed]);
    assert.ok(nodes.length > 0);
    for (const { attempts } of nodes) {
      assert.ok(attempts.length > 0);
      for (const { method, url } of attempts) assert.ok(out.includes(`${method} ${url}`));
    }
  });

  suite('colours', () => {
    for (const [what, env, isColored] of [
      ['are left out where nobody looks', {}, false],
      ['are there where FORCE_COLOR asks for them', { FORCE_COLOR: '1' }, true],
      ['are there where both ask, as in Node.js', { FORCE_COLOR: '1', NO_COLOR: '1' }, true],
      ['are left out where FORCE_COLOR is 0', { FORCE_COLOR: '0' }, false],
      ['are left out where NO_COLOR is set', { NO_COLOR: '1' }, false],
    ] as const) {
      test(what, () => {
        const { out } = run(['check', broken], { env });
        assert.equal(out.includes('\u001b['), isColored);
      });
    }

    test('change nothing in JSON', () => {
      const plain = run(['check', broken, '--format', 'json']).out;
      assert.equal(run(['check', broken, '--format', 'json'], { env: { FORCE_COLOR: '1' } }).out, plain);
    });
  });

  test('ends quietly when nobody reads on', async () => {
    const images = Array.from({ length: 5000 }, (_, index) => `- nginx:${index}`).join('\n');
    const file = write('pipe/registries.yaml', `images:\n${images}\n`);
    const child = spawn(process.execPath, [bundle, 'images', dirname(file), '--format', 'json']);
    let error = '';
    child.stderr.on('data', (data: Buffer) => void (error += data.toString()));
    child.stdout.once('data', () => child.stdout.destroy());
    const exitCode = await new Promise((resolve) => child.on('close', resolve));
    assert.deepEqual({ exitCode, error }, { exitCode: 0, error: '' });
  });

  suite('render', () => {
    const config = 'nodes/k8s1/etc/containerd/registry-section.toml';
    const registries =
      'mirrors: {a.b: {endpoint: ["http://m:5000"]}}\nnodes: [{name: k8s1, runtime: "containerd://1.6.20"}]\n';

    test('writes a tree into a folder that it makes', () => {
      const source = dirname(write('render/registries.yaml', registries));
      const out = join(folder, 'made/for/this');
      const result = run(['render', source, '--out', out]);
      assert.equal(result.exitCode, 0);
      const written = readdirSync(out, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name));
      assert.deepEqual(result.out.trimEnd().split('\n').sort(), written.sort());
      assert.ok(written.includes(join(out, config)));
    });

    test('writes the same bytes again', () => {
      const source = dirname(write('render/registries.yaml', registries));
      const out = join(folder, 'twice');
      run(['render', source, '--out', out]);
      const text = readFileSync(join(out, config), 'utf8');
      assert.equal(run(['render', source, '--out', out]).exitCode, 0);
      assert.equal(readFileSync(join(out, config), 'utf8'), text);
    });

    test('prints the files where no folder is named', () => {
      const source = dirname(write('render/registries.yaml', registries));
      assert.match(run(['render', source]).out, new RegExp(`^==> ${config} <==$`, 'm'));
      const { files } = JSON.parse(run(['render', source, '--format', 'json']).out);
      assert.match(files[config], /^version = 2$/m);
    });

    test('says why it cannot write where there is no folder to be made', () => {
      const source = dirname(write('render/registries.yaml', registries));
      assertRefused(
        run(['render', source, '--out', '/proc/mirrorproof/x']),
        /cannot write into \/proc\/mirrorproof\/x: /,
      );
    });

    test('does not write over a file', () => {
      const source = dirname(write('render/registries.yaml', registries));
      const file = write('file', 'text');
      assertRefused(
        run(['render', source, '--out', file]),
        /cannot write .*file: what is there is no folder/,
      );
      assertRefused(run(['render', source, '--out', join(file, 'x')]), /cannot write into .*file.x: /);
      assert.equal(readFileSync(file, 'utf8'), 'text');
    });
  });
});

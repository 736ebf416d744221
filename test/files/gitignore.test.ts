import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { readFolder } from '../../src/files/folder.ts';
import { isIgnored, parseIgnoreFile } from '../../src/files/gitignore.ts';

describe('.gitignore', () => {
  const table: readonly [lines: string, path: string, expected: boolean][] = [
    ['*.yaml', 'a.yaml', true],
    ['*.yaml', 'b/a.yaml', true],
    ['/a.yaml', 'b/a.yaml', false],
    ['b/a.yaml', 'c/b/a.yaml', false],
    ['out/', 'out', false],
    ['out/', 'x/out/', true],
    ['# a.yaml', 'a.yaml', false],
    ['\\#a.yaml', '#a.yaml', true],
    ['*.yaml\n!a.yaml', 'a.yaml', false],
    ['!a.yaml\n*.yaml', 'a.yaml', true],
    ['\\!a.yaml', '!a.yaml', true],
    ['a.yaml  ', 'a.yaml', true],
    ['a.yaml\\ ', 'a.yaml ', true],
    ['*.yaml\r\n!a.yaml\r\n', 'a.yaml', false],
    ['[', 'a.yaml', false],
    ['\n\n/\n', 'a.yaml', false],
  ];
  for (const [lines, path, expected] of table) {
    it(`${JSON.stringify(lines)} ${expected ? 'leaves out' : 'keeps'} ${path}`, () => {
      const isFolder = path.endsWith('/');
      const names = path.replace(/\/$/, '').split('/');
      assert.equal(isIgnored([parseIgnoreFile(lines, 0)], names, isFolder), expected);
    });
  }

  it('lets the deeper file decide', () => {
    const files = [parseIgnoreFile('*.yaml', 0), parseIgnoreFile('!/a.yaml', 1)];
    assert.equal(isIgnored(files, ['deploy', 'a.yaml'], false), false);
    assert.equal(isIgnored(files, ['deploy', 'x', 'a.yaml'], false), true);
  });

  const hasGit = spawnSync('git', ['--version']).status === 0;
  it('leaves out what git leaves out', { skip: hasGit ? false : 'git is not installed' }, () => {
    const root = mkdtempSync(join(tmpdir(), 'mirrorproof-gitignore-'));
    try {
      git(root, 'init', '--quiet');
      for (const path of tree) writeFile(root, path, '');
      fc.assert(
        fc.property(ignoreFile, ignoreFile, ignoreFile, (atRoot, inA, inAB) => {
          writeFile(root, '.gitignore', atRoot);
          writeFile(root, 'a/.gitignore', inA);
          writeFile(root, 'a/b/.gitignore', inAB);
          const listed = git(root, 'ls-files', '--others', '--exclude-standard', '-z').split('\0');
          const expected = listed.filter((path) => path.endsWith('.yaml')).sort();
          assert.deepEqual(readFolder(root).paths, expected);
        }),
        { numRuns: 300 },
      );
    } finally {
      rmSync(root, { recursive: true });
    }
  });
});

const folders = ['', 'a/', 'b/', 'ab/', 'a/a/', 'a/b/', 'a/b/a/', 'b/a b/', '#a/', 'c-/a/b/'];
const tree = folders.flatMap((folder) =>
  ['a.yaml', 'b.yaml', 'ab.yaml', '!a.yaml', 'a .yaml'].map((name) => folder + name),
);

const piece = fc.constantFrom(
  'a',
  'b',
  'ab',
  'a.yaml',
  '.yaml',
  '*',
  '**',
  '?',
  '/',
  '/',
  '[ab]',
  '[!b]',
  '[a-b]',
  '\\*',
  '\\ ',
  '\\#',
  ' ',
  '!',
  '#',
);
// git takes `a**/b` for `a` and `**/b`, against its own documentation: two stars come as a whole segment here.
const line = fc
  .array(piece, { minLength: 1, maxLength: 6 })
  .map((pieces) => pieces.join(''))
  .filter((written) => !/[^/]\*\*|\*\*[^/]/.test(written));
const ignoreFile = fc.array(line, { maxLength: 4 }).map((lines) => lines.join('\n'));

function git(root: string, ...args: readonly string[]): string {
  const environment = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };
  const options = ['-c', 'core.excludesFile=/dev/null', ...args];
  return execFileSync('git', options, { cwd: root, env: environment, encoding: 'utf8' });
}

function writeFile(root: string, path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

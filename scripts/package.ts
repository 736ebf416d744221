/** Builds `dist`: the Action and the command line, each one a bundle. The same sources give the same bytes. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const out = process.argv[2] ?? join(root, 'dist');

function run(...command: readonly string[]): void {
  const [program = '', ...args] = command;
  execFileSync(join(root, 'node_modules', '.bin', program), args, {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

const built = mkdtempSync(join(tmpdir(), 'mirrorproof-package-'));
try {
  rmSync(join(root, 'lib'), { recursive: true, force: true });
  run('tsc', '-p', 'tsconfig.build.json');
  run('ncc', 'build', 'lib/src/action/main.js', '-o', built, '--license', 'licenses.txt');
  run('ncc', 'build', 'lib/src/action/post.js', '-o', join(built, 'post'), '--license', 'licenses.txt');
  run('ncc', 'build', 'lib/src/cli/main.js', '-o', join(built, 'cli'), '--license', 'licenses.txt');
  // Runs in the simulated nodes of `prove`: a process of its own, started by its path.
  const node = 'lib/src/proof/containerd/nodeMain.js';
  run('ncc', 'build', node, '-o', join(built, 'proofNode'), '--license', 'licenses.txt');
  // What an earlier build left behind goes away, and a build that fails takes nothing with it.
  rmSync(out, { recursive: true, force: true });
  cpSync(built, out, { recursive: true });
} finally {
  rmSync(built, { recursive: true, force: true });
}

/** Builds `dist`: the Action and the command line, each one a bundle. The same sources give the same bytes. */
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const out = process.argv[2] ?? 'dist';

function run(...command: readonly string[]): void {
  const [program = '', ...args] = command;
  execFileSync(join(root, 'node_modules', '.bin', program), args, {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

// ncc does not empty its output folder: stale chunks would stay.
rmSync(join(root, out), { recursive: true, force: true });
rmSync(join(root, 'lib'), { recursive: true, force: true });
run('tsc', '-p', 'tsconfig.build.json');
run('ncc', 'build', 'lib/src/action/main.js', '-o', out, '--license', 'licenses.txt');
run('ncc', 'build', 'lib/src/cli/main.js', '-o', join(out, 'cli'), '--license', 'licenses.txt');

// Runs Node 24 with the given arguments: this one when it is new enough, otherwise one from the package registry, which is
// kept in .cache. Plain JavaScript, because older versions of Node cannot run TypeScript.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const version = '24.21.0';
const root = join(dirname(fileURLToPath(import.meta.url)), '..');

function findNode() {
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
  const prefix = join(root, '.cache', 'node24');
  const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
  const binary = join(
    prefix,
    'node_modules',
    name,
    'bin',
    process.platform === 'win32' ? 'node.exe' : 'node',
  );
  if (existsSync(binary)) return binary;
  console.error(`This is Node ${process.versions.node}; fetching ${name}@${version} into .cache/node24.`);
  const install = [
    'install',
    '--prefix',
    prefix,
    '--no-save',
    '--no-audit',
    '--no-fund',
    `${name}@${version}`,
  ];
  const { status } = spawnSync('npm', install, {
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  });
  if (status === 0 && existsSync(binary)) return binary;
  console.error(`Could not get Node 24: install it yourself (https://nodejs.org) and run this again.`);
  process.exit(1);
}

const node = findNode();
const path = [dirname(node), process.env.PATH].join(process.platform === 'win32' ? ';' : ':');
const { status, signal } = spawnSync(node, process.argv.slice(2), {
  stdio: 'inherit',
  env: { ...process.env, PATH: path },
});
if (signal) process.kill(process.pid, signal);
process.exitCode = status ?? 1;

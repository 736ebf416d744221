import { existsSync } from 'node:fs';
import { mkdir, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { run } from '../../src/process/process.ts';

// The process in a simulated node: it has the node's files, starts containerd and runs what it is told.

/** What the process is asked: to write files, then to run a program, then to read files. */
export interface NodeRequest {
  /** By absolute path; null removes the file or folder. */
  readonly write?: Readonly<Record<string, string | null>>;
  readonly run?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly read?: readonly string[];
}

export interface NodeAnswer {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Only of files that are there. */
  readonly files: Readonly<Record<string, string>>;
}

const root = process.argv[2] ?? '';

/** Restarts containerd as systemd would, and counts how often. */
const restartScript = `#!/bin/sh
echo restart >>/restarts
if [ -f /containerd.pid ]; then
  read -r pid </containerd.pid
  kill "$pid" 2>/dev/null
  # Nobody waits for it, so it stays as a zombie.
  while grep -q '^State:.[^ZX]' "/proc/$pid/status" 2>/dev/null; do sleep 0.01; done
fi
/containerd/containerd </dev/null >>/containerd.log 2>&1 &
pid=$!
echo "$pid" >/containerd.pid
until ctr --connect-timeout 1s plugins ls 2>/dev/null | grep -q 'cri .* ok'; do
  grep -q '^State:.[^ZX]' "/proc/$pid/status" || break
  sleep 0.02
  turns=x$turns
  case $turns in xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx) break ;; esac
done
`;

const environment = { PATH: '/containerd:/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/root' };

async function answer({
  write = {},
  run: command,
  environment: more,
  read = [],
}: NodeRequest): Promise<NodeAnswer> {
  for (const [path, text] of Object.entries(write)) {
    const target = join(root, path);
    await rm(target, { recursive: true, force: true });
    if (text === null) continue;
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, text);
  }
  const [file, ...args] = command ?? ['true'];
  const completed = await run({
    file: 'chroot',
    args: [root, file ?? 'true', ...args],
    environment: { ...environment, ...more },
  });
  const texts = read.filter((path) => existsSync(join(root, path)));
  const files = await Promise.all(
    texts.map(async (path): Promise<[string, string]> => [path, await readFile(join(root, path), 'utf8')]),
  );
  const { status, stdout, stderr } = completed;
  return { status, stdout, stderr, files: Object.fromEntries(files) };
}

process.on('disconnect', () => process.exit());
process.on('message', (request: NodeRequest) => {
  void answer(request).then(
    (result) => process.send?.({ result }),
    (error: unknown) => process.send?.({ failure: error instanceof Error ? error.stack : String(error) }),
  );
});
await writeFile(join(root, 'restart'), restartScript, { mode: 0o755 });
// On Debian awk is a link into /etc, which is the node's own here.
await mkdir(join(root, 'etc/alternatives'), { recursive: true });
await symlink(await realpath('/usr/bin/awk'), join(root, 'etc/alternatives/awk'));

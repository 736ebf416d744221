import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { run } from '../../src/process/process.ts';
import { removeState, startContainerd } from '../../src/proof/containerd/containerdProcess.ts';

// The process in a simulated node: it starts containerd with the files that it is given.

/** What containerd did with a configuration. */
export interface Outcome {
  /** Why it ended, or why its CRI plugin was not loaded: containerd's own words. */
  readonly startupError: string | undefined;
  /** It said at its start that it pulls without the transfer service. */
  readonly saysLocalPull: boolean;
  /** What `containerd config dump` prints; undefined where it fails. */
  readonly dump: string | undefined;
}

const root = process.argv[2] ?? '';

async function observe(files: Readonly<Record<string, string>>): Promise<Outcome> {
  await rm(join(root, 'etc'), { recursive: true, force: true });
  const all = { '/etc/passwd': 'root:x:0:0:root:/root:/bin/sh\n', '/etc/group': 'root:x:0:\n', ...files };
  for (const [path, text] of Object.entries(all)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  const dump = await run({ file: 'chroot', args: [root, '/containerd/containerd', 'config', 'dump'] });
  await removeState(root);
  const started = await startContainerd(root);
  const log = started.kind === 'ended' ? started.log : started.containerd.log();
  if (started.kind === 'running') await started.containerd.stop();
  return {
    startupError: started.kind === 'ended' ? lastWords(log) : refusal(log),
    saysLocalPull: /Found '[^']+' in CRI config which is incompatible with transfer service/.test(log),
    dump: dump.status === 0 ? dump.stdout : undefined,
  };
}

/** containerd prints why it ends as its last line, unless it panics. */
function lastWords(log: string): string {
  const [panic] = /^panic: .*$/m.exec(log) ?? [];
  if (panic !== undefined) return panic.replace(' [recovered]', '');
  const start = log.lastIndexOf('\ncontainerd: ');
  return log
    .slice(start < 0 ? 0 : start + 1)
    .replace('containerd: ', '')
    .trimEnd();
}

/** Why the CRI is not there: the plugin that failed itself, and not one that needs it. */
function refusal(log: string): string | undefined {
  const errors = log
    .split('\n')
    .filter(
      (line) =>
        /msg="failed to load plugin/.test(line) && /io\.containerd\.(?:grpc\.v1\.cri|cri\.v1\.)/.test(line),
    )
    .map((line) => String(JSON.parse(/ error=("(?:[^"\\]|\\.)*")/.exec(line)?.[1] ?? '""')));
  return errors.find((error) => !error.startsWith('unable to load CRI')) ?? errors[0];
}

process.on('disconnect', () => process.exit());
process.on('message', (files: Readonly<Record<string, string>>) => {
  void observe(files).then(
    (outcome) => process.send?.({ outcome }),
    (error: unknown) => process.send?.({ failure: error instanceof Error ? error.stack : String(error) }),
  );
});

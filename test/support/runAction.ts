import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { readCommand, type ReadCommand } from './runnerCommand.ts';

/** What a step is started with. */
export interface ActionStep {
  /** Path in the checked-out repository to text. */
  readonly repository: Readonly<Record<string, string>>;
  /** The inputs that the workflow gives; the others have the defaults of `action.yml`. */
  readonly inputs?: Readonly<Record<string, string>>;
  /** More environment variables, or others than the usual ones. Undefined takes one away. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly event?: { readonly name: string; readonly payload: unknown };
  /** Makes more of the checked-out repository, and says which event the step is for. */
  readonly prepare?: (workspace: string) => NonNullable<ActionStep['event']>;
}

/** What a step did. */
export interface StepResult {
  readonly exitCode: number | null;
  /** Everything that was printed. */
  readonly log: string;
  readonly commands: readonly ReadCommand[];
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
  /** The folder that the runner gives to steps for temporary files. */
  readonly temporary: string;
  readonly milliseconds: number;
}

const root = join(import.meta.dirname, '../..');
/** The bundle that is committed, which is what the runner runs. */
const bundle = join(root, 'dist/index.js');

/** The defaults of the inputs, as the runner passes them. Tests prove nothing where they do not say so. */
export const defaultInputs: Readonly<Record<string, string>> = {
  registries: '',
  manifests: '',
  set: '',
  build: 'auto',
  'helm-values': '',
  'working-directory': '.',
  prove: 'auto',
  'kind-version': '',
  'node-image': '',
  'registry-image': '',
  'changed-only': 'false',
  'fail-on': 'error',
  'artifact-name': 'mirrorproof',
  'github-token': 'token-of-the-run',
};

/**
 * Runs the Action's bundle as the GitHub runner does, and hands what came of it to `examine`; afterwards the files are
 * removed.
 */
export async function runAction(
  step: ActionStep,
  examine: (result: StepResult) => void | Promise<void>,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'action-'));
  try {
    await examine(await runIn(folder, step));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function runIn(
  folder: string,
  { repository, inputs, environment, event: written, prepare }: ActionStep,
): Promise<StepResult> {
  const workspace = join(folder, 'workspace');
  const files = {
    output: join(folder, 'output'),
    summary: join(folder, 'summary'),
    event: join(folder, 'event.json'),
  };
  writeFileSync(files.output, '');
  writeFileSync(files.summary, '');
  mkdirSync(workspace);
  for (const [path, text] of Object.entries(repository)) {
    mkdirSync(dirname(join(workspace, path)), { recursive: true });
    writeFileSync(join(workspace, path), text);
  }
  const event = prepare?.(workspace) ?? written;
  writeFileSync(files.event, JSON.stringify(event?.payload ?? {}));
  const started = performance.now();
  const { exitCode, log } = await spawnStep({
    PATH: process.env['PATH'],
    GITHUB_ACTIONS: 'true',
    GITHUB_WORKSPACE: workspace,
    GITHUB_REPOSITORY: 'acme/shop',
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_SHA: '0123456789abcdef0123456789abcdef01234567',
    GITHUB_RUN_ID: '99',
    GITHUB_EVENT_NAME: event?.name ?? 'push',
    GITHUB_EVENT_PATH: files.event,
    GITHUB_OUTPUT: files.output,
    GITHUB_STEP_SUMMARY: files.summary,
    RUNNER_TEMP: join(folder, 'temp'),
    ...describeInputs({ ...defaultInputs, prove: 'off', ...inputs }),
    ...environment,
  });
  return {
    exitCode,
    log,
    commands: log.split(/\r\n|\r|\n/).flatMap((line) => readCommand(line) ?? []),
    outputs: readOutputs(readFileSync(files.output, 'utf8')),
    summary: readFileSync(files.summary, 'utf8'),
    temporary: join(folder, 'temp'),
    milliseconds: performance.now() - started,
  };
}

/** The runner upper-cases names and replaces blanks, but keeps hyphens. */
function describeInputs(inputs: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, value]) => [
      `INPUT_${name.replaceAll(' ', '_').toUpperCase()}`,
      value,
    ]),
  );
}

async function spawnStep(
  environment: Record<string, string | undefined>,
): Promise<{ exitCode: number | null; log: string }> {
  const step = spawn(process.execPath, [bundle], { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  const parts: string[] = [];
  for (const stream of [step.stdout, step.stderr]) {
    stream.setEncoding('utf8');
    stream.on('data', (text: string) => parts.push(text));
  }
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    step.on('error', reject);
    step.on('close', resolve);
  });
  return { exitCode, log: parts.join('') };
}

/** The outputs in the file that the runner reads: `name<<delimiter`, the value's lines, the delimiter. */
function readOutputs(text: string): Record<string, string> {
  const outputs = [...text.matchAll(/^([\w-]+)<<(\S+)\r?\n(.*?)\r?\n\2\r?$/gms)];
  return Object.fromEntries(outputs.map(([, name = '', , value = '']) => [name, value]));
}

import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import { CommandError, run, start } from '../../process/process.ts';

/** A program that failed, with what it said. */
export class ToolError extends Error {
  override readonly name = 'ToolError';
}

export type Tool = 'docker' | 'kind' | 'kubectl';

const whereFrom: Readonly<Record<Tool, string>> = {
  docker: 'Docker (https://docs.docker.com/engine/install)',
  kind: 'kind (https://kind.sigs.k8s.io)',
  kubectl: 'kubectl (https://kubernetes.io/docs/tasks/tools)',
};

export interface CallOptions {
  readonly input?: string;
  /** In milliseconds. */
  readonly time?: number;
  /** What is said on stderr is part of the answer. */
  readonly withErrors?: boolean;
}

/** The programs of the user, found on PATH, each in a process group of its own. */
export class Tools {
  readonly #environment: Readonly<Record<string, string>>;

  constructor(environment: Readonly<Record<string, string | undefined>>) {
    const entries = Object.entries(environment).flatMap(([name, value]): [string, string][] =>
      value === undefined ? [] : [[name, value]],
    );
    this.#environment = Object.fromEntries(entries);
  }

  /** The same programs with other variables. */
  with(environment: Readonly<Record<string, string>>): Tools {
    return new Tools({ ...this.#environment, ...environment });
  }

  /** One sentence on what keeps them from working; undefined where nothing does. */
  async findProblem(): Promise<string | undefined> {
    const missing = (['docker', 'kind', 'kubectl'] as const).filter((tool) => !this.#has(tool));
    if (missing.length > 0) return `install ${missing.map((tool) => whereFrom[tool]).join(' and ')}`;
    try {
      await this.call('docker', ['version', '--format', '{{.Server.Version}}'], { time: 20_000 });
      return undefined;
    } catch (error) {
      if (!(error instanceof ToolError)) throw error;
      return `the Docker engine does not answer: ${lastLine(error.message)}`;
    }
  }

  #has(tool: Tool): boolean {
    const folders = (this.#environment['PATH'] ?? '').split(':').filter((folder) => folder !== '');
    return folders.some((folder) => isExecutable(join(folder, tool)));
  }

  /**
   * Runs one to its end. Returns what it printed.
   *
   * @throws ToolError where it fails, or takes too long
   */
  async call(
    tool: Tool,
    args: readonly string[],
    { input, time, withErrors = false }: CallOptions = {},
  ): Promise<string> {
    const command = { file: tool, args, environment: this.#environment, hasOwnGroup: true };
    try {
      const limits = { time: time ?? 120_000, output: 200_000_000 };
      const { status, signal, stdout, stderr } = await run(command, limits, input);
      if (status === 0) return withErrors ? stdout + stderr : stdout;
      const said = stderr.trim() || stdout.trim() || `it ended with ${signal ?? `status ${status}`}`;
      throw new ToolError(`${tool} ${args[0] ?? ''}: ${said}`);
    } catch (error) {
      if (error instanceof CommandError) throw new ToolError(error.message, { cause: error });
      throw error;
    }
  }

  /**
   * Runs one that takes long to its end. An abort kills it, and all that it has started. Returns all that it printed.
   *
   * @throws ToolError with all that it printed where it fails
   */
  async callLong(tool: Tool, args: readonly string[], signal: AbortSignal, input = ''): Promise<string> {
    let said = '';
    const add = (text: string): void => {
      said = (said + text).slice(-maxSaid);
    };
    const command = { file: tool, args, environment: this.#environment, hasOwnGroup: true };
    const running = start(command, { stdout: add, stderr: add });
    running.input.on('error', () => undefined);
    running.input.end(input);
    const kill = (): void => running.kill('SIGKILL');
    signal.addEventListener('abort', kill);
    if (signal.aborted) kill();
    try {
      const { status } = await running.exit;
      if (status === 0) return said;
      throw new ToolError(said.trim() || `${tool} ended without a word`);
    } catch (error) {
      if (error instanceof CommandError) throw new ToolError(error.message, { cause: error });
      throw error;
    } finally {
      signal.removeEventListener('abort', kill);
    }
  }
}

/** In UTF-16 code units: the last words of a program say what went wrong. */
const maxSaid = 20_000;

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

export function lastLine(text: string): string {
  return text.trimEnd().split('\n').at(-1)?.trim() ?? '';
}

import type { FixableProblem } from '../source/fix.ts';
import type { StartupFailure } from './startupFailure.ts';

/** Why the runtime of a node does not start, or starts without serving Kubernetes. */
export interface StartupError extends FixableProblem {
  /** The error itself, as the program prints it where that is known. */
  readonly error: string;
}

/** What containerd puts before a reason and people need not read: the place is reported anyway. */
const wrapping =
  /^(?:invalid (?:plugin|cri image) config: |failed to load TOML from [^:]*: |failed to (?:load|unmarshal) TOML(?: at row \d+ column \d+)?: (?:\/[^:]*: )?(?:\(\d+, \d+\): )?)/;

/** The failure in words for people. */
export function explainFailure(failure: StartupFailure): StartupError {
  const { message: error, isFatal, location, inWords, detail } = failure;
  const consequence = isFatal
    ? 'containerd does not start'
    : 'the CRI plugin is not loaded, so this node pulls nothing';
  const fix = fixes.find(({ pattern }) => pattern.test(error));
  const reason = inWords ?? error.replace(wrapping, '').replace(/^toml: /, '');
  return {
    error,
    message: `${consequence}: ${reason}${detail === undefined ? '' : ` (${detail})`}`,
    location,
    ...(fix && { fix: { message: fix.message } }),
  };
}

const fixes: readonly { readonly pattern: RegExp; readonly message: string }[] = [
  {
    pattern: /`mirrors` cannot be set/,
    message: 'move it into hosts.toml files below `config_path`, or remove `config_path`',
  },
  {
    pattern: /`configs\.tls` cannot be set/,
    message: 'move it into hosts.toml files below `config_path`, or remove `config_path`',
  },
  {
    pattern: /invalid plugin key URI "cri"/,
    message: 'name the section `plugins."io.containerd.grpc.v1.cri"`, as version 2 has it',
  },
  {
    pattern: /invalid disabled plugin URI "cri"/,
    message: 'remove `cri` from `disabled_plugins`: Kubernetes needs it',
  },
  { pattern: /is in `disabled_plugins`$/, message: 'remove it from `disabled_plugins`: Kubernetes needs it' },
  { pattern: /duplicated tables|already exists$/, message: 'write one table with the keys of both' },
  {
    pattern: /unsupported config version|expected containerd config version/,
    message: 'write a `version` that it knows',
  },
  { pattern: /drop-in config version/, message: 'write the same `version` in every file' },
  {
    pattern: /no corresponding runtime configured/,
    message: 'add the table of that runtime to `containerd.runtimes`',
  },
];

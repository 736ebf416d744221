import { realpathSync, statSync } from 'node:fs';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { UserError } from '../errors.ts';
import { severities, type Severity } from '../source/severity.ts';

/** The names of the inputs, as `action.yml` declares them. */
export const inputNames = [
  'registries',
  'manifests',
  'set',
  'working-directory',
  'fail-on',
  'artifact-name',
  'github-token',
] as const;

/** Name of an input. */
export type InputName = (typeof inputNames)[number];

/** The inputs of a step, checked. */
export interface Inputs {
  /** Absolute path of the folder to check, without symbolic links. */
  readonly root: string;
  /** The same folder relative to the workspace, with forward slashes; empty for the workspace itself. */
  readonly folder: string;
  /** Path of registries.yaml relative to the root; absent to look for it. */
  readonly registries?: string;
  /** Globs of the files with images; empty for every file that may be one. */
  readonly manifests: readonly string[];
  /** Texts that stand in manifests for something else, and what they stand for. */
  readonly substitutions: ReadonlyMap<string, string>;
  /** The mildest finding that fails the step. */
  readonly failOn: Severity | 'never';
  /** Empty for no artifact. */
  readonly artifactName: string;
  /** Empty to ask GitHub nothing. */
  readonly githubToken: string;
}

/**
 * Reads the inputs of the step.
 *
 * @param read - Gives the text of an input, trimmed; empty when it is not set.
 * @param workspace - What the runner put into `GITHUB_WORKSPACE`.
 * @throws {@link UserError} naming the first input that cannot be used.
 */
export function readInputs(read: (name: InputName) => string, workspace: string | undefined): Inputs {
  if (workspace === undefined || workspace === '') {
    throw new UserError(
      'GITHUB_WORKSPACE is not set, so there is no repository to check',
      'run this action in a GitHub workflow, or use the mirrorproof command line',
    );
  }
  const registries = read('registries');
  return {
    ...readRoot(read('working-directory'), workspace),
    ...(registries === '' ? {} : { registries }),
    manifests: readLines(read('manifests')),
    substitutions: readSubstitutions(read('set')),
    failOn: readFailOn(read('fail-on')),
    artifactName: readArtifactName(read('artifact-name')),
    githubToken: read('github-token'),
  };
}

function readLines(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

function readRoot(folder: string, workspace: string): { root: string; folder: string } {
  const hint = 'give a folder of the checked-out repository, relative to its root';
  const base = realFolder(workspace);
  const root = realFolder(resolve(workspace, folder));
  if (base === undefined || root === undefined) {
    throw new UserError(`input working-directory: there is no folder "${folder}" in the workspace`, hint);
  }
  const path = relative(base, root);
  if (path === '..' || path.startsWith(`..${sep}`) || isAbsolute(path)) {
    throw new UserError(`input working-directory: "${folder}" lies outside of the workspace`, hint);
  }
  return { root, folder: path.split(sep).join('/') };
}

/** The path without symbolic links, or undefined where there is no folder. */
function realFolder(path: string): string | undefined {
  try {
    return statSync(path).isDirectory() ? realpathSync(path) : undefined;
  } catch {
    return undefined;
  }
}

function readSubstitutions(text: string): Map<string, string> {
  const substitutions = new Map<string, string>();
  for (const line of readLines(text)) {
    const [name = '', ...value] = line.split('=');
    if (name.trim() === '' || value.length === 0) {
      throw new UserError(
        `input set: the line "${line}" is not of the form NAME=VALUE`,
        'write one placeholder and its value on each line, as in IMAGE_TAG=1.4.2',
      );
    }
    substitutions.set(name.trim(), value.join('=').trim());
  }
  return substitutions;
}

function readFailOn(text: string): Severity | 'never' {
  const accepted = [...severities, 'never'] as const;
  const failOn = accepted.find((value) => value === (text || 'error'));
  if (failOn !== undefined) return failOn;
  throw new UserError(`input fail-on: "${text}" is none of ${accepted.join(', ')}`);
}

function readArtifactName(text: string): string {
  // @actions/artifact src/internal/upload/path-and-artifact-name-validation.ts
  if (/["<>|*?\r\n\\/:]/.test(text)) {
    throw new UserError(
      `input artifact-name: "${text}" has a character that GitHub does not allow there`,
      'leave out " : < > | * ? \\ / and line breaks',
    );
  }
  return text;
}

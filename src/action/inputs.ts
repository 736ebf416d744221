import { realpathSync, statSync } from 'node:fs';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { UserError } from '../errors.ts';
import { readHelmValues, readSubstitutions, type Refuse } from '../pipeline/optionPairs.ts';
import { engineNames, type EngineName } from '../proof/engineNames.ts';
import { thresholds, type Threshold } from '../source/severity.ts';

/** The names of the inputs, as `action.yml` declares them. */
export const inputNames = [
  'registries',
  'manifests',
  'set',
  'build',
  'helm-values',
  'working-directory',
  'prove',
  'kind-version',
  'node-image',
  'registry-image',
  'changed-only',
  'fail-on',
  'artifact-name',
  'github-token',
] as const;

/** Name of an input. */
export type InputName = (typeof inputNames)[number];

/** The engines that need nothing but a machine: the first one that can work is taken where nobody chose. */
export const automaticEngines: readonly EngineName[] = ['kind', 'containerd'];

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
  /** `auto`: kustomize and helm build what they can. `off`: nothing is started. */
  readonly build: 'auto' | 'off';
  /** Files of values with which charts are rendered, and in no other way, by the folder of the chart. */
  readonly helmValues: ReadonlyMap<string, readonly string[]>;
  /** Only what the pull request causes is reported. */
  readonly isChangedOnly: boolean;
  /** The engines that prove the pulls, none to prove nothing, or `auto` for the first one that can work here. */
  readonly prove: 'auto' | readonly EngineName[];
  /** Release of kind; empty for the one of the machine. */
  readonly kindVersion: string;
  /** Image of the nodes of a kind cluster; empty for the one that fits the nodes. */
  readonly nodeImage: string;
  /** Image of the registry in a kind cluster; empty for the usual one. */
  readonly registryImage: string;
  /** The mildest finding that fails the step. */
  readonly failOn: Threshold;
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
    substitutions: readSubstitutions(readLines(read('set')), refuseSubstitution),
    build: readBuild(read('build')),
    helmValues: readHelmValues(readLines(read('helm-values')), refuseHelmValues),
    isChangedOnly: readBoolean('changed-only', read('changed-only')),
    prove: readProve(read('prove')),
    kindVersion: read('kind-version'),
    nodeImage: read('node-image'),
    registryImage: read('registry-image'),
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

function readBuild(text: string): Inputs['build'] {
  if (text === '' || text === 'auto') return 'auto';
  if (text === 'off') return 'off';
  throw new UserError(`input build: "${text}" is neither auto nor off`);
}

const refuseSubstitution = refusingLine(
  'set',
  'NAME=VALUE',
  'write one placeholder and its value on each line, as in IMAGE_TAG=1.4.2',
);

const refuseHelmValues = refusingLine(
  'helm-values',
  'CHART=FILE',
  'write the folder of a chart and a file of values on each line, as in charts/shop=values/prod.yaml',
);

/** Says that a line of an input has not the form that it should have. */
function refusingLine(name: InputName, form: string, hint: string): Refuse {
  return (line) => new UserError(`input ${name}: the line "${line}" is not of the form ${form}`, hint);
}

function readBoolean(name: InputName, text: string): boolean {
  if (text === '' || text === 'false') return false;
  if (text === 'true') return true;
  throw new UserError(`input ${name}: "${text}" is neither true nor false`);
}

function readProve(text: string): Inputs['prove'] {
  const names = text.split(/[\s,]+/).filter((name) => name !== '');
  if (names.length === 0 || (names.length === 1 && names[0] === 'auto')) return 'auto';
  if (names.length === 1 && names[0] === 'off') return [];
  return [...new Set(names)].map((name) => {
    const engine = engineNames.find((known) => known === name);
    if (engine !== undefined) return engine;
    const hint = `write auto, off, or some of ${engineNames.join(', ')}`;
    throw new UserError(`input prove: there is no engine "${name}"`, hint);
  });
}

function readFailOn(text: string): Threshold {
  const failOn = thresholds.find((value) => value === (text || 'error'));
  if (failOn !== undefined) return failOn;
  throw new UserError(`input fail-on: "${text}" is none of ${thresholds.join(', ')}`);
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

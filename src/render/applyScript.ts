import { configFile } from '../config/containerdConfig.ts';
import { configuresContainerd, runtimeSteps } from './apply/runtimeSteps.ts';
import { containerdSteps } from './apply/containerdSteps.ts';
import { commonSteps } from './apply/commonSteps.ts';
import { dockerSteps } from './apply/dockerSteps.ts';
import { secretNames } from './secretPlaceholder.ts';
import { shellWord } from './apply/shellWord.ts';
import type { ConfiguredNode, NodeFile } from './target.ts';

/** A file and its path in the folder of its node, which is harmless in any text. */
export interface StoredFile extends NodeFile {
  readonly stored: string;
}

/**
 * `apply.sh`: puts the files of a node in their places. It names no node, so that nodes with the same files have the same
 * script. Every text of the repository in it is one quoted word.
 */
export function renderApplyScript(configured: ConfiguredNode, files: readonly StoredFile[]): string {
  const names = [...new Set(files.flatMap(({ text }) => secretNames(text)))].sort();
  const { runtime } = configured.configuration.profile;
  const steps = [
    introduction(names),
    `secrets='${names.join(' ')}'\n`,
    eachFile(files),
    runtimeSteps(configured),
    commonSteps,
    ...(runtime === 'docker' ? [dockerSteps] : []),
    ...(configuresContainerd(runtime) ? [containerdSteps] : []),
    'main\n',
  ];
  return steps.join('\n');
}

function introduction(names: readonly string[]): string {
  const secrets =
    names.length === 0
      ? []
      : [
          '#',
          '# The files have no secrets in them. They are taken from these variables of the environment and written to the node only:',
          ...names.map((name) => `#   ${name}`),
        ];
  const lines = [
    '#!/bin/sh',
    '# Written by mirrorproof from registries.yaml. Puts the files beside this script into their places on a node; run it as root.',
    '#',
    '# - A file that is right already is left alone. One that is replaced is kept in /var/backups/mirrorproof/NUMBER.',
    '# - The runtime is restarted only where it has to be to read what has changed.',
    '# - Where the runtime does not answer afterwards, everything is put back, and it is restarted with what it had.',
    '#',
    '# ROOT=/mnt      writes below that folder instead, and restarts nothing unless RESTART says how',
    '# RESTART=...    the command that restarts the runtime, where that is not for systemd to do',
    '# READY=...      the command that succeeds as soon as the runtime answers',
    '# WAIT=60        how many seconds it is waited for',
    ...secrets,
    '',
    '# A dollar sign in single quotes is one.',
    '# shellcheck disable=SC2016',
    'set -eu',
    'LC_ALL=C',
    'export LC_ALL',
    'umask 022',
    '',
  ];
  return lines.join('\n');
}

/** A function that calls another one for each file: with what to do, where it lies, where it belongs, and whether it is secret. */
function eachFile(files: readonly StoredFile[]): string {
  const config = shellWord(configFile);
  const calls = files.flatMap(({ install, stored, path, text }) => {
    const from = shellWord(stored);
    const secrecy = secretNames(text).length > 0 ? 'secret' : 'public';
    if (install === 'section') return [`  "$1" section ${from} ${config} ${secrecy}`];
    const step = install === 'drop-in' ? 'restart' : install;
    const call = `  "$1" ${step} ${from} ${shellWord(path)} ${secrecy}`;
    return install === 'drop-in' ? [call, `  "$1" imports '' ${config} public`] : [call];
  });
  return ['each_file() {', '  number=0', ...calls, '}', ''].join('\n');
}

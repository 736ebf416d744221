import { resolve as resolvePath } from 'node:path';
import { UserError } from '../../errors.ts';
import { exitCodes } from '../../exitCodes.ts';
import { openNodeFolder } from '../../files/nodeFolder.ts';
import { readNodeRoot } from '../../nodeRoot/nodeRoot.ts';
import { refuseUnreadable } from '../../pipeline/findRegistries.ts';
import { openFolder } from '../../pipeline/openFolder.ts';
import { analyse } from '../../pipeline/run.ts';
import { resolve } from '../../pull/planPulls.ts';
import type { NodeCase } from '../../pull/pull.ts';
import { parseReference } from '../../reference/parseReference.ts';
import type { Reference } from '../../reference/reference.ts';
import { attempts } from '../../resolver/attempts.ts';
import { parseRuntime, type Runtime } from '../../resolver/runtime.ts';
import type { Command } from '../command.ts';
import {
  explanationOf,
  formatJson,
  formatText,
  type Explanation,
  type OwnFilesRemarks,
} from '../explanation.ts';
import {
  choiceOption,
  commonHelp,
  commonOptions,
  parseCommandLine,
  runOptions,
  textOption,
  type CommandLine,
} from '../options.ts';

export const explain: Command = {
  summary: 'show which URLs each node will try for an image, in which order, and why',
  help: `mirrorproof explain IMAGE [FOLDER] [OPTIONS]
mirrorproof explain IMAGE --node-root DIR [--runtime RUNTIME] [--format FORMAT]

Prints the requests that the container runtime of each node will make for IMAGE while each one fails, in their order, with
the line of registries.yaml in FOLDER (default: .) that each comes from. With --node-root, those of one node, from a copy of
its own files: DIR/etc/containerd, DIR/etc/rancher or DIR/etc/docker.

  --node NAME         only this node
  --node-root DIR     the root of a node's file system, or of a copy of its files
  --runtime RUNTIME   what runs on that node, as \`kubectl get nodes -o wide\` prints it: containerd://1.7.24, k3s://1.7.23,
                      docker://28.1.0 (default: the newest containerd)
  --format FORMAT     text or json (default: text)
${commonHelp}
`,
  run(args, terminal) {
    const options = {
      node: { type: 'string' },
      'node-root': { type: 'string' },
      runtime: { type: 'string' },
    } as const;
    const line = parseCommandLine(args, { ...commonOptions, ...options }, 2);
    const format = choiceOption(line, 'format', ['text', 'json'] as const, 'text');
    const [image] = line.positionals;
    if (image === undefined)
      throw new UserError('explain wants an image', 'see `mirrorproof explain --help`');
    const result = parseReference(image);
    if (!result.ok) throw new UserError(`${image} is no image: ${result.error}`);
    const { reference } = result;
    const { explanations, remarks } = explainLine(line, reference);
    terminal.write(
      format === 'json'
        ? formatJson(image, reference, explanations, remarks)
        : formatText(reference, explanations, remarks),
    );
    return exitCodes.clean;
  },
};

interface Explained {
  readonly explanations: readonly Explanation[];
  readonly remarks?: OwnFilesRemarks;
}

function explainLine(line: CommandLine, reference: Reference): Explained {
  const [, folder] = line.positionals;
  const nodeRoot = textOption(line, 'node-root');
  const runtime = textOption(line, 'runtime');
  if (nodeRoot !== undefined) {
    if (folder !== undefined)
      throw new UserError(`--node-root ${nodeRoot} and the folder ${folder} do not go together`);
    return explainNodeRoot(nodeRoot, readRuntime(runtime), reference);
  }
  if (runtime !== undefined)
    throw new UserError(
      '--runtime is only for --node-root',
      'registries.yaml names the runtime of each node',
    );
  const { root, manifests, ...options } = runOptions(line, folder);
  const { cases, registries } = analyse(openFolder(root, manifests), options);
  refuseUnreadable(registries);
  return { explanations: explainOn(cases, textOption(line, 'node'), reference) };
}

function readRuntime(text: string | undefined): Runtime {
  if (text === undefined) return { kind: 'containerd' };
  const runtime = parseRuntime(text);
  if (runtime.kind !== 'other' && runtime.kind !== 'unknown') return runtime;
  throw new UserError(
    `--runtime ${text} is not known`,
    'known are containerd://, k3s://, rke2:// and docker://',
  );
}

function explainNodeRoot(folder: string, runtime: Runtime, reference: Reference): Explained {
  const root = readNodeRoot(openNodeRoot(resolvePath(folder)), runtime);
  const { configuration, startupError, ignored } = root;
  const result = startupError
    ? { ok: false as const, error: startupError.message }
    : attempts(configuration, reference);
  return {
    explanations: [explanationOf(root.name ?? 'node', configuration.profile, result)],
    remarks: { ignored, ...(startupError && { startupError }) },
  };
}

function openNodeRoot(folder: string): ReturnType<typeof openNodeFolder> {
  try {
    return openNodeFolder(folder);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UserError(`cannot read the folder ${folder}: ${reason}`, undefined, { cause: error });
  }
}

/** One explanation for each node that is wanted; nodes of one case share their attempts. */
function explainOn(
  cases: readonly NodeCase[],
  wanted: string | undefined,
  reference: Reference,
): Explanation[] {
  const explanations = cases.flatMap((nodeCase) => {
    const { profile } = nodeCase.configuration;
    const names = nodeCase.members
      .map(({ node }) => node.name)
      .filter((name) => wanted === undefined || name === wanted);
    if (names.length === 0) return [];
    const result = resolve(nodeCase, reference);
    return names.map((node) => explanationOf(node, profile, result));
  });
  if (explanations.length > 0) return explanations;
  const names = cases.flatMap(({ members }) => members.map(({ node }) => node.name)).slice(0, 10);
  throw new UserError(`there is no node ${wanted}`, `the nodes are ${names.join(', ')}`);
}

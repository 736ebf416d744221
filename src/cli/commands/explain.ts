import { UserError } from '../../errors.ts';
import { exitCodes } from '../../exitCodes.ts';
import type { NodeFiles } from '../../files/nodeFiles.ts';
import { renderedAuth } from '../../nodeRoot/configuredAuth.ts';
import { readNodeRoot } from '../../nodeRoot/nodeRoot.ts';
import { refuseUnreadable } from '../../pipeline/findRegistries.ts';
import { openFolder } from '../../pipeline/openFolder.ts';
import { analyse } from '../../pipeline/run.ts';
import { resolve } from '../../pull/planPulls.ts';
import type { NodeCase } from '../../pull/pull.ts';
import { parseReference } from '../../reference/parseReference.ts';
import type { Reference } from '../../reference/reference.ts';
import { attempts } from '../../resolver/attempts.ts';
import type { NodeConfiguration } from '../../resolver/nodeConfiguration.ts';
import type { Runtime } from '../../resolver/runtime.ts';
import type { Located } from '../../source/location.ts';
import type { Command } from '../command.ts';
import {
  explanationOf,
  formatJson,
  formatText,
  type Explanation,
  type OwnFilesRemarks,
} from '../explanation.ts';
import type { LiveAnswers, LiveNode } from '../liveAnswers.ts';
import { openNode, readRuntime } from '../nodeOptions.ts';
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
mirrorproof explain IMAGE --node-root DIR [--runtime RUNTIME] [OPTIONS]

Prints the requests that the container runtime of each node will make for IMAGE while each one fails, in their order, with
the line of registries.yaml in FOLDER (default: .) that each comes from. With --node-root, those of one node, from a copy of
its own files: DIR/etc/containerd, DIR/etc/rancher or DIR/etc/docker.

With --live the requests are sent from this machine, as each node would send them, and their answers are printed: it asks what
IMAGE stands for, fetches nothing of it and changes nothing. Logins and certificates are those of the configuration; \${NAME} is
read from the environment.

  --node NAME         only this node
  --node-root DIR     the root of a node's file system, or of a copy of its files
  --runtime RUNTIME   what runs on that node, as \`kubectl get nodes -o wide\` prints it: containerd://1.7.24, k3s://1.7.23,
                      docker://28.1.0 (default: the newest containerd)
  --live              send the requests, and print the answers
  --format FORMAT     text or json (default: text)
${commonHelp}
`,
  async run(args, terminal) {
    const options = {
      node: { type: 'string' },
      'node-root': { type: 'string' },
      runtime: { type: 'string' },
      live: { type: 'boolean' },
    } as const;
    const line = parseCommandLine(args, { ...commonOptions, ...options }, 2);
    const format = choiceOption(line, 'format', ['text', 'json'] as const, 'text');
    const [image] = line.positionals;
    if (image === undefined)
      throw new UserError('explain wants an image', 'see `mirrorproof explain --help`');
    const result = parseReference(image);
    if (!result.ok) throw new UserError(`${image} is no image: ${result.error}`);
    const { reference } = result;
    const { nodes, remarks } = await explainLine(line, reference);
    const explanations =
      line.values['live'] === true
        ? await askAll(nodes, reference)
        : nodes.map(({ explanation }) => explanation);
    terminal.write(
      format === 'json'
        ? formatJson(image, reference, explanations, remarks)
        : formatText(reference, explanations, remarks),
    );
    return exitCodes.clean;
  },
};

interface ExplainedNode {
  readonly explanation: Explanation;
  /** Absent where the node pulls nothing. */
  readonly live?: LiveNode;
}

interface Explained {
  readonly nodes: readonly ExplainedNode[];
  readonly remarks?: OwnFilesRemarks;
}

/** The explanations with the answers of the registries; nodes of one case are played once. */
async function askAll(nodes: readonly ExplainedNode[], reference: Reference): Promise<Explanation[]> {
  const { askRegistries } = await import('../liveAnswers.ts');
  const answers = new Map<NodeConfiguration, Promise<LiveAnswers>>();
  const ask = (live: LiveNode): Promise<LiveAnswers> => {
    const asked = answers.get(live.configuration) ?? askRegistries(live, reference);
    answers.set(live.configuration, asked);
    return asked;
  };
  const explanations: Explanation[] = [];
  // One after the other: registries that count requests shall not be hurried.
  for (const { explanation, live } of nodes) {
    explanations.push(live ? { ...explanation, live: await ask(live) } : explanation);
  }
  return explanations;
}

async function explainLine(line: CommandLine, reference: Reference): Promise<Explained> {
  const [, folder] = line.positionals;
  const nodeRoot = textOption(line, 'node-root');
  const runtime = textOption(line, 'runtime');
  if (nodeRoot !== undefined) {
    if (folder !== undefined)
      throw new UserError(`--node-root ${nodeRoot} and the folder ${folder} do not go together`);
    return explainNodeRoot(
      nodeRoot,
      runtime === undefined ? { kind: 'containerd' } : readRuntime(runtime),
      reference,
    );
  }
  if (runtime !== undefined)
    throw new UserError(
      '--runtime is only for --node-root',
      'registries.yaml names the runtime of each node',
    );
  const { root, manifests, ...options } = runOptions(line, folder);
  // No image of the repository matters here, so nothing is built.
  const { cases, registries } = analyse(await openFolder(root, manifests), options);
  refuseUnreadable(registries);
  return { nodes: explainOn(cases, textOption(line, 'node'), reference) };
}

function explainNodeRoot(folder: string, runtime: Runtime, reference: Reference): Explained {
  const files = openNode(folder);
  const root = readNodeRoot(files, runtime);
  const { configuration, configuredAuth: logins, startupError, ignored } = root;
  const result = startupError
    ? { ok: false as const, error: startupError.message }
    : attempts(configuration, reference);
  const explanation = explanationOf(root.name ?? 'node', configuration.profile, result);
  const live: LiveNode = {
    configuration,
    configuredAuth: logins,
    addresses: addressesOf(root.resolves),
    readFile: (path) => readNodeFile(files, path),
  };
  return {
    nodes: [startupError ? { explanation } : { explanation, live }],
    remarks: { ignored, ...(startupError && { startupError }) },
  };
}

/** Throws where it cannot be read, as node:fs does. */
function readNodeFile(files: NodeFiles, path: string): string {
  const content = files.read(path);
  if (content && 'text' in content) return content.text;
  throw new Error(`open ${path}: ${content ? content.unreadable : 'no such file or directory'}`);
}

function addressesOf(resolves: ReadonlyMap<string, Located<string>>): ReadonlyMap<string, string> {
  return new Map([...resolves].map(([name, { value }]) => [name, value]));
}

/** One explanation for each node that is wanted; nodes of one case share their attempts. */
function explainOn(
  cases: readonly NodeCase[],
  wanted: string | undefined,
  reference: Reference,
): ExplainedNode[] {
  const explained = cases.flatMap((nodeCase) => {
    const { profile } = nodeCase.configuration;
    const members = nodeCase.members.filter(({ node }) => wanted === undefined || node.name === wanted);
    if (members.length === 0) return [];
    const result = resolve(nodeCase, reference);
    return members.map((member): ExplainedNode => {
      const explanation = explanationOf(member.node.name, profile, result);
      return nodeCase.startupError === undefined
        ? { explanation, live: liveNode(member, nodeCase.configuration) }
        : { explanation };
    });
  });
  if (explained.length > 0) return explained;
  const names = cases.flatMap(({ members }) => members.map(({ node }) => node.name)).slice(0, 10);
  throw new UserError(`there is no node ${wanted}`, `the nodes are ${names.join(', ')}`);
}

/** A node of registries.yaml, with the logins that are rendered for it. */
function liveNode(member: NodeCase['members'][number], configuration: NodeConfiguration): LiveNode {
  return {
    configuration,
    configuredAuth: renderedAuth(member),
    addresses: addressesOf(member.node.resolves),
  };
}

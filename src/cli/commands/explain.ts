import { UserError } from '../../errors.ts';
import { exitCodes } from '../../exitCodes.ts';
import { openFolder } from '../../pipeline/openFolder.ts';
import { analyse } from '../../pipeline/run.ts';
import { formatReference, parseReference } from '../../reference/parseReference.ts';
import type { Reference } from '../../reference/reference.ts';
import { logLine } from '../../report/workflowCommand.ts';
import { writeJson } from '../../report/writeJson.ts';
import { resolve } from '../../pull/planPulls.ts';
import type { NodeCase } from '../../pull/pull.ts';
import type { Attempt } from '../../resolver/attempts.ts';
import type { Command } from '../command.ts';
import {
  choiceOption,
  commonHelp,
  commonOptions,
  parseCommandLine,
  runOptions,
  textOption,
} from '../options.ts';

export const explain: Command = {
  summary: 'show which URLs each node will try for an image, in which order, and why',
  help: `mirrorproof explain IMAGE [FOLDER] [OPTIONS]

Prints the requests that the container runtime of each node will make for IMAGE while each one fails, in their order, with
the line of registries.yaml in FOLDER (default: .) that each comes from.

  --node NAME         only this node
  --format FORMAT     text or json (default: text)
${commonHelp}
`,
  run(args, terminal) {
    const line = parseCommandLine(args, { ...commonOptions, node: { type: 'string' } }, 2);
    const format = choiceOption(line, 'format', ['text', 'json'] as const, 'text');
    const [image, folder] = line.positionals;
    if (image === undefined)
      throw new UserError('explain wants an image', 'see `mirrorproof explain --help`');
    const result = parseReference(image);
    if (!result.ok) throw new UserError(`${image} is no image: ${result.error}`);
    const { root, manifests, ...options } = runOptions(line, folder);
    const { cases } = analyse(openFolder(root, manifests), options);
    const explanations = explainOn(cases, textOption(line, 'node'), result.reference);
    terminal.write(
      format === 'json'
        ? formatJson(image, result.reference, explanations)
        : formatText(result.reference, explanations),
    );
    return exitCodes.clean;
  },
};

interface Explanation {
  readonly node: string;
  readonly runtime: string;
  readonly attempts: readonly Attempt[];
  readonly error?: string;
}

/** One explanation for each node that is wanted; nodes of one case share their attempts. */
function explainOn(
  cases: readonly NodeCase[],
  wanted: string | undefined,
  reference: Reference,
): Explanation[] {
  const explanations = cases.flatMap((nodeCase) => {
    const { runtime, version } = nodeCase.configuration.profile;
    const names = nodeCase.members
      .map(({ node }) => node.name)
      .filter((name) => wanted === undefined || name === wanted);
    if (names.length === 0) return [];
    const result = resolve(nodeCase, reference);
    const outcome = result.ok ? { attempts: result.attempts } : { attempts: [], error: result.error };
    return names.map((node) => ({ node, runtime: `${runtime}://${version}`, ...outcome }));
  });
  if (explanations.length > 0) return explanations;
  const names = cases.flatMap(({ members }) => members.map(({ node }) => node.name)).slice(0, 10);
  throw new UserError(`there is no node ${wanted}`, `the nodes are ${names.join(', ')}`);
}

function formatJson(image: string, reference: Reference, explanations: readonly Explanation[]): string {
  const { domain, path, tag = null, digest = null } = reference;
  const nodes = explanations.map((explanation) => ({
    ...explanation,
    attempts: explanation.attempts.map(describeAttempt),
  }));
  return writeJson({ image, reference: { domain, path, tag, digest }, nodes });
}

function describeAttempt({ method, url, host, source, tls, credentials, httpFallback }: Attempt): object {
  return {
    method,
    url,
    host: host.host,
    source: source ? { file: source.file, line: source.start.line, column: source.start.column } : null,
    tls: tls && { skipVerify: tls.skipVerify, ca: tls.ca },
    credentials,
    httpFallback,
  };
}

function formatText(reference: Reference, explanations: readonly Explanation[]): string {
  const blocks = explanations.map(({ node, runtime, attempts: tried, error }) => {
    const lines = error === undefined ? tried.map(formatAttempt) : [`  nothing: ${error}`];
    return `${node} (${runtime})\n${lines.join('\n')}\n`;
  });
  return logLines(`${formatReference(reference)}\n\n${blocks.join('\n')}`);
}

function formatAttempt(
  { method, url, source, tls, credentials, httpFallback }: Attempt,
  index: number,
): string {
  const notes = [
    source ? `${source.file}:${source.start.line}` : 'the registry itself',
    ...(tls?.skipVerify ? ['any certificate'] : []),
    ...(tls && tls.ca.length > 0 ? [`CA ${tls.ca.join(', ')}`] : []),
    ...(credentials ? ['with login'] : []),
    ...(httpFallback ? ['HTTP if the server speaks no TLS'] : []),
  ];
  return `  ${index + 1}. ${method} ${url}\n     ${notes.join('; ')}`;
}

function logLines(text: string): string {
  return text.split('\n').map(logLine).join('\n');
}

import { describeStart } from '../report/json.ts';
import { plural } from '../report/plural.ts';
import { logLine } from '../report/workflowCommand.ts';
import { writeJson } from '../report/writeJson.ts';
import { formatPlace } from '../source/location.ts';
import { hideUrlLogins } from '../source/logins.ts';
import type { ImportedNodes, Leftover } from './importNodes.ts';
import type { NamedSecret } from './secretNames.ts';

/** Lines of remarks; the JSON has them all. */
const maxLines = 200;
const maxNodes = 5;

const fieldNames = {
  password: 'password',
  auth: 'auth (base64 of user:password)',
  identityToken: 'identity token',
} as const;

/** The registries.yaml with remarks at its top: what has to be filled in, and what could not be carried over. */
export function formatImport(imported: ImportedNodes): string {
  const { body, nodes, secrets, leftovers } = imported;
  const lines = [
    `Written by mirrorproof import from the files of ${listNodes(nodes)}.`,
    ...titled('Secrets are not written here. Fill in from the environment:', secrets.map(describeSecret)),
    ...titled(
      'The runtime does not start with these files, so nothing of them is here:',
      linesOf(leftovers, ['startup']),
    ),
    ...titled('Not carried over, or not quite:', otherLines(leftovers)),
    ...titled('Without effect on the nodes, and left out:', linesOf(leftovers, ['ignored'])),
  ];
  const remarks = lines.map((line) => (line === '' ? '#\n' : `# ${line}\n`)).join('');
  return `${remarks}\n${body}`;
}

/** The same as data. Ends with a line break. */
export function formatImportJson(imported: ImportedNodes): string {
  return writeJson({
    registries: formatImport(imported),
    nodes: imported.nodes,
    secrets: imported.secrets.map(({ name, host, field, nodes }) => ({ name, host, field, nodes })),
    leftovers: imported.leftovers.map(describeLeftover),
  });
}

function describeLeftover({ kind, message, host, location, nodes }: Leftover): object {
  const place = location && describeStart(location);
  return { kind, message: hideUrlLogins(message), host: host ?? null, nodes, ...place };
}

function titled(title: string, lines: readonly string[]): readonly string[] {
  if (lines.length === 0) return [];
  const shown = lines.slice(0, maxLines).map((line) => `  ${line}`);
  const leftOut = lines.length - shown.length;
  return [
    '',
    title,
    ...shown,
    ...(leftOut > 0 ? [`  and ${plural(leftOut, 'other')}: see --format json`] : []),
  ];
}

function describeSecret({ name, host, field, nodes }: NamedSecret): string {
  return logLine(`\${${name}}: ${fieldNames[field]} for ${host} on ${listNodes(nodes)}`);
}

function linesOf(leftovers: readonly Leftover[], kinds: readonly Leftover['kind'][]): readonly string[] {
  return leftovers.filter(({ kind }) => kinds.includes(kind)).map(describeLine);
}

function otherLines(leftovers: readonly Leftover[]): readonly string[] {
  return leftovers.filter(({ kind }) => kind !== 'startup' && kind !== 'ignored').map(describeLine);
}

function describeLine({ message, location, nodes }: Leftover): string {
  const place = location ? `${formatPlace(location)} ` : '';
  return logLine(`${place}${hideUrlLogins(message)} (${listNodes(nodes)})`);
}

function listNodes(nodes: readonly string[]): string {
  const shown = nodes.slice(0, maxNodes).join(', ');
  const leftOut = nodes.length - maxNodes;
  return logLine(leftOut > 0 ? `${shown} and ${plural(leftOut, 'other node')}` : shown);
}

import type { ClientPair, HeaderField, HostEntry, HostFields, HostsFile, Rewrite } from './hostsFile.ts';

export interface RenderHostsOptions {
  readonly rewrites?: boolean;
  /**
   * Writes each host as an inline table without headers of its own. containerd 1.x reads no bracket in the name of a table, which
   * an IPv6 address has; 2.x ignores hosts that are written so.
   */
  readonly inlineHosts?: boolean;
}

/**
 * Writes a `hosts.toml` that every containerd version reads alike: the server first, then a table for each
 * host, in order. Of two hosts with the same URL the second is left out, since a doubled table makes
 * containerd drop the file. `rewrites` are written for the containerd of k3s and RKE2 only.
 */
export function renderHostsToml(hostsFile: HostsFile, options: RenderHostsOptions = {}): string {
  const { server, root } = hostsFile;
  const hosts = withoutDoubles(hostsFile.hosts);
  const rewritesOf = (fields: HostFields): readonly Rewrite[] =>
    options.rewrites ? (fields.rewrites ?? []) : [];
  const head = [...(server ? [assignment('server', string(server.value))] : []), ...fieldLines(root)];
  const blocks = [head, ...subTables('', root, rewritesOf(root))];
  // containerd before 1.7.32 drops a file without any host table.
  if (hosts.length === 0) blocks.push(['[host]']);
  if (options.inlineHosts) {
    const pairs = hosts.map((host) => assignment(string(host.url), `{ ${fieldLines(host).join(', ')} }`));
    if (pairs.length > 0) blocks.push(['[host]', ...indent(pairs)]);
    return joinBlocks(blocks);
  }
  for (const host of hosts) {
    const table = `host.${headerKey(host.url)}`;
    blocks.push([`[${table}]`, ...indent(fieldLines(host))]);
    blocks.push(...subTables(`${table}.`, host, rewritesOf(host)).map(indent));
  }
  return joinBlocks(blocks);
}

function joinBlocks(blocks: readonly (readonly string[])[]): string {
  const written = blocks.filter((lines) => lines.length > 0).map((lines) => lines.join('\n'));
  return `${written.join('\n\n')}\n`;
}

function withoutDoubles(hosts: readonly HostEntry[]): readonly HostEntry[] {
  const seen = new Set<string>();
  return hosts.filter(({ url }) => seen.size < seen.add(url).size);
}

function fieldLines(fields: HostFields): readonly string[] {
  const { capabilities, ca, client, skipVerify, overridePath, dialTimeout } = fields;
  const lines: string[] = [];
  if (capabilities) lines.push(assignment('capabilities', strings(capabilities.value)));
  if (overridePath) lines.push(assignment('override_path', String(overridePath.value)));
  if (ca) lines.push(assignment('ca', strings(ca.value)));
  if (client) lines.push(assignment('client', list(client.value.map(pair))));
  if (skipVerify) lines.push(assignment('skip_verify', String(skipVerify.value)));
  if (dialTimeout) lines.push(assignment('dial_timeout', string(dialTimeout.value)));
  return lines;
}

function subTables(
  prefix: string,
  { header }: HostFields,
  rewrites: readonly Rewrite[],
): readonly (readonly string[])[] {
  const tables: (readonly string[])[] = [];
  if (header) tables.push([`[${prefix}header]`, ...indent(header.value.map(headerLine))]);
  if (rewrites.length > 0) {
    const lines = rewrites.map(({ pattern, replacement }) =>
      assignment(assignedKey(pattern), string(replacement)),
    );
    tables.push([`[${prefix}rewrite]`, ...indent(lines)]);
  }
  return tables;
}

function headerLine({ name, values }: HeaderField): string {
  const key = /^[A-Za-z0-9_-]+$/.test(name) ? name : assignedKey(name);
  const [only, ...more] = values;
  return assignment(key, only !== undefined && more.length === 0 ? string(only) : strings(values));
}

function pair({ cert, key }: ClientPair): string {
  return key === undefined ? string(cert) : strings([cert, key]);
}

function assignment(key: string, value: string): string {
  return `${key} = ${value}`;
}

function indent(lines: readonly string[]): readonly string[] {
  return lines.map((line) => `  ${line}`);
}

function strings(values: readonly string[]): string {
  return list(values.map(string));
}

function list(values: readonly string[]): string {
  return `[${values.join(', ')}]`;
}

/**
 * The key of a table header. containerd 1.x does not undo escapes there, so a text that needs one is written
 * literally.
 */
function headerKey(text: string): string {
  const escaped = string(text);
  const isPlain = escaped === `"${text}"`;
  return !isPlain && canBeLiteral(text) ? `'${text}'` : escaped;
}

/** The key of an assignment. containerd 1.x takes an escaped quote there for the end of the key. */
function assignedKey(text: string): string {
  return text.includes('"') && canBeLiteral(text) ? `'${text}'` : string(text);
}

function canBeLiteral(text: string): boolean {
  return !/['\p{Cc}\p{Surrogate}]/u.test(text);
}

/**
 * A basic string. The escapes of JSON are escapes of TOML too; half a surrogate pair can be written in
 * neither.
 */
function string(text: string): string {
  return JSON.stringify(text.replaceAll(/\p{Surrogate}/gu, '\uFFFD')).replaceAll(
    '\u007F',
    String.raw`\u007F`,
  );
}

import type { ClientPair, HeaderField, HostEntry, HostFields, HostsFile, Rewrite } from './hostsFile.ts';

/**
 * Writes a `hosts.toml` that every containerd version reads alike: the server first, then a table for each
 * host, in order. Of two hosts with the same URL the second is left out, since a doubled table makes
 * containerd drop the file. `rewrites` are written for the containerd of k3s and RKE2 only.
 */
export function renderHostsToml(hostsFile: HostsFile, options: { readonly rewrites?: boolean } = {}): string {
  const { server, root } = hostsFile;
  const hosts = withoutDoubles(hostsFile.hosts);
  const rewritesOf = (fields: HostFields): readonly Rewrite[] =>
    options.rewrites ? (fields.rewrites ?? []) : [];
  const head = [...(server ? [assignment('server', string(server.value))] : []), ...fieldLines(root)];
  const blocks = [head, ...subTables('', root, rewritesOf(root))];
  // containerd before 1.7.32 drops a file without any host table.
  if (hosts.length === 0) blocks.push(['[host]']);
  for (const host of hosts) {
    const table = `host.${headerKey(host.url)}`;
    blocks.push([`[${table}]`, ...indent(fieldLines(host))]);
    blocks.push(...subTables(`${table}.`, host, rewritesOf(host)).map(indent));
  }
  return `${blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
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
      assignment(string(pattern), string(replacement)),
    );
    tables.push([`[${prefix}rewrite]`, ...indent(lines)]);
  }
  return tables;
}

function headerLine({ name, values }: HeaderField): string {
  const key = /^[A-Za-z0-9_-]+$/.test(name) ? name : string(name);
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
  const canBeLiteral = !/['\p{Cc}\p{Surrogate}]/u.test(text);
  return !isPlain && canBeLiteral ? `'${text}'` : escaped;
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

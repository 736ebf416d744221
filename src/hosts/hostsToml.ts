import { startOfFile, type SourceProblem } from '../source/location.ts';
import { parseToml, type TomlDocument, type TomlScalar, type TomlTable } from '../source/toml.ts';
import { parseGoDuration } from './goDuration.ts';
import { goTypeOf, goTypes } from './goToml.ts';
import { headerProblem, syntaxProblem } from './goTomlSyntax.ts';
import { parseServerUrl } from './hostConfig.ts';
import { CrashingHost, HostFieldsReader, UnreadableHost } from './hostFieldsReader.ts';
import type { HostEntry, HostFields, HostsFile } from './hostsFile.ts';
import type { HostsProfile } from './hostsProfile.ts';

/** A `hosts.toml` as a containerd version reads it, or the reason why that version drops it. */
export type HostsTomlResult =
  | {
      readonly hostsFile: HostsFile;
      /** What stands in the file and has no effect, with the reason. */
      readonly ignored: readonly SourceProblem[];
    }
  | {
      /** The message is the error that containerd logs, except where it is about the syntax of TOML. */
      readonly dropped: SourceProblem;
    }
  | {
      /** containerd comes to an end over the file at every pull that needs it. The message is that of its panic. */
      readonly crash: SourceProblem;
    };

/**
 * Reads a `hosts.toml` as one containerd version does: in its order of hosts, with its errors, without what
 * it does not know. Never throws.
 */
// containerd v2.3.4 core/remotes/docker/config/hosts.go parseHostsFile, v1.7.34
// remotes/docker/config/hosts.go
export function parseHostsToml(file: string, text: string, profile: HostsProfile): HostsTomlResult {
  if (profile.tomlLibrary === 'go-toml v2' && text.startsWith('\uFEFF')) {
    const message = 'toml: invalid character at start of key: \u00EF';
    return { dropped: { message, location: startOfFile(file) } };
  }
  const source = parseToml(file, text);
  if (!source.document) return { dropped: syntaxProblem(source.problems[0], text, profile.tomlLibrary) };
  const headerError = profile.tomlLibrary === 'go-toml v1' ? headerProblem(source.document, text) : undefined;
  if (headerError) return { dropped: headerError };
  try {
    return new HostsTomlReader(source.document, text, profile).read();
  } catch (error) {
    if (!(error instanceof UnreadableHost)) throw error;
    const problem = { message: error.message, location: source.document.locate(error.at) };
    return error instanceof CrashingHost ? { crash: problem } : { dropped: problem };
  }
}

/** The type of the root as Go prints it. */
const rootStruct = String.raw`struct { config.hostFileConfig; Server string "toml:\"server\""; HostConfigs map[string]config.hostFileConfig "toml:\"host\"" }`;

/** A host that is tried, with the key that names it. */
interface OrderedHost {
  readonly url: string;
  readonly table: TomlTable;
  readonly key: TomlScalar;
}

class HostsTomlReader {
  readonly #document: TomlDocument;
  readonly #text: string;
  readonly #profile: HostsProfile;
  readonly #fields: HostFieldsReader;

  constructor(document: TomlDocument, text: string, profile: HostsProfile) {
    this.#document = document;
    this.#text = text;
    this.#profile = profile;
    this.#fields = new HostFieldsReader(document, profile);
  }

  read(): HostsTomlResult {
    const { root } = this.#document;
    const isVersion2 = this.#profile.tomlLibrary === 'go-toml v2';
    const hostEntry = root.entries.find(({ key }) => key.text === 'host');
    const hostTable = hostEntry?.value.kind === 'mapping' ? hostEntry.value : undefined;
    if (!hostTable && this.#profile.requiresHostTable) {
      throw new UnreadableHost('invalid `host` tree', hostEntry?.key ?? startOf(root));
    }
    if (!isVersion2) refuseToSort(hostTable);
    this.#checkTypes(isVersion2);
    const ordered = isVersion2 ? this.#hostsOfVersion2(hostTable) : this.#hostsOfVersion1(hostTable);
    const hosts = ordered.map(({ url, table, key }): HostEntry => {
      const fields = this.#readHost(url, table, key);
      return { url, location: this.#document.locate(key), ...fields };
    });
    const server = this.#fields.find(root, 'server');
    const text = server?.value.kind === 'scalar' ? server.value.text : '';
    const rootFields = this.#readHost(text, root, server?.value ?? startOf(root));
    const location = server && this.#document.locate(server.value);
    const hostsFile = { ...(server && { server: { value: text, location } }), root: rootFields, hosts };
    return { hostsFile, ignored: this.#ignored(ordered) };
  }

  #readHost(url: string, table: TomlTable, at: Span): HostFields {
    const overridePath = this.#fields.overridePath(table);
    const parsed = parseServerUrl(url, overridePath, this.#profile);
    if (!parsed.ok) throw new UnreadableHost(parsed.error, at);
    const fields = this.#fields.read(table);
    const timeout = fields.dialTimeout?.value ?? '';
    const duration = timeout === '' ? undefined : parseGoDuration(timeout);
    if (duration && !duration.ok) {
      throw new UnreadableHost(duration.error, this.#fields.find(table, 'dial_timeout')?.value ?? at);
    }
    return fields;
  }

  // containerd v2.3.4 core/remotes/docker/config/hosts.go getSortedHosts: only consecutive mentions are
  // joined
  #hostsOfVersion2(hostTable: TomlTable | undefined): readonly OrderedHost[] {
    const tables = new Map(hostTable?.entries.map(({ key, value }) => [key.text, value]));
    const hosts: OrderedHost[] = [];
    let previous = '';
    for (const { keys, isArray } of this.#document.headers) {
      const [first, key] = keys;
      if (isArray || first?.text !== 'host' || !key || key.text === previous) continue;
      previous = key.text;
      const table = tables.get(key.text);
      if (table?.kind === 'mapping') hosts.push({ url: key.text, table, key });
    }
    return hosts;
  }

  // containerd v1.7.34 remotes/docker/config/hosts.go getSortedHosts: by line, where inline tables have none
  #hostsOfVersion1(hostTable: TomlTable | undefined): readonly OrderedHost[] {
    const headerKeys = new Set(this.#document.headers.flatMap(({ keys }) => keys.map(({ start }) => start)));
    const lines = new Map<OrderedHost, number>();
    for (const { key, value } of hostTable?.entries ?? []) {
      if (value.kind !== 'mapping') continue;
      const written = this.#text.slice(key.start, key.end);
      // The key of a header is taken as it is written: escapes stay.
      const isLiteral = headerKeys.has(key.start) && written.startsWith('"');
      const host = { url: isLiteral ? written.slice(1, -1) : key.text, table: value, key };
      lines.set(host, value.isInline ? 0 : this.#document.locate(key).start.line);
    }
    return [...lines].sort(([, a], [, b]) => a - b).map(([host]) => host);
  }

  /** Refuses the file for the first value of a wrong type, in the order in which the library comes to it. */
  #checkTypes(isVersion2: boolean): void {
    const found = [...this.#mismatches()];
    if (isVersion2) found.sort((a, b) => a.at.start - b.at.start);
    const [first] = found;
    if (first) throw first;
  }

  *#mismatches(): Generator<UnreadableHost> {
    const { root } = this.#document;
    yield* this.#fields.mismatches(root, rootStruct);
    yield* this.#fields.mismatch(root, 'server', goTypes.string, `${rootStruct}.Server`);
    yield* this.#fields.mismatch(root, 'host', goTypes.mapOfHosts, `${rootStruct}.HostConfigs`);
    const hosts = this.#fields.find(root, 'host')?.value;
    if (hosts?.kind !== 'mapping') return;
    for (const { value } of hosts.entries) {
      if (value.kind === 'mapping') yield* this.#fields.mismatches(value, goTypes.hostFileConfig.name);
    }
  }

  #ignored(ordered: readonly OrderedHost[]): readonly SourceProblem[] {
    const counted = new Set(ordered.map(({ table }) => table));
    const { root } = this.#document;
    const ignored = [...this.#fields.unknownKeys(root, ['server', 'host'])];
    const hosts = this.#fields.find(root, 'host')?.value;
    for (const { key, value } of hosts?.kind === 'mapping' ? hosts.entries : []) {
      if (value.kind !== 'mapping') continue;
      const reason = `this containerd takes hosts only from [host."URL"] tables, so it ignores ${key.text}`;
      ignored.push(...(counted.has(value) ? this.#fields.unknownKeys(value, []) : [{ key, reason }]));
    }
    return ignored.map(({ key, reason }) => ({ message: reason, location: this.#document.locate(key) }));
  }
}

/** Hosts are sorted by their line as soon as there are two, and each of them is taken for a table without a look. */
// containerd v1.7.34 remotes/docker/config/hosts.go getSortedHosts
function refuseToSort(hostTable: TomlTable | undefined): void {
  const entries = hostTable?.entries ?? [];
  const odd = entries.find(({ value }) => value.kind !== 'mapping');
  if (!odd || entries.length < 2) return;
  const text = `interface conversion: interface {} is ${goTypeOf(odd.value)}, not *toml.Tree`;
  throw new CrashingHost(text, odd.key);
}

interface Span {
  readonly start: number;
  readonly end: number;
}

function startOf(table: TomlTable): Span {
  return { start: table.start, end: table.start };
}

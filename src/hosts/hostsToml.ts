import type { Stretch } from '../source/lineIndex.ts';
import type { SourceProblem } from '../source/location.ts';
import type { TomlDocument, TomlScalar, TomlTable } from '../source/toml.ts';
import type { TomlExpression } from '../source/tomlTree.ts';
import { parseGoDuration } from './goDuration.ts';
import { goTypeOf, goTypes } from './goToml.ts';
import { readGoToml } from './goToml/readGoToml.ts';
import { findTypeProblem24 } from './goToml/v24Decode.ts';
import { parseServerUrl } from './hostConfig.ts';
import {
  CrashingHost,
  HostFieldsReader,
  isDecodedHost,
  rootType,
  UnreadableHost,
} from './hostFieldsReader.ts';
import type { HostEntry, HostFields, HostsFile } from './hostsFile.ts';
import type { HostsProfile } from './hostsProfile.ts';

/** Why a `hosts.toml` is dropped. */
export interface DropReason extends SourceProblem {
  /** What containerd 1.x may name instead: of several hosts with a mistake it comes to any first. */
  readonly alternatives?: readonly string[];
}

/** A `hosts.toml` as a containerd version reads it, or the reason why that version drops it. */
export type HostsTomlResult =
  | {
      readonly hostsFile: HostsFile;
      /** What stands in the file and has no effect, with the reason. */
      readonly ignored: readonly SourceProblem[];
    }
  | {
      /** The message is the error that containerd logs. */
      readonly dropped: DropReason;
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
  const { document, expressions, error } = readGoToml(file, text, profile.goToml, (path) =>
    isDecodedHost(path, profile),
  );
  const reader = new HostsTomlReader(document, profile);
  try {
    // Version 2 decodes what it has read before it comes to what it cannot read.
    if (profile.goToml === '2.4') checkTypes24(expressions, profile);
    else if (error && profile.tomlLibrary === 'go-toml v2') reader.checkTypes();
    if (!error) return reader.read();
  } catch (thrown) {
    if (!(thrown instanceof UnreadableHost)) throw thrown;
    const problem = { message: thrown.message, location: document.locate(thrown.at) };
    if (thrown instanceof CrashingHost) return { crash: problem };
    const { alternatives } = thrown;
    return { dropped: { ...problem, ...(alternatives.length > 0 && { alternatives }) } };
  }
  const location = document.locate({ start: error.offset, end: error.offset });
  if (error.isPanic) return { crash: { message: error.message, location } };
  const wrapping = profile.tomlLibrary === 'go-toml v1' ? 'failed to parse TOML: ' : '';
  return { dropped: { message: `${wrapping}${error.message}`, location } };
}

/** The type of the root as Go prints it. */
const rootStruct = String.raw`struct { config.hostFileConfig; Server string "toml:\"server\""; HostConfigs map[string]config.hostFileConfig "toml:\"host\"" }`;

/** @throws UnreadableHost */
function checkTypes24(expressions: readonly TomlExpression[], profile: HostsProfile): void {
  const problem = findTypeProblem24(expressions, rootType(rootStruct, profile));
  if (!problem) return;
  const at = { start: problem.offset, end: problem.offset };
  throw new UnreadableHost(`toml: ${problem.message}`, at);
}

/** A host that is tried, with the key that names it. */
interface OrderedHost {
  readonly url: string;
  readonly table: TomlTable;
  readonly key: TomlScalar;
}

class HostsTomlReader {
  readonly #document: TomlDocument;
  readonly #profile: HostsProfile;
  readonly #isVersion2: boolean;
  readonly #fields: HostFieldsReader;

  constructor(document: TomlDocument, profile: HostsProfile) {
    this.#document = document;
    this.#profile = profile;
    this.#isVersion2 = profile.tomlLibrary === 'go-toml v2';
    this.#fields = new HostFieldsReader(document, profile);
  }

  read(): HostsTomlResult {
    const { root } = this.#document;
    const hostEntry = root.entries.find(({ key }) => key.text === 'host');
    const hostTable = hostEntry?.value.kind === 'mapping' ? hostEntry.value : undefined;
    if (!hostTable && this.#profile.requiresHostTable) {
      throw new UnreadableHost('invalid `host` tree', hostEntry?.key ?? startOf(root));
    }
    if (!this.#isVersion2) refuseToSort(hostTable);
    if (this.#profile.goToml !== '2.4') this.checkTypes();
    const ordered = this.#isVersion2 ? this.#hostsOfVersion2(hostTable) : this.#hostsOfVersion1(hostTable);
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

  #readHost(url: string, table: TomlTable, at: Stretch): HostFields {
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
    const lines = new Map<OrderedHost, number>();
    for (const { key, value } of hostTable?.entries ?? []) {
      if (value.kind !== 'mapping') continue;
      const host = { url: key.text, table: value, key };
      lines.set(host, value.isInline ? 0 : this.#document.locate(key).start.line);
    }
    return [...lines].sort(([, a], [, b]) => a - b).map(([host]) => host);
  }

  /** Refuses the file for the first value of a wrong type, in the order in which the library comes to it. */
  checkTypes(): void {
    const ofRoot = [...this.#mismatchesOfRoot()];
    const ofHosts = this.#mismatchesOfHosts();
    if (this.#isVersion2) {
      const [first] = [...ofRoot, ...ofHosts.flat()].sort((a, b) => a.at.start - b.at.start);
      if (first) throw first;
      return;
    }
    const [first] = ofRoot;
    if (first) throw first;
    // Version 1 comes to the hosts in an order that differs from pull to pull.
    const [host, ...others] = ofHosts.flatMap(([mismatch]) => mismatch ?? []);
    if (host)
      throw new UnreadableHost(
        host.message,
        host.at,
        others.map(({ message }) => message),
      );
  }

  *#mismatchesOfRoot(): Generator<UnreadableHost> {
    const { root } = this.#document;
    yield* this.#fields.mismatches(root, rootStruct);
    yield* this.#fields.mismatch(root, 'server', goTypes.string, `${rootStruct}.Server`);
    yield* this.#fields.mismatch(root, 'host', goTypes.mapOfHosts, `${rootStruct}.HostConfigs`);
  }

  #mismatchesOfHosts(): readonly (readonly UnreadableHost[])[] {
    const hosts = this.#fields.find(this.#document.root, 'host')?.value;
    if (hosts?.kind !== 'mapping') return [];
    return hosts.entries.map(({ value }) =>
      value.kind === 'mapping' ? [...this.#fields.mismatches(value, goTypes.hostFileConfig.name)] : [],
    );
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

function startOf(table: TomlTable): Stretch {
  return { start: table.start, end: table.start };
}

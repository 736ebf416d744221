import type { Stretch } from '../source/lineIndex.ts';
import type { TomlDocument, TomlEntry, TomlNode, TomlScalar, TomlTable } from '../source/toml.ts';
import {
  goTypeOf,
  goTypes,
  goValue,
  isTreeList,
  mismatchOfVersion1,
  mismatchOfVersion2,
  type GoType,
} from './goToml.ts';
import { quote } from './goText.ts';
import type { DecodedField, DecodedStruct, DecodedType } from './goToml/v24Decode.ts';
import { unknownCapability } from './hostConfig.ts';
import type { Capability, ClientPair, HeaderField, HostFields, Rewrite, Sourced } from './hostsFile.ts';
import type { HostsProfile } from './hostsProfile.ts';

/** Makes containerd drop a `hosts.toml`; the message is containerd's. */
export class UnreadableHost extends Error {
  readonly at: Stretch;
  /** What may come first in its place. */
  readonly alternatives: readonly string[];
  constructor(message: string, at: Stretch, alternatives: readonly string[] = []) {
    super(message);
    this.at = at;
    this.alternatives = alternatives;
  }
}

/** Makes containerd itself come to an end; the message is that of its panic. */
export class CrashingHost extends UnreadableHost {}

interface KnownField {
  readonly name: string;
  /** Name and type of the Go field. */
  readonly field: string;
  readonly type: GoType;
  readonly isKnown: (profile: HostsProfile) => boolean;
}

const always = (): boolean => true;

// containerd v2.3.4 core/remotes/docker/config/hosts.go hostFileConfig, in its order
const knownFields: readonly KnownField[] = [
  { name: 'capabilities', field: 'Capabilities', type: goTypes.strings, isKnown: always },
  { name: 'ca', field: 'CACert', type: goTypes.any, isKnown: always },
  { name: 'client', field: 'Client', type: goTypes.any, isKnown: always },
  { name: 'skip_verify', field: 'SkipVerify', type: goTypes.boolPointer, isKnown: always },
  { name: 'header', field: 'Header', type: goTypes.mapOfAny, isKnown: always },
  {
    name: 'override_path',
    field: 'OverridePath',
    type: goTypes.bool,
    isKnown: (profile) => profile.knowsOverridePath,
  },
  {
    name: 'dial_timeout',
    field: 'DialTimeout',
    type: goTypes.string,
    isKnown: (profile) => profile.knowsDialTimeout,
  },
  {
    name: 'rewrite',
    field: 'Rewrites',
    type: goTypes.mapOfStrings,
    isKnown: (profile) => profile.knowsRewrites,
  },
];

/** Whether containerd decodes what stands at a path of keys into anything. What has the wrong type counts. */
export function isDecodedHost(path: readonly string[], profile: HostsProfile): boolean {
  const [first = '', , ...ofHost] = path.map((name) => name.toLowerCase());
  const isField = (name: string): boolean =>
    knownFields.some((known) => known.name === name && known.isKnown(profile));
  if (first === 'host') return ofHost[0] === undefined || isField(ofHost[0]);
  return first === 'server' || isField(first);
}

/** The root of a `hosts.toml` as go-toml 2.4 decodes it. `name` is how Go prints its type. */
export function rootType(name: string, profile: HostsProfile): DecodedStruct {
  const host: DecodedStruct = {
    kind: 'struct',
    name: goTypes.hostFileConfig.name,
    fieldOf: (key) => fieldOfHost(key, profile),
  };
  const own = new Map<string, DecodedField>([
    ['server', { name: 'Server', type: { kind: 'string' } }],
    ['host', { name: 'HostConfigs', type: { kind: 'map', element: host } }],
  ]);
  const fieldOf = (key: string): DecodedField | undefined =>
    own.get(key.toLowerCase()) ?? fieldOfHost(key, profile);
  return { kind: 'struct', name, fieldOf };
}

function fieldOfHost(key: string, profile: HostsProfile): DecodedField | undefined {
  const known = knownFields.find(({ name }) => name === key.toLowerCase());
  if (!known?.isKnown(profile)) return undefined;
  return { name: known.field, type: decodedType(known.type) };
}

function decodedType(type: GoType): DecodedType {
  if (type.kind === 'slice' || type.kind === 'map') {
    return { kind: type.kind, element: decodedType(type.element) };
  }
  return { kind: type.kind === 'struct' ? 'interface' : type.kind };
}

const capabilities: readonly Capability[] = ['pull', 'resolve', 'push', 'referrers'];

/** Reads the fields of the root and of `[host."URL"]` tables. */
export class HostFieldsReader {
  readonly #document: TomlDocument;
  readonly #profile: HostsProfile;
  readonly #isVersion2: boolean;

  constructor(document: TomlDocument, profile: HostsProfile) {
    this.#document = document;
    this.#profile = profile;
    this.#isVersion2 = profile.tomlLibrary === 'go-toml v2';
  }

  /**
   * The entry that the library takes for a field: version 1 knows it in small or capital letters, version 2
   * in any case.
   */
  find(table: TomlTable, name: string): TomlEntry | undefined {
    if (this.#isVersion2) return table.entries.findLast(({ key }) => key.text.toLowerCase() === name);
    const capitals = name.toUpperCase();
    return (
      table.entries.find(({ key }) => key.text === name) ??
      table.entries.find(({ key }) => key.text === capitals)
    );
  }

  /** The fields of a table. Throws {@link UnreadableHost} for what containerd does not take. */
  read(table: TomlTable): HostFields {
    const found = (name: string): TomlNode | undefined => this.#findKnown(table, name)?.value;
    return {
      capabilities: this.#sourced(found('capabilities'), (node) => this.#capabilities(node)),
      ca: this.#sourced(found('ca'), (node) => this.#ca(node)),
      client: this.#sourced(found('client'), (node) => this.#client(node)),
      skipVerify: this.#sourced(found('skip_verify'), isTrue),
      header: this.#sourced(found('header'), (node) => this.#header(node)),
      overridePath: this.#sourced(found('override_path'), isTrue),
      dialTimeout: this.#sourced(found('dial_timeout'), textOf),
      rewrites: this.#rewrites(found('rewrite')),
    };
  }

  overridePath(table: TomlTable): boolean {
    const node = this.#findKnown(table, 'override_path')?.value;
    return node !== undefined && isTrue(node);
  }

  /**
   * What of a table has the wrong type, in the order of the fields. `struct` is the Go name of the table's
   * type.
   */
  *mismatches(table: TomlTable, struct: string): Generator<UnreadableHost> {
    for (const { name, field, type, isKnown } of knownFields) {
      if (isKnown(this.#profile)) yield* this.mismatch(table, name, type, `${struct}.${field}`);
    }
  }

  /** What is wrong with the type of one field. Version 2 decodes every spelling of its name. */
  *mismatch(table: TomlTable, name: string, type: GoType, field: string): Generator<UnreadableHost> {
    const taken = this.find(table, name);
    for (const entry of table.entries) {
      const isDecoded = this.#isVersion2 ? entry.key.text.toLowerCase() === name : entry === taken;
      if (isDecoded) yield* this.#entryMismatch(entry, type, field);
    }
  }

  *#entryMismatch(entry: TomlEntry, type: GoType, field: string): Generator<UnreadableHost> {
    const { value } = entry;
    if (type.kind === 'map' && value.kind === 'mapping') {
      // Version 2 names the type of the field even where a part of it is wrong.
      const element = this.#isVersion2 ? { ...type.element, name: type.name } : type.element;
      for (const child of value.entries) yield* this.#entryMismatch(child, element, field);
      return;
    }
    if (!this.#isVersion2) {
      const error = mismatchOfVersion1(value, type);
      if (error !== undefined) yield this.#unreadable(entry, error);
      return;
    }
    const mismatch = mismatchOfVersion2(value, type, field, this.#profile.goToml);
    if (mismatch?.isPanic) yield new CrashingHost(mismatch.error, value);
    else if (mismatch) yield new UnreadableHost(mismatch.error, value);
  }

  /** The error about an entry: version 1 says where it stands. */
  #unreadable(entry: TomlEntry, error: string): UnreadableHost {
    const { key, value } = entry;
    const isHeaded = value.kind === 'sequence' ? value.isTables : value.kind === 'mapping' && !value.isInline;
    const { line, column } = this.#document.locate(isHeaded ? value : key).start;
    return new UnreadableHost(`(${line}, ${column}): ${error}`, value);
  }

  /** The keys of a table that have no effect, and why. */
  *unknownKeys(table: TomlTable, besides: readonly string[]): Generator<{ key: TomlScalar; reason: string }> {
    for (const entry of table.entries) {
      const { key } = entry;
      const name = key.text.toLowerCase();
      const field = knownFields.find((known) => known.name === name);
      if (besides.includes(name) && this.find(table, name) === entry) continue;
      if (!field && !besides.includes(name)) {
        yield { key, reason: `containerd does not know the key ${quote(key.text)} here and ignores it` };
      } else if (field && !field.isKnown(this.#profile)) {
        yield { key, reason: `this containerd does not know the key ${quote(key.text)} yet and ignores it` };
      } else if (this.find(table, name) !== entry) {
        yield { key, reason: `containerd does not read the key ${quote(key.text)} in this spelling` };
      }
    }
  }

  #findKnown(table: TomlTable, name: string): TomlEntry | undefined {
    const isKnown = knownFields.some((known) => known.name === name && known.isKnown(this.#profile));
    return isKnown ? this.find(table, name) : undefined;
  }

  #sourced<T>(node: TomlNode | undefined, read: (node: TomlNode) => T): Sourced<T> | undefined {
    return node && { value: read(node), location: this.#document.locate(node) };
  }

  #capabilities(node: TomlNode): readonly Capability[] {
    return itemsOf(node).map((item) => {
      const written = textOf(item);
      const capability = capabilities.find((known) => known === written.toLowerCase());
      if (!capability || (capability === 'referrers' && !this.#profile.knowsReferrers)) {
        throw new UnreadableHost(unknownCapability(written).error, item);
      }
      return capability;
    });
  }

  #ca(node: TomlNode): readonly string[] {
    if (isString(node)) return [node.text];
    if (!this.#isList(node)) throw new UnreadableHost(`invalid type ${goValue(node)} for "ca"`, node);
    return strings(itemsOf(node));
  }

  #client(node: TomlNode): readonly ClientPair[] {
    if (isString(node)) return [{ cert: node.text }];
    if (!this.#isList(node)) throw new UnreadableHost(`invalid type ${goValue(node)} for "client"`, node);
    return itemsOf(node).map((item) => {
      if (isString(item)) return { cert: item.text };
      if (!this.#isList(item)) throw new UnreadableHost(`invalid type ${shownType(item)} for "client"`, item);
      const [cert, key, ...rest] = strings(itemsOf(item));
      if (cert === undefined || key === undefined || rest.length > 0) {
        throw new UnreadableHost(`invalid pair ${goValue(item)} for "client"`, item);
      }
      return { cert, key };
    });
  }

  #header(node: TomlNode): readonly HeaderField[] {
    if (node.kind !== 'mapping') return [];
    return node.entries.map(({ key, value }) => {
      if (isString(value)) return { name: key.text, values: [value.text] };
      if (this.#isList(value)) return { name: key.text, values: strings(itemsOf(value)) };
      throw new UnreadableHost(`invalid type ${goValue(value)} for header ${quote(key.text)}`, value);
    });
  }

  #rewrites(node: TomlNode | undefined): readonly Rewrite[] | undefined {
    if (node?.kind !== 'mapping') return undefined;
    return node.entries.map(({ key, value }) => {
      return { pattern: key.text, replacement: textOf(value), location: this.#document.locate(key) };
    });
  }

  /** Version 1 gives a list of nothing but tables a type that containerd does not take for a list. */
  #isList(node: TomlNode): boolean {
    return node.kind === 'sequence' && (this.#isVersion2 || !isTreeList(node));
  }
}

function isString(node: TomlNode): node is TomlScalar {
  return node.kind === 'scalar' && node.type === 'string';
}

function isTrue(node: TomlNode): boolean {
  return node.kind === 'scalar' && node.value === true;
}

function textOf(node: TomlNode): string {
  return node.kind === 'scalar' ? node.text : '';
}

function itemsOf(node: TomlNode): readonly TomlNode[] {
  return node.kind === 'sequence' ? node.items : [];
}

// containerd v2.3.4 core/remotes/docker/config/hosts.go makeStringSlice
function strings(nodes: readonly TomlNode[]): readonly string[] {
  return nodes.map((node) => {
    if (!isString(node)) throw new UnreadableHost(`unable to cast ${goValue(node)} to string`, node);
    return node.text;
  });
}

function shownType(node: TomlNode): string {
  if (node.kind === 'mapping') return 'map[string]interface {}';
  return node.kind === 'sequence' ? '[]map[string]interface {}' : goTypeOf(node);
}

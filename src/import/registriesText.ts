import { Scalar, stringify } from 'yaml';
import type { DraftAuth, DraftConfig, DraftMirror, DraftSettings, NodeDraft } from './nodeDraft.ts';
import type { SecretNames } from './secretNames.ts';

export interface WriteOptions {
  /** Path of the saved node inventory, relative to the registries.yaml. */
  readonly inventory?: string | undefined;
  /** The nodes that it names. */
  readonly inventoryNodes: ReadonlyMap<string, unknown>;
}

/**
 * The text of a registries.yaml that makes these nodes: what all have in common at its top level, the rest with each node.
 * What several nodes share beyond that is written once, and repeated by an alias.
 */
export function writeRegistries(
  drafts: readonly NodeDraft[],
  secrets: SecretNames,
  options: WriteOptions,
): string {
  const written = drafts.map((draft) => describeSettings(draft, secrets));
  const common = { mirrors: sharedEntries(written, 'mirrors'), configs: sharedEntries(written, 'configs') };
  const pool = new ObjectPool();
  const nodes = drafts.flatMap((draft, index) => {
    const own = written[index] ?? { mirrors: new Map(), configs: new Map() };
    const isKnown = options.inventoryNodes.has(draft.name);
    const entry = describeNode(draft, {
      mirrors: pool.share(without(own.mirrors, common.mirrors)),
      configs: pool.share(without(own.configs, common.configs)),
    });
    return isKnown && entry.size === 1 ? [] : [entry];
  });
  const images = [...new Set(drafts.flatMap((draft) => draft.images))];
  const document = new Map<string, unknown>([
    ...(common.mirrors.size > 0 ? [['mirrors', quoteKeys(common.mirrors)] as const] : []),
    ...(common.configs.size > 0 ? [['configs', quoteKeys(common.configs)] as const] : []),
    [
      'nodes',
      [...(options.inventory === undefined ? [] : [new Map([['from', options.inventory]])]), ...nodes],
    ],
    ...(images.length > 0 ? [['images', images] as const] : []),
  ]);
  return stringify(document, yamlOptions).replaceAll(hidden, escape);
}

/** No text is folded: a line of its own could say anything. All texts are quoted, so that no reader takes one for something else. */
const yamlOptions = {
  defaultKeyType: 'PLAIN',
  defaultStringType: 'QUOTE_DOUBLE',
  lineWidth: 0,
  doubleQuotedMinMultiLineLength: Number.MAX_SAFE_INTEGER,
  anchorPrefix: 'shared',
} as const;

/** What a terminal obeys or hides, and older commands of the GitHub Actions runner. All of it stands between quotes. */
const hidden = /(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]|(?<=##)\[/gu;

function escape(character: string): string {
  return `\\U${(character.codePointAt(0) ?? 0).toString(16).padStart(8, '0')}`;
}

/** Settings as plain data, by host. */
type Entries = ReadonlyMap<string, unknown>;

interface WrittenSettings {
  readonly mirrors: Entries;
  readonly configs: Entries;
}

function describeSettings(
  { name, mirrors, configs }: NodeDraft & DraftSettings,
  secrets: SecretNames,
): WrittenSettings {
  return {
    mirrors: new Map([...mirrors].map(([host, mirror]) => [host, describeMirror(mirror)])),
    configs: new Map(
      [...configs].map(([host, config]) => [host, describeConfig(host, config, name, secrets)]),
    ),
  };
}

function describeMirror({ endpoints, rewrites }: DraftMirror): object {
  return {
    endpoint: endpoints,
    ...(rewrites.length > 0 && { rewrite: new Map(rewrites.map(([from, to]) => [quoted(from), to])) }),
  };
}

function describeConfig(
  host: string,
  { auth, tls, location }: DraftConfig,
  node: string,
  secrets: SecretNames,
): object {
  return {
    ...(auth && { auth: describeAuth(secrets.hide(auth, host, node, location)) }),
    ...(tls && {
      tls: {
        ...(tls.caFile !== undefined && { ca_file: tls.caFile }),
        ...(tls.certFile !== undefined && { cert_file: tls.certFile }),
        ...(tls.keyFile !== undefined && { key_file: tls.keyFile }),
        ...(tls.insecureSkipVerify !== undefined && { insecure_skip_verify: tls.insecureSkipVerify }),
      },
    }),
  };
}

function describeAuth({ username, password, auth, identityToken }: DraftAuth): object {
  return {
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    ...(auth !== undefined && { auth }),
    ...(identityToken !== undefined && { identity_token: identityToken }),
  };
}

function describeNode(
  { name, runtime, configPath, resolves }: NodeDraft,
  { mirrors, configs }: { readonly mirrors: object | undefined; readonly configs: object | undefined },
): ReadonlyMap<string, unknown> {
  return new Map<string, unknown>([
    ['name', name],
    ...(runtime === undefined ? [] : [['runtime', runtime] as const]),
    ...(configPath === undefined ? [] : [['configPath', configPath] as const]),
    ...(resolves.size === 0 ? [] : [['resolves', quoteKeys(resolves)] as const]),
    ...(mirrors ? [['mirrors', mirrors] as const] : []),
    ...(configs ? [['configs', configs] as const] : []),
  ]);
}

/** The entries that all nodes have alike. A node cannot take away what stands at the top level. */
function sharedEntries(written: readonly WrittenSettings[], section: keyof WrittenSettings): Entries {
  const [first, ...others] = written.map((settings) => settings[section]);
  if (!first) return new Map();
  const texts = others.map((entries) => new Map([...entries].map(([host, value]) => [host, textOf(value)])));
  return new Map(
    [...first].filter(([host, value]) => {
      const text = textOf(value);
      return texts.every((other) => other.get(host) === text);
    }),
  );
}

function without(entries: Entries, common: Entries): Entries {
  return new Map([...entries].filter(([host]) => !common.has(host)));
}

/** Gives equal sections the same object, of which the YAML writer makes an anchor and aliases. */
class ObjectPool {
  readonly #objects = new Map<string, object>();

  share(entries: Entries): object | undefined {
    if (entries.size === 0) return undefined;
    const text = JSON.stringify([...entries].map(([host, value]) => [host, textOf(value)]));
    const known = this.#objects.get(text);
    if (known) return known;
    const made = quoteKeys(entries);
    this.#objects.set(text, made);
    return made;
  }
}

function textOf(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => (inner instanceof Map ? [...inner] : inner));
}

/** Hosts of many kinds read as numbers or dates: only plain names go without quotes. */
function quoteKeys(entries: Entries): ReadonlyMap<Scalar | string, unknown> {
  return new Map(
    [...entries].map(([host, value]) => [
      /^[a-z][a-z0-9-]*(?:\.[a-z0-9-]+)+$/.test(host) ? host : quoted(host),
      value,
    ]),
  );
}

function quoted(text: string): Scalar {
  const scalar = new Scalar(text);
  scalar.type = Scalar.QUOTE_DOUBLE;
  return scalar;
}

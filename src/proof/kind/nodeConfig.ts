import { normalize } from 'node:path/posix';
import { parse } from 'smol-toml';
import { configFile, loadContainerdConfig, type ContainerdConfig } from '../../config/containerdConfig.ts';
import { nodeFilesInMemory } from '../../files/nodeFiles.ts';
import { mergeConfig } from '../../render/configToml/mergeConfig.ts';
import type { RegistrySettings, SettingsTable } from '../../render/registrySettings.ts';
import type { RegistryConfig } from '../../registries/registries.ts';
import { profileFor } from '../../resolver/profile.ts';
import type { PlannedNode } from '../plan.ts';
import type { Surroundings } from '../surroundings.ts';

/** What of a node's files goes to its kind node. */
export type NodeConfig =
  | {
      readonly ok: true;
      /** Hosts directories and certificates, by their absolute paths. */
      readonly files: ReadonlyMap<string, string>;
      /** The kind node's config.toml with the registry settings of the node; absent where it is right as it is. */
      readonly configToml?: string;
      readonly assumptions: readonly string[];
    }
  | { readonly ok: false; readonly reason: string };

/**
 * The files for a kind node, which keeps its own config.toml but for the registry settings. Nothing else of a repository is put
 * on it: its container has all rights on the machine, and a config.toml can name programs to run.
 */
export function configureKindNode(
  { version, setting }: PlannedNode,
  kindConfig: string,
  kindVersion: string,
): NodeConfig {
  if (!setting.ok) return { ok: false, reason: setting.reason };
  const own = setting.surroundings.files;
  const wanted = loadContainerdConfig(nodeFilesInMemory(own), profileOf(version));
  if (wanted.startupError)
    return {
      ok: false,
      reason: `its containerd does not start (${wanted.startupError.message}), which is for --engine containerd to show`,
    };
  const merged = mergeInto(kindConfig, kindVersion, wanted);
  if (!merged.ok) return merged;
  const files = hostsFiles(setting.surroundings, wanted);
  const unsafe = [...files.keys()].find((path) => !isSafePath(path));
  if (unsafe !== undefined)
    return {
      ok: false,
      reason: `${unsafe} cannot be put on a kind node, which is for --engine containerd to try`,
    };
  const assumptions = assumptionsOf(wanted, version, own[configFile]);
  return { ok: true, files, ...merged.result, assumptions };
}

function profileOf(version: string): ReturnType<typeof profileFor> {
  return profileFor({ kind: 'containerd', version });
}

type Merged =
  | { readonly ok: true; readonly result: { readonly configToml?: string } }
  | { readonly ok: false; readonly reason: string };

function mergeInto(kindConfig: string, kindVersion: string, wanted: ContainerdConfig): Merged {
  const profile = profileOf(kindVersion);
  const own = nodeFilesInMemory({ [configFile]: kindConfig });
  const current = loadContainerdConfig(own, profile);
  const registry = settingsOf(wanted);
  if (isSame(settingsOf(current), registry)) return { ok: true, result: {} };
  const merged = mergeConfig(own, current, profile, { registry });
  if (!merged.ok)
    return {
      ok: false,
      reason: `its settings cannot be given to the containerd ${kindVersion} of kind: ${merged.reason}`,
    };
  const configToml = merged.files.get(configFile);
  return { ok: true, result: configToml === undefined ? {} : { configToml } };
}

/** A config path without anything in its folder says the same as none. */
function settingsOf({ effectiveConfigPath, mirrors, configs }: ContainerdConfig): RegistrySettings {
  const mirrorTables = [...mirrors].map(([host, { endpoints }]): [string, SettingsTable] => [
    host,
    { endpoint: endpoints.map(({ value }) => value) },
  ]);
  const configTables = [...configs].map(([host, config]): [string, SettingsTable] => [
    host,
    configTable(config),
  ]);
  return {
    configPath: effectiveConfigPath,
    tables: {
      ...(mirrorTables.length > 0 && { mirrors: Object.fromEntries(mirrorTables) }),
      ...(configTables.length > 0 && { configs: Object.fromEntries(configTables) }),
    },
  };
}

function configTable({ auth, tls }: RegistryConfig): SettingsTable {
  const text = (key: string, located: { readonly value: string } | undefined): SettingsTable =>
    located ? { [key]: located.value } : {};
  return {
    ...(tls && {
      tls: {
        ...(tls.insecureSkipVerify?.value === true && { insecure_skip_verify: true }),
        ...text('ca_file', tls.caFile),
        ...text('cert_file', tls.certFile),
        ...text('key_file', tls.keyFile),
      },
    }),
    ...(auth && {
      auth: {
        ...text('username', auth.username),
        ...text('password', auth.password),
        ...text('auth', auth.auth),
        ...text('identitytoken', auth.identityToken),
      },
    }),
  };
}

function isSame(current: RegistrySettings, wanted: RegistrySettings): boolean {
  const hasTables = Object.keys(wanted.tables).length > 0 || Object.keys(current.tables).length > 0;
  return !hasTables && (wanted.configPath === current.configPath || wanted.configPath === '');
}

/** What containerd reads in its hosts directories, and nothing that any other program of the node could take for its own. */
function hostsFiles({ files }: Surroundings, { effectiveConfigPath }: ContainerdConfig): Map<string, string> {
  const roots = effectiveConfigPath.split(':').filter((root) => root.startsWith('/'));
  const isBelow = (path: string): boolean =>
    roots.some((root) => path.startsWith(`${root.replace(/\/+$/, '')}/`));
  return new Map(
    Object.entries(files).filter(
      ([path]) => isBelow(path) && /\/(?:hosts\.toml|[^/]+\.(?:crt|cert|key|pem))$/.test(path),
    ),
  );
}

/**
 * True for a path that a file of a repository may have on a kind node: `/proc` and `/sys` there are the machine's own. No file
 * that lands there is run by anybody. Nor has it a control character: a shell that reads the path drops some of them.
 */
export function isSafePath(path: string): boolean {
  const [, top = ''] = path.split('/');
  if (path !== normalize(path) || /\p{Cc}/u.test(path)) return false;
  return ['etc', 'opt', 'root', 'run', 'tmp', 'usr', 'var'].includes(top);
}

function assumptionsOf(
  { forcesLocalPull, configs }: ContainerdConfig,
  version: string,
  text: string | undefined,
): readonly string[] {
  const isTransfer = profileOf(version).pullPath === 'transfer' && !forcesLocalPull && configs.size === 0;
  return [
    ...(text !== undefined && hasOtherSettings(text)
      ? ['of its config.toml only the registry settings were tried: --engine containerd tries the whole file']
      : []),
    ...(isTransfer
      ? [
          `containerd in kind pulls without the transfer service, by which ${version} pulls: its nodes are set so (discard_unpacked_layers)`,
        ]
      : []),
  ];
}

function hasOtherSettings(text: string): boolean {
  try {
    const { version: _, imports: __, plugins = {}, ...rest } = parse(text);
    const settings = Object.values(isTable(plugins) ? plugins : {}).flatMap((plugin) =>
      isTable(plugin) ? Object.keys(plugin) : [],
    );
    const others = settings.filter((key) => !['registry', 'sandbox_image', 'pinned_images'].includes(key));
    return Object.keys(rest).length + others.length > 0;
  } catch {
    // containerd reads some texts that this parser does not.
    return true;
  }
}

function isTable(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

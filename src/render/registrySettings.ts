import { findHostMistake } from '../registries/namespaceHost.ts';
import type { RegistryConfigs } from '../registries/registries.ts';
import type { InlineConfig, InlineForm } from '../resolver/nodeConfiguration.ts';
import { upstreamHostOf } from './configuredMirror.ts';
import { withoutSecrets, type RenderedAuth } from './secretPlaceholder.ts';
import type { ConfiguredNode } from './target.ts';

/** A table of TOML as plain data. */
export interface SettingsTable {
  readonly [key: string]: string | boolean | readonly string[] | SettingsTable;
}

/** What the registry section of a `config.toml` says for a node. */
export interface RegistrySettings {
  /** Absent where the version is to have none. */
  readonly configPath?: string;
  /** `mirrors` and `configs`, each only where there is something in it. */
  readonly tables: SettingsTable;
}

/** The registry section for a node with containerd. */
export function registrySettings({ node, configuration }: ConfiguredNode): RegistrySettings {
  const { registry, profile } = configuration;
  const logins = renderedLogins(node.configs);
  if (registry.form === 'docker') return { tables: {} };
  if (registry.form === 'hosts-directory') {
    return { configPath: registry.configPath, tables: configTables(new Map(), logins) };
  }
  const mirrors = mirrorTables(registry);
  return {
    // Where nothing is written, such a version takes a path of its own, which does not go with mirrors.
    ...(profile.config.defaultConfigPathClashesWithMirrors && { configPath: '' }),
    tables: {
      ...(Object.keys(mirrors).length > 0 && { mirrors }),
      ...configTables(registry.configs, logins),
    },
  };
}

function mirrorTables({ mirrors }: InlineForm): SettingsTable {
  const tables = [...mirrors].map(([host, { endpoints }]): [string, SettingsTable] => [
    host,
    { endpoint: endpoints.map(({ value }) => value) },
  ]);
  return Object.fromEntries(tables);
}

/** `configs."<host>"` with what there is of TLS settings and login; nothing at all where there is none. */
function configTables(
  tlsByHost: ReadonlyMap<string, InlineConfig>,
  loginByHost: ReadonlyMap<string, RenderedAuth>,
): SettingsTable {
  const hosts = new Set([...tlsByHost.keys(), ...loginByHost.keys()]);
  const tables = [...hosts].flatMap((host): [string, SettingsTable][] => {
    const tls = tlsTable(tlsByHost.get(host));
    const auth = authTable(loginByHost.get(host));
    return tls || auth ? [[host, { ...(tls && { tls }), ...(auth && { auth }) }]] : [];
  });
  return tables.length > 0 ? { configs: Object.fromEntries(tables) } : {};
}

function tlsTable(config: InlineConfig | undefined): SettingsTable | undefined {
  if (!config?.tls) return undefined;
  const { skipVerify, caFile, certFile, keyFile } = config.tls;
  const table: SettingsTable = {
    ...(skipVerify && { insecure_skip_verify: true }),
    ...(caFile && { ca_file: caFile }),
    ...(certFile && { cert_file: certFile }),
    ...(keyFile && { key_file: keyFile }),
  };
  return Object.keys(table).length > 0 ? table : undefined;
}

function authTable(login: RenderedAuth | undefined): SettingsTable | undefined {
  if (!login) return undefined;
  const { identityToken, ...rest } = login;
  return { ...rest, ...(identityToken !== undefined && { identitytoken: identityToken }) };
}

function renderedLogins(configs: RegistryConfigs): ReadonlyMap<string, RenderedAuth> {
  const logins = [...configs.values()].flatMap(({ host, auth }): [string, RenderedAuth][] =>
    auth && Object.keys(auth).length > 0 && !findHostMistake(host.value)
      ? [[upstreamHostOf(host.value), withoutSecrets(host.value, auth)]]
      : [],
  );
  return new Map(logins);
}

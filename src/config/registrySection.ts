import { parseGoUrl } from '../hosts/goUrl.ts';
import type { HeaderField } from '../hosts/hostsFile.ts';
import type { Auth, Mirror, RegistryConfig, Tls } from '../registries/registries.ts';
import type { Profile } from '../resolver/profile.ts';
import type { Located } from '../source/location.ts';
import type { TomlScalar } from '../source/toml.ts';
import type { ConfigRules } from './configRules.ts';
import { locatedTexts, locateKey, locateValue, type ConfigEntry, type ConfigTable } from './configTable.ts';
import { fieldEntry, fieldTable } from './decode.ts';
import { StartupFailure } from './startupFailure.ts';

/** The text of a field with its place. Values of other types have been refused before. */
export function locatedText(
  table: ConfigTable | undefined,
  key: string,
  rules: ConfigRules,
): Located<string> | undefined {
  const entry = fieldEntry(table, key, rules);
  return entry?.value.kind === 'scalar'
    ? { value: entry.value.text, location: locateValue(entry) }
    : undefined;
}

/** The value of a field; undefined where it is absent. */
export function scalarValue(
  table: ConfigTable | undefined,
  key: string,
  rules: ConfigRules,
): TomlScalar['value'] | undefined {
  const entry = fieldEntry(table, key, rules);
  return entry?.value.kind === 'scalar' ? entry.value.value : undefined;
}

/** `registry.mirrors`. */
export function readMirrors(
  registry: ConfigTable | undefined,
  rules: ConfigRules,
): ReadonlyMap<string, Mirror> {
  const mirrors = tablesOf(fieldTable(registry, rules, 'mirrors')).map(([entry, table]): [string, Mirror] => [
    entry.name,
    { namespaceHost: named(entry), endpoints: endpointsOf(table, rules), rewrites: [] },
  ]);
  return new Map(mirrors);
}

/** `registry.headers`. */
export function readHeaders(registry: ConfigTable | undefined, rules: ConfigRules): readonly HeaderField[] {
  const headers = fieldTable(registry, rules, 'headers');
  return (headers?.entries ?? []).map((entry) => ({
    name: entry.name,
    values: locatedTexts(entry).map(({ value }) => value),
  }));
}

function endpointsOf(table: ConfigTable, rules: ConfigRules): readonly Located<string>[] {
  return locatedTexts(fieldEntry(table, 'endpoint', rules));
}

/**
 * `registry.configs` with the logins of `registry.auths`.
 *
 * @throws StartupFailure for a key of `auths` that is no URL
 */
// containerd internal/cri/config/config.go ValidateImageConfig
export function readConfigs(
  registry: ConfigTable | undefined,
  rules: ConfigRules,
  profile: Profile,
): ReadonlyMap<string, RegistryConfig> {
  const configs = new Map<string, RegistryConfig>();
  for (const [entry, table] of tablesOf(fieldTable(registry, rules, 'configs'))) {
    const auth = fieldTable(table, rules, 'auth');
    const tls = profile.knowsInlineTls ? fieldTable(table, rules, 'tls') : undefined;
    configs.set(entry.name, {
      host: named(entry),
      ...(auth && { auth: readAuth(auth, rules) }),
      ...(tls && { tls: readTls(tls, rules) }),
    });
  }
  for (const [entry, table] of tablesOf(fieldTable(registry, rules, 'auths'))) {
    const host = hostOfAuth(entry, profile);
    const known = configs.get(host);
    configs.set(host, {
      ...known,
      host: { value: host, location: locateKey(entry) },
      auth: readAuth(table, rules),
    });
  }
  return configs;
}

/** The host that a key of `auths` is for: empty for `reg:5000`, of which Go takes `reg` for the scheme. */
function hostOfAuth(entry: ConfigEntry, profile: Profile): string {
  const parsed = parseGoUrl(entry.name, profile);
  if (parsed.ok) return parsed.url.scheme === '' ? entry.name : parsed.url.host;
  const message = `failed to parse registry url ${JSON.stringify(entry.name)} from \`registry.auths\`: ${parsed.error}`;
  throw new StartupFailure({ message, location: locateKey(entry) }, { isFatal: false });
}

function readAuth(table: ConfigTable, rules: ConfigRules): Auth {
  const [username, password, auth, identityToken] = ['username', 'password', 'auth', 'identitytoken'].map(
    (key) => locatedText(table, key, rules),
  );
  return {
    ...(username && { username }),
    ...(password && { password }),
    ...(auth && { auth }),
    ...(identityToken && { identityToken }),
  };
}

function readTls(table: ConfigTable, rules: ConfigRules): Tls {
  const [caFile, certFile, keyFile] = ['ca_file', 'cert_file', 'key_file'].map((key) =>
    locatedText(table, key, rules),
  );
  const skipVerify = fieldEntry(table, 'insecure_skip_verify', rules);
  return {
    ...(caFile && { caFile }),
    ...(certFile && { certFile }),
    ...(keyFile && { keyFile }),
    ...(skipVerify?.value.kind === 'scalar' && {
      insecureSkipVerify: { value: skipVerify.value.value === true, location: locateValue(skipVerify) },
    }),
  };
}

function tablesOf(table: ConfigTable | undefined): readonly (readonly [ConfigEntry, ConfigTable])[] {
  return (table?.entries ?? []).flatMap((entry) =>
    entry.value.kind === 'mapping' ? [[entry, entry.value] as const] : [],
  );
}

function named(entry: ConfigEntry): Located<string> {
  return { value: entry.name, location: locateKey(entry) };
}

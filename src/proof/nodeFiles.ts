import { configFile } from '../config/containerdConfig.ts';
import { renderHostsToml } from '../hosts/renderHostsToml.ts';
import type { NodeFiles } from '../files/nodeFiles.ts';
import type { Auth, RegistryConfigs } from '../registries/registries.ts';
import { isK3s } from '../render/configureNode.ts';
import { registrySettings } from '../render/registrySettings.ts';
import { isNothingToDo, renderNode } from '../render/renderNodes.ts';
import { fillSecrets, withoutSecrets } from '../render/secretPlaceholder.ts';
import type { ConfiguredNode, NodeFile } from '../render/target.ts';
import { stringify } from 'smol-toml';
import type { Login } from './pullLogins.ts';

/** The files of a node when it pulls, by absolute path. */
export type PlacedFiles =
  | {
      readonly ok: true;
      readonly files: ReadonlyMap<string, string>;
      /** What of these files is a guess. */
      readonly assumptions: readonly string[];
    }
  | { readonly ok: false; readonly reason: string };

/** No node has nearly as many files that configure its containerd. */
const maxFiles = 20_000;
const maxBytes = 32_000_000;

/**
 * The files with which the containerd of a node runs: its own ones from the repository, with what is rendered for it in place.
 * A config.toml with settings about images that its version does not read, and none that it does, stays as it stands: whoever
 * wrote it counts on them, and what is rendered would only hide that.
 */
export function placeFiles(configured: ConfiguredNode): PlacedFiles {
  const own = ownFiles(configured.ownFiles);
  if (!own) return { ok: false, reason: 'its own files are too many to be copied' };
  const asItStands = configured.own?.startupError !== undefined || countsOnIgnored(configured);
  if (asItStands && configured.own?.startupError) return { ok: true, files: own, assumptions: [] };
  if (isNothingToDo(configured)) return { ok: true, files: own, assumptions: [] };
  if (isK3s(configured.configuration.profile)) return placeK3s(configured);
  const { files, problem } = renderNode(configured);
  if (problem) return { ok: false, reason: problem.message };
  const rendered = asItStands ? files.filter(({ install }) => install === 'replace') : files;
  const placed = rendered.flatMap((file) => placeFile(file, configured.node.configs));
  return checkSize(new Map([...own, ...placed]), asItStands ? [ignoredSettingsStand] : []);
}

const ignoredSettingsStand =
  'its config.toml is taken as it stands, with the settings in it that its version does not read';

function countsOnIgnored({ own, isUnchanged }: ConfiguredNode): boolean {
  if (!own || isUnchanged) return false;
  return own.ignored.length > 0 && own.configPath === undefined && own.mirrors.size === 0;
}

/** What apply.sh makes of a file on a node that has no config.toml of its own. */
function placeFile({ path, text, install }: NodeFile, configs: RegistryConfigs): readonly [string, string][] {
  const filled = fillSecrets(text, secretValues(configs));
  if (install === 'section') return [[configFile, filled]];
  if (install !== 'drop-in') return [[path, filled]];
  const imports = 'version = 3\nimports = ["/etc/containerd/conf.d/*.toml"]\n';
  return [
    [configFile, imports],
    [path, filled],
  ];
}

/** k3s and RKE2 write containerd's files themselves: these are what they are known to make of registries.yaml. */
function placeK3s(configured: ConfiguredNode): PlacedFiles {
  const { registry } = configured.configuration;
  if (registry.form !== 'hosts-directory') return { ok: false, reason: 'it has no hosts directories' };
  const { configPath = '', tables } = registrySettings(configured);
  const plugins = { 'io.containerd.grpc.v1.cri': { registry: { config_path: configPath, ...tables } } };
  const config = stringify({ version: 2, plugins });
  const hosts = registry.roots.flatMap(({ path, directories }) =>
    [...directories].flatMap(([name, directory]): [string, string][] =>
      directory.kind === 'hosts-file'
        ? [[`${path}/${name}/hosts.toml`, renderHostsToml(directory.hostsFile)]]
        : [],
    ),
  );
  const filled = fillSecrets(config, secretValues(configured.node.configs));
  return checkSize(new Map([...hosts, [configFile, filled]]), [
    `the files are those that ${configured.configuration.profile.runtime} is known to write: it does so itself, from registries.yaml`,
  ]);
}

function checkSize(files: ReadonlyMap<string, string>, assumptions: readonly string[]): PlacedFiles {
  let bytes = 0;
  for (const text of files.values()) bytes += text.length;
  const isTooMuch = files.size > maxFiles || bytes > maxBytes;
  return isTooMuch
    ? { ok: false, reason: 'its files are too many to be tried' }
    : { ok: true, files, assumptions };
}

/** The files below `/etc` that the repository has of a node; undefined where they are too many. */
function ownFiles(files: NodeFiles | undefined): ReadonlyMap<string, string> | undefined {
  const found = new Map<string, string>();
  let bytes = 0;
  const add = (path: string): boolean => {
    const kind = files?.kindOf(path);
    if (kind === 'directory') return (files?.list(path) ?? []).every((name) => add(`${path}/${name}`));
    const content = kind === 'file' ? files?.read(path) : undefined;
    if (!content || !('text' in content)) return true;
    bytes += content.text.length;
    found.set(path, content.text);
    return found.size <= maxFiles && bytes <= maxBytes;
  };
  // Of a file that lies alone in the repository no folder lists that it stands for config.toml.
  return ['/etc', '/etc/containerd', configFile].every(add) ? found : undefined;
}

/** The stand-ins for the secrets of rendered files, by the name of their variable. */
function secretValues(configs: RegistryConfigs): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const { host, auth } of configs.values()) {
    if (!auth) continue;
    const { password, identityToken, auth: encoded } = withoutSecrets(host.value, auth);
    for (const text of [password, identityToken]) values.set(nameOf(text), `value of ${nameOf(text)}`);
    // Base64 is what containerd wants there.
    if (encoded !== undefined) values.set(nameOf(encoded), btoa(`robot:value of ${nameOf(encoded)}`));
  }
  return values;
}

function nameOf(text = ''): string {
  return text.replace(/^\$\{(.*)\}$/s, '$1');
}

/** The logins that a host accepts that has this one in the configuration, be it rendered or as somebody wrote it. */
export function acceptedLogins(host: string, auth: Auth): readonly Login[] {
  const { username = '', password, auth: encoded, identityToken } = withoutSecrets(host, auth);
  const written = auth.auth?.value;
  return [
    ...(password === undefined ? [] : [{ username, password: `value of ${nameOf(password)}` }]),
    ...(auth.password ? [{ username, password: auth.password.value }] : []),
    ...(encoded === undefined ? [] : [{ username: 'robot', password: `value of ${nameOf(encoded)}` }]),
    ...(written === undefined ? [] : decodeLogin(written)),
    ...(identityToken === undefined ? [] : [{ username: '', password: `value of ${nameOf(identityToken)}` }]),
    ...(auth.identityToken ? [{ username: '', password: auth.identityToken.value }] : []),
  ];
}

function decodeLogin(encoded: string): readonly Login[] {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(encoded) || encoded.length % 4 !== 0) return [];
  const [, username, password] = /^([^:]*):(.*)$/s.exec(atob(encoded)) ?? [];
  return username === undefined || password === undefined ? [] : [{ username, password }];
}

import { loadContainerdConfig } from '../../src/config/containerdConfig.ts';
import { nodeFilesInMemory } from '../../src/files/nodeFiles.ts';
import { loadHostDir, type HostsDirectory } from '../../src/hosts/hostsDirectory.ts';
import type { RegistryConfigs } from '../../src/registries/registries.ts';
import type { AuthConfig } from '../../src/resolver/credentials.ts';
import type {
  HostsRoot,
  InlineConfig,
  NodeConfiguration,
  TlsFile,
} from '../../src/resolver/nodeConfiguration.ts';
import type { Profile } from '../../src/resolver/profile.ts';
import { pemBlocks } from '../../src/resolver/tlsFiles.ts';
import { placeholders, type Case, type Startup } from './case.ts';

export type NodeResult =
  | {
      readonly kind: 'configured';
      readonly configuration: NodeConfiguration;
      /** `registry.configs."host".auth`. */
      readonly authOf: (host: string) => AuthConfig | undefined;
    }
  | { readonly kind: 'refused'; readonly startup: Startup };

/** What a node with the files of a case is configured to do. */
export function readNode({ files, folders = [] }: Case, profile: Profile): NodeResult {
  const config = loadContainerdConfig(nodeFilesInMemory(files, folders), profile);
  if (config.startupError) {
    const { error, message } = config.startupError;
    const isEnd = message.startsWith('containerd does not start');
    const startup: Startup = isEnd
      ? { kind: 'ended', text: `containerd: ${error}` }
      : { kind: 'without-cri', text: error };
    return { kind: 'refused', startup };
  }
  const configPath = config.effectiveConfigPath;
  const mirrors = [...config.mirrors].map(([host, { endpoints }]) => [host, { endpoints }] as const);
  const registry: NodeConfiguration['registry'] =
    configPath === ''
      ? { form: 'inline', mirrors: new Map(mirrors), configs: inlineConfigs(config.configs) }
      : { form: 'hosts-directory', configPath, roots: rootsOf(files, folders, profile) };
  const withLogin = [...config.configs.values()].filter(({ auth }) => auth);
  return {
    kind: 'configured',
    configuration: {
      profile,
      registry,
      credentials: withLogin.map(({ host }) => ({ host: host.value })),
      headers: config.headers,
      forcesLocalPull: config.forcesLocalPull,
      tlsFiles: tlsFilesOf(files),
    },
    authOf: (host) => authConfig(config.configs, host),
  };
}

function inlineConfigs(configs: RegistryConfigs): ReadonlyMap<string, InlineConfig> {
  const entries = [...configs].map(([host, { tls }]): [string, InlineConfig] => [
    host,
    {
      tls: tls && {
        skipVerify: tls.insecureSkipVerify?.value === true,
        caFile: tls.caFile?.value,
        certFile: tls.certFile?.value,
        keyFile: tls.keyFile?.value,
      },
    },
  ]);
  return new Map(entries);
}

function authConfig(configs: RegistryConfigs, host: string): AuthConfig | undefined {
  const auth = configs.get(host)?.auth;
  if (!auth) return undefined;
  const { username, password, identityToken } = auth;
  return {
    username: username?.value,
    password: password?.value,
    auth: auth.auth?.value,
    identityToken: identityToken?.value,
  };
}

const rootPaths = ['/etc/containerd/certs.d', '/etc/docker/certs.d'];

function rootsOf(files: Case['files'], folders: readonly string[], profile: Profile): readonly HostsRoot[] {
  return rootPaths.map((path) => {
    const inRoot = [...Object.keys(files), ...folders].filter((name) => name.startsWith(`${path}/`));
    const names = new Set(inRoot.map((name) => name.slice(path.length + 1).split('/')[0] ?? ''));
    const directories = [...names].map((name): [string, HostsDirectory] => [
      name,
      directoryAt(`${path}/${name}`, files, folders, profile),
    ]);
    return { path, directories: new Map(directories) };
  });
}

function directoryAt(
  path: string,
  files: Case['files'],
  folders: readonly string[],
  profile: Profile,
): HostsDirectory {
  const file = `${path}/hosts.toml`;
  if (files[path] !== undefined) return { kind: 'unreadable', error: `open ${file}: not a directory` };
  if (folders.includes(file)) return { kind: 'unreadable', error: `read ${file}: is a directory` };
  const inDirectory = Object.entries(files).filter(([name]) => name.startsWith(`${path}/`));
  const texts = inDirectory.map(([name, text]): [string, string] => [name.slice(path.length + 1), text]);
  return loadHostDir(path, new Map(texts), profile);
}

/** Certificates and keys that are filled in when the case is tried have the blocks that they will have then. */
function tlsFilesOf(files: Case['files']): ReadonlyMap<string, TlsFile> {
  const certificate = '-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n';
  const key = '-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n';
  const entries = Object.entries(files).map(([path, text]): [string, TlsFile] => {
    const filled = text
      .replaceAll(placeholders.privateAuthority, certificate)
      .replaceAll(placeholders.clientCertificate, certificate)
      .replaceAll(placeholders.clientKey, key);
    return [path, { kind: 'file', blocks: pemBlocks(filled) }];
  });
  const missing = ['missing.crt', 'missing.pem'].flatMap((name) =>
    Object.keys(files).map((path): [string, TlsFile] => [path.replace(/[^/]*$/, name), { kind: 'missing' }]),
  );
  return new Map([...missing, ...entries, ['/etc/containerd/missing.crt', { kind: 'missing' }]]);
}

import { loadContainerdConfig, type ContainerdConfig } from '../config/containerdConfig.ts';
import type { NodeFiles } from '../files/nodeFiles.ts';
import type { InlineForm, InlineTls, NodeConfiguration } from '../resolver/nodeConfiguration.ts';
import type { Profile } from '../resolver/profile.ts';
import type { Tls } from '../registries/registries.ts';
import { configuredAuth } from './configuredAuth.ts';
import { hostsRoots } from './hostsRoots.ts';
import type { NodeReading } from './nodeReading.ts';
import { describeTlsFiles, namedTlsFiles } from './tlsFilesOf.ts';
import { unreadFiles } from './unreadFiles.ts';

/** What a node's own files make of its containerd. */
export interface ContainerdNode extends NodeReading {
  readonly config: ContainerdConfig;
}

/** Reads `config.toml`, what it imports and the hosts directories as the containerd of this profile does. Never throws. */
export function containerdNode(files: NodeFiles, profile: Profile): ContainerdNode {
  const config = loadContainerdConfig(files, profile);
  const registry = registryForm(config, files, profile);
  const roots = registry.form === 'hosts-directory' ? registry.roots : [];
  const inline =
    registry.form === 'inline' ? [...registry.configs.values()].flatMap(({ tls }) => tls ?? []) : [];
  const hasInlineSettings = config.mirrors.size > 0 || config.configs.size > 0;
  const configuration: NodeConfiguration = {
    profile,
    registry,
    credentials: credentials(config),
    ...(config.headers.length > 0 && { headers: config.headers }),
    forcesLocalPull: config.forcesLocalPull || (profile.pullPath === 'transfer' && hasInlineSettings),
    tlsFiles: describeTlsFiles(namedTlsFiles(roots, inline), files),
  };
  return {
    config,
    configuration,
    configuredAuth: configuredAuth(config.configs),
    ...(config.startupError && { startupError: config.startupError }),
    ignored: [...config.ignored, ...unreadFiles(config, configuration, files)],
  };
}

function registryForm(
  { effectiveConfigPath, mirrors, configs }: ContainerdConfig,
  files: NodeFiles,
  profile: Profile,
): NodeConfiguration['registry'] & { readonly form: 'hosts-directory' | 'inline' } {
  if (effectiveConfigPath !== '') {
    const roots = hostsRoots(effectiveConfigPath, files, profile);
    return { form: 'hosts-directory', configPath: effectiveConfigPath, roots };
  }
  const inline: InlineForm = {
    form: 'inline',
    mirrors: new Map([...mirrors].map(([host, { endpoints }]) => [host, { endpoints }])),
    configs: new Map(
      [...configs].map(([key, { host, tls }]) => [
        key,
        { ...(tls && { tls: inlineTls(tls) }), location: host.location },
      ]),
    ),
  };
  return inline;
}

function inlineTls({ insecureSkipVerify, caFile, certFile, keyFile }: Tls): InlineTls {
  return {
    skipVerify: insecureSkipVerify?.value === true,
    caFile: caFile?.value,
    certFile: certFile?.value,
    keyFile: keyFile?.value,
  };
}

/** The hosts with a login. Its parts are not looked at: an empty one is none. */
function credentials({ configs }: ContainerdConfig): NodeConfiguration['credentials'] {
  return [...configs.values()].flatMap(({ host: { value, location }, auth }) => {
    const hasLogin = Object.values(auth ?? {}).some((part) => part.value !== '');
    return hasLogin ? [{ host: value, location }] : [];
  });
}

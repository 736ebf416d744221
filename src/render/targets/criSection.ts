import { stringify } from 'smol-toml';
import { findHostMistake } from '../../registries/namespaceHost.ts';
import type { RegistryConfigs } from '../../registries/registries.ts';
import type { InlineConfig, InlineForm } from '../../resolver/nodeConfiguration.ts';
import { upstreamHostOf } from '../configuredMirror.ts';
import { isK3s } from '../configureNode.ts';
import { withoutSecrets, type RenderedAuth } from '../secretPlaceholder.ts';
import type { ConfiguredNode, Target } from '../target.ts';

/** The registry section of containerd's `config.toml`, in the config version that suits the node. */
export const criSection: Target = {
  id: 'cri-section',
  render: (configured) => {
    const { profile, registry } = configured.configuration;
    if (registry.form === 'docker' || isK3s(profile)) return new Map();
    const logins = renderedLogins(configured.node.configs);
    const document = {
      version: profile.config.preferredVersion,
      plugins: {
        [profile.config.registryPlugin]: {
          registry: {
            ...(registry.form === 'inline'
              ? { mirrors: mirrorTables(registry) }
              : { config_path: registry.configPath }),
            ...configTables(registry.form === 'inline' ? registry.configs : new Map(), logins),
          },
        },
      },
    };
    return new Map([
      [fileName(configured), `${header(configured, logins.size > 0)}\n${stringify(document).trimEnd()}\n`],
    ]);
  },
};

/** A node whose own config.toml is known keeps it: the section is put beside it, to be merged into it. */
function fileName({ node }: ConfiguredNode): string {
  return node.containerdConfig ? '/etc/containerd/registry-section.toml' : '/etc/containerd/config.toml';
}

function header({ node, configuration }: ConfiguredNode, hasLogins: boolean): string {
  const lines = [
    `Registry section for containerd ${configuration.profile.version}, written by mirrorproof from registries.yaml.`,
    node.containerdConfig
      ? "Put it in the place of the registry section of the node's own config.toml, then restart containerd."
      : 'Where the node has a config.toml of its own, put this in the place of its registry section. Then restart containerd.',
    ...(hasLogins ? ['Fill in ${NAME} on the node: secrets are never written here.'] : []),
  ];
  return lines.map((line) => `# ${line}\n`).join('');
}

function mirrorTables({ mirrors }: InlineForm): object {
  const tables = [...mirrors].map(([host, { endpoints }]) => [
    host,
    { endpoint: endpoints.map(({ value }) => value) },
  ]);
  return Object.fromEntries(tables);
}

/** `configs."<host>"` with what there is of TLS settings and login; nothing at all where there is none. */
function configTables(
  tlsByHost: ReadonlyMap<string, InlineConfig>,
  loginByHost: ReadonlyMap<string, RenderedAuth>,
): object {
  const hosts = new Set([...tlsByHost.keys(), ...loginByHost.keys()]);
  const tables = [...hosts].flatMap((host) => {
    const tls = tlsTable(tlsByHost.get(host));
    const auth = authTable(loginByHost.get(host));
    return tls || auth ? [[host, { ...(tls && { tls }), ...(auth && { auth }) }] as const] : [];
  });
  return tables.length > 0 ? { configs: Object.fromEntries(tables) } : {};
}

function tlsTable(config: InlineConfig | undefined): object | undefined {
  if (!config?.tls) return undefined;
  const { skipVerify, caFile, certFile, keyFile } = config.tls;
  const table = {
    ...(skipVerify && { insecure_skip_verify: true }),
    ...(caFile && { ca_file: caFile }),
    ...(certFile && { cert_file: certFile }),
    ...(keyFile && { key_file: keyFile }),
  };
  return Object.keys(table).length > 0 ? table : undefined;
}

function authTable(login: RenderedAuth | undefined): object | undefined {
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

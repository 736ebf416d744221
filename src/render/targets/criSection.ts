import { stringify } from 'smol-toml';
import { findHostMistake } from '../../registries/namespaceHost.ts';
import type { RegistryConfigs } from '../../registries/registries.ts';
import type { InlineForm } from '../../resolver/nodeConfiguration.ts';
import { upstreamHostOf } from '../configuredMirror.ts';
import { isK3s } from '../configureNode.ts';
import { withoutSecrets } from '../secretPlaceholder.ts';
import type { ConfiguredNode, Target } from '../target.ts';

type Section = Record<string, unknown>;

/** The registry section of containerd's `config.toml`, in the config version that suits the node. */
export const criSection: Target = {
  id: 'cri-section',
  render: (configured) => {
    const { profile, registry } = configured.configuration;
    if (registry.form === 'docker' || isK3s(profile)) return new Map();
    const { preferredVersion, registryPlugin } = profile.config;
    const section: Section = registry.form === 'inline' ? inlineSection(registry) : { config_path: registry.configPath };
    const logins = loginSections(configured.node.configs);
    const configs = mergeSections(section['configs'] as Section | undefined, logins);
    const document = {
      version: preferredVersion,
      plugins: { [registryPlugin]: { registry: { ...section, ...(configs && { configs }) } } },
    };
    return new Map([[fileName(configured), header(configured, logins !== undefined) + stringify(document) + '\n']]);
  },
};

/** A node whose own config.toml is known keeps it: the section is put beside it, to be merged into it. */
function fileName({ node }: ConfiguredNode): string {
  return node.containerdConfig ? '/etc/containerd/registry-section.toml' : '/etc/containerd/config.toml';
}

function header({ node, configuration }: ConfiguredNode, hasLogins: boolean): string {
  const { version } = configuration.profile;
  const lines = [
    `Registry section for containerd ${version}, written by mirrorproof from registries.yaml.`,
    node.containerdConfig
      ? "Put it in the place of the registry section of the node's own config.toml, then restart containerd."
      : 'Where the node has a config.toml of its own, put this in the place of its registry section. Then restart containerd.',
    ...(hasLogins ? ['Fill in ${NAME} on the node: secrets are never written here.'] : []),
  ];
  return lines.map((line) => `# ${line}\n`).join('') + '\n';
}

function inlineSection({ mirrors, configs }: InlineForm): Section {
  const tls = [...configs].flatMap(([host, config]) => {
    if (!config.tls) return [];
    const { skipVerify, caFile, certFile, keyFile } = config.tls;
    const section = {
      ...(skipVerify && { insecure_skip_verify: true }),
      ...(caFile && { ca_file: caFile }),
      ...(certFile && { cert_file: certFile }),
      ...(keyFile && { key_file: keyFile }),
    };
    return Object.keys(section).length > 0 ? [[host, { tls: section }] as const] : [];
  });
  return {
    mirrors: Object.fromEntries(
      [...mirrors].map(([host, { endpoints }]) => [host, { endpoint: endpoints.map(({ value }) => value) }]),
    ),
    ...(tls.length > 0 && { configs: Object.fromEntries(tls) }),
  };
}

function loginSections(configs: RegistryConfigs): Section | undefined {
  const logins = [...configs.values()].flatMap(({ host, auth }) => {
    if (!auth || Object.keys(auth).length === 0 || findHostMistake(host.value)) return [];
    const { username, password, auth: encoded, identityToken } = withoutSecrets(host.value, auth);
    const login = {
      ...(username && { username }),
      ...(password && { password }),
      ...(encoded && { auth: encoded }),
      ...(identityToken && { identitytoken: identityToken }),
    };
    return [[upstreamHostOf(host.value), { auth: login }] as const];
  });
  return logins.length > 0 ? Object.fromEntries(logins) : undefined;
}

function mergeSections(a: Section | undefined, b: Section | undefined): Section | undefined {
  if (!a || !b) return a ?? b;
  const hosts = new Set([...Object.keys(a), ...Object.keys(b)]);
  return Object.fromEntries([...hosts].map((host) => [host, { ...(a[host] as Section), ...(b[host] as Section) }]));
}

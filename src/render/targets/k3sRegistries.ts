import { Scalar, stringify } from 'yaml';
import { urlOf } from '../../registries/endpoint.ts';
import { findHostMistake } from '../../registries/namespaceHost.ts';
import type { RegistryConfig } from '../../registries/registries.ts';
import { configuredMirrors, type ConfiguredMirror } from '../configuredMirror.ts';
import { isK3s } from '../configureNode.ts';
import { withoutSecrets } from '../secretPlaceholder.ts';
import { nothing, type Target } from '../target.ts';

/** `registries.yaml` of one k3s or RKE2 node: what holds for this node, and nothing else. */
export const k3sRegistries: Target = {
  id: 'k3s-registries',
  render: ({ node, configuration: { profile } }) => {
    if (!isK3s(profile)) return nothing;
    const mirrors = configuredMirrors(node.mirrors, node.configs).filter(({ namespaceHost }) =>
      node.mirrors.has(namespaceHost),
    );
    const configs = [...node.configs.values()].filter(({ host }) => !findHostMistake(host.value));
    const document = {
      ...(mirrors.length > 0 && {
        mirrors: Object.fromEntries(mirrors.map((mirror) => [mirror.namespaceHost, mirrorSection(mirror)])),
      }),
      ...(configs.length > 0 && {
        configs: Object.fromEntries(configs.map((config) => [config.host.value, configSection(config)])),
      }),
    };
    const text =
      `# Written by mirrorproof. apply.sh fills in \${NAME} on the node and restarts ${profile.runtime}.\n` +
      stringify(document, yamlOptions);
    const path = `/etc/rancher/${profile.runtime}/registries.yaml`;
    return { files: [{ path, text, install: 'restart' }] };
  },
};

/** No text is folded: a line of its own could say anything, also to who prints the file. */
const yamlOptions = { defaultKeyType: 'PLAIN', defaultStringType: 'QUOTE_DOUBLE', lineWidth: 0 } as const;

/** An expression as a key, in which any character may stand. */
function quoted(pattern: string): Scalar {
  const key = new Scalar(pattern);
  key.type = Scalar.QUOTE_DOUBLE;
  return key;
}

function mirrorSection({ endpoints, rewrites }: ConfiguredMirror): object {
  return {
    endpoint: endpoints.map(({ endpoint }) => urlOf(endpoint)),
    ...(rewrites.length > 0 && {
      rewrite: new Map(
        rewrites.map(({ pattern, replacement }) => [quoted(pattern.value), replacement.value]),
      ),
    }),
  };
}

function configSection({ host, auth, tls }: RegistryConfig): object {
  const { username, password, auth: encoded, identityToken } = auth ? withoutSecrets(host.value, auth) : {};
  const login = {
    ...(username && { username }),
    ...(password && { password }),
    ...(encoded && { auth: encoded }),
    ...(identityToken && { identity_token: identityToken }),
  };
  const settings = {
    ...(tls?.caFile && { ca_file: tls.caFile.value }),
    ...(tls?.certFile && { cert_file: tls.certFile.value }),
    ...(tls?.keyFile && { key_file: tls.keyFile.value }),
    ...(tls?.insecureSkipVerify && { insecure_skip_verify: tls.insecureSkipVerify.value }),
  };
  return {
    ...(Object.keys(login).length > 0 && { auth: login }),
    ...(Object.keys(settings).length > 0 && { tls: settings }),
  };
}

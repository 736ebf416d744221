import type { NodeFiles } from '../files/nodeFiles.ts';
import { k3sNode } from '../nodeRoot/k3sNode.ts';
import { parseEndpoint } from '../registries/endpoint.ts';
import { findHostMistake } from '../registries/namespaceHost.ts';
import { noRegistries, type Mirror, type RegistryConfig } from '../registries/registries.ts';
import type { Runtime } from '../resolver/runtime.ts';
import type { RuntimeDraft } from './containerdDraft.ts';
import { unreadSettings, type LostSetting } from './lostSetting.ts';
import type { DraftConfig, DraftMirror } from './nodeDraft.ts';

/** Reads the registries.yaml of a k3s or RKE2 node. What k3s cannot use of it is left out. */
export function k3sDraft(files: NodeFiles, runtime: Runtime): RuntimeDraft {
  const reading = k3sNode(files, runtime);
  const { mirrors, configs } = reading.startupError ? noRegistries : reading.registries;
  const lost = [
    ...unreadSettings(reading),
    ...[...mirrors.values()].flatMap((mirror) => [...unusableParts(mirror)]),
    ...[...configs.values()].flatMap(({ host }) => unusableHost(host)),
  ];
  return {
    original: reading.configuration,
    mirrors: new Map([...mirrors.values()].flatMap(draftMirror)),
    configs: new Map([...configs.values()].flatMap(draftConfig)),
    images: [],
    lost,
  };
}

function* unusableParts({ namespaceHost, endpoints }: Mirror): Generator<LostSetting> {
  yield* unusableHost(namespaceHost);
  for (const { value, location } of endpoints) {
    const result = parseEndpoint(value);
    if (!result.ok)
      yield { kind: 'ignored', message: `this endpoint cannot be used: ${result.error}`, location };
  }
}

function unusableHost({ value, location }: Mirror['namespaceHost']): LostSetting[] {
  const mistake = findHostMistake(value);
  return mistake ? [{ kind: 'ignored', message: `this key is no host: ${mistake.message}`, location }] : [];
}

function draftMirror({ namespaceHost, endpoints, rewrites }: Mirror): [string, DraftMirror][] {
  if (findHostMistake(namespaceHost.value)) return [];
  const usable = endpoints.map(({ value }) => value).filter((text) => parseEndpoint(text).ok);
  const written = rewrites.map(({ pattern, replacement }) => [pattern.value, replacement.value] as const);
  return [[namespaceHost.value, { endpoints: usable, rewrites: written }]];
}

function draftConfig({ host, auth, tls }: RegistryConfig): [string, DraftConfig][] {
  if (findHostMistake(host.value)) return [];
  const login = {
    ...(auth?.username && { username: auth.username.value }),
    ...(auth?.password && { password: auth.password.value }),
    ...(auth?.auth && { auth: auth.auth.value }),
    ...(auth?.identityToken && { identityToken: auth.identityToken.value }),
  };
  const trust = {
    ...(tls?.caFile && { caFile: tls.caFile.value }),
    ...(tls?.certFile && { certFile: tls.certFile.value }),
    ...(tls?.keyFile && { keyFile: tls.keyFile.value }),
    ...(tls?.insecureSkipVerify && { insecureSkipVerify: tls.insecureSkipVerify.value }),
  };
  const config: DraftConfig = {
    location: host.location,
    ...(Object.keys(login).length > 0 && { auth: login }),
    ...(Object.keys(trust).length > 0 && { tls: trust }),
  };
  return config.auth || config.tls ? [[host.value, config]] : [];
}

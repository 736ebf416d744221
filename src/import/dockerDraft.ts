import type { NodeFiles } from '../files/nodeFiles.ts';
import { parseGoUrl } from '../hosts/goUrl.ts';
import { dockerNode } from '../nodeRoot/dockerNode.ts';
import { parseEndpoint, urlOf } from '../registries/endpoint.ts';
import { findHostMistake } from '../registries/namespaceHost.ts';
import type { Profile } from '../resolver/profile.ts';
import type { Sourced } from '../hosts/hostsFile.ts';
import type { RuntimeDraft } from './containerdDraft.ts';
import { unreadSettings, type LostSetting } from './lostSetting.ts';
import type { DraftConfig, DraftMirror } from './nodeDraft.ts';

/** Reads a node's `daemon.json`. */
export function dockerDraft(files: NodeFiles, profile: Profile): RuntimeDraft {
  const reading = dockerNode(files, profile);
  const { registry } = reading.configuration;
  const [mirrors, insecure] =
    registry.form === 'docker' ? [registry.registryMirrors, registry.insecureRegistries] : [[], []];
  const endpoints = mirrors.flatMap(({ value }) => mirrorEndpoint(value) ?? []);
  const hosts = insecure.filter(({ value }) => !findHostMistake(value));
  const lost = [
    ...unreadSettings(reading),
    ...insecure.filter(({ value }) => findHostMistake(value)).map(describeBlock),
  ];
  const mirror: DraftMirror = { endpoints: [...new Set(endpoints)], rewrites: [] };
  return {
    original: reading.configuration,
    mirrors: new Map(endpoints.length > 0 ? [['docker.io', mirror]] : []),
    configs: new Map(
      hosts.map(({ value }): [string, DraftConfig] => [value, { tls: { insecureSkipVerify: true } }]),
    ),
    images: [],
    lost,
  };
}

/** dockerd adds `/v2` to every path, and what is rendered for it is the path as registries.yaml has it. */
function mirrorEndpoint(text: string): string | undefined {
  const parsed = parseGoUrl(text.trim(), { refusesExtraColons: false, checksIpLiterals: true });
  if (!parsed.ok) return undefined;
  const { scheme, host, path } = parsed.url;
  const root = path.replace(/\/$/, '');
  const result = parseEndpoint(`${scheme}://${host}${root}`);
  return result.ok && result.endpoint.host === host && root !== '/v2' ? urlOf(result.endpoint) : undefined;
}

function describeBlock({ value, location }: Sourced<string>): LostSetting {
  return {
    kind: 'tls',
    message: `the insecure registry \`${value}\`: only a host or host:port can be written, and no block of addresses`,
    location,
  };
}

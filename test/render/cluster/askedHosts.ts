import { parse } from 'smol-toml';
import { parseAllDocuments } from 'yaml';
import { attempts } from '../../../src/resolver/attempts.ts';
import { fileOf, type RenderedCluster } from './renderRegistries.ts';

// What other programs make of the rendered files, each told in the same words: `http://host/v2/path`, with `(unchecked)` behind
// it where the certificate is not checked.

/** Whom some images of a registry are asked from, in order, as the program of a file does it. */
export type Program = (rendered: RenderedCluster, namespaceHost: string) => string[];

const repository = 'team/app';

/** containerd, as the resolver has it. */
export const containerd: Program = ({ nodes }, namespaceHost) => {
  const [node] = nodes;
  const result = node && attempts(node.configuration, { domain: namespaceHost, path: repository, tag: '1' });
  if (!result?.ok) throw new Error(result?.error ?? 'no node');
  return result.attempts.map(({ url, host, tls }) => {
    const path = new URL(url).pathname.replace(`/${repository}/manifests/1`, '');
    return told(host.scheme, host.host, path, tls?.skipVerify === true);
  });
};

interface TalosDocument {
  readonly kind: string;
  readonly name: string;
  readonly endpoints?: readonly { readonly url: string; readonly overridePath?: boolean }[];
  readonly skipFallback?: boolean;
  readonly insecureSkipVerify?: boolean;
}

// talos internal/pkg/containers/cri/containerd/hosts.go GenerateHosts, internal/pkg/containers/image/resolver.go
export const talos: Program = (rendered, namespaceHost) => {
  const documents = parseAllDocuments(fileOf(rendered, 'cluster/talos.yaml')).map((document): TalosDocument =>
    document.toJS(),
  );
  const isUnchecked = (host: string): boolean =>
    documents.some(
      (each) => each.kind === 'RegistryTLSConfig' && each.name === host && each.insecureSkipVerify,
    );
  const mirrorOf = (name: string): TalosDocument | undefined =>
    documents.find((each) => each.kind === 'RegistryMirrorConfig' && each.name === name);
  const upstream = upstreamOf(namespaceHost);
  // A folder that is made from TLS settings hides the one for every other registry.
  const mirror = mirrorOf(namespaceHost) ?? (isUnchecked(upstream) ? undefined : mirrorOf('*'));
  const asked = (mirror?.endpoints ?? []).map(({ url, overridePath }) => {
    const { protocol, pathname } = new URL(url);
    const host = url.split('/')[2] ?? '';
    const path = overridePath ? pathname : `${pathname.replace(/\/$/, '')}/v2`;
    return told(protocol.slice(0, -1), host, path, isUnchecked(host));
  });
  return mirror?.skipFallback
    ? asked
    : [...asked, told('https', upstream, '/v2', !mirror && isUnchecked(upstream))];
};

interface Place {
  readonly location: string;
  readonly insecure?: boolean;
}

interface ConfTable extends Place {
  readonly prefix: string;
  readonly mirror?: readonly Place[];
}

/** In this file `insecure` is all there is: for plain HTTP, and for a certificate that is not checked. */
// containers/image pkg/sysregistriesv2/system_registries_v2.go findRegistryWithParsedConfig, PullSourcesFromReference
export const criO: Program = (rendered, namespaceHost) => {
  const file = parse(fileOf(rendered, 'cluster/registries.conf.d/50-mirrorproof.conf'));
  const tables = (file['registry'] ?? []) as unknown as readonly ConfTable[];
  const name = `${namespaceHost}/${repository}`;
  const matching = tables.filter(
    ({ prefix }) => name.startsWith(prefix) && /^[:/]/.test(name.slice(prefix.length)),
  );
  const [table] = matching.toSorted((a, b) => b.prefix.length - a.prefix.length);
  const places = table ? [...(table.mirror ?? []), table] : [{ location: namespaceHost }];
  return places.map(({ location, insecure }) => {
    const at = location + name.slice(table?.prefix.length ?? namespaceHost.length);
    return `${insecure ? 'insecure' : 'secure'} ${at}`;
  });
};

/** containerd's requests in the words of {@link criO}. */
export function inWordsOfCriO(asked: readonly string[]): string[] {
  return asked.map((text) => {
    const [, scheme = '', host = '', path = '', unchecked = ''] =
      /^(\w+):\/\/([^/]+)\/v2(\S*)(.*)$/.exec(text) ?? [];
    const isInsecure = scheme === 'http' || unchecked !== '';
    const at = host === 'registry-1.docker.io' ? 'docker.io' : host;
    return `${isInsecure ? 'insecure' : 'secure'} ${at}${path}/${repository}`;
  });
}

interface BuildkitTable {
  readonly mirrors?: readonly string[];
  readonly http?: boolean;
  readonly insecure?: boolean;
}

// buildkit util/resolver/resolver.go NewRegistryConfig
export const buildkit: Program = (rendered, namespaceHost) => {
  const file = parse(fileOf(rendered, 'cluster/buildkitd.toml'));
  const tables = new Map(
    Object.entries((file['registry'] ?? {}) as unknown as Record<string, BuildkitTable>),
  );
  const asked = (key: string, host: string, path: string): string => {
    const table = tables.get(key);
    return told(table?.http ? 'http' : 'https', host, path, table?.insecure === true);
  };
  const mirrors = (tables.get(namespaceHost)?.mirrors ?? []).map((mirror) => {
    const [host = '', ...path] = mirror.split('/');
    return asked(host, host, ['/v2', ...path].join('/'));
  });
  return [...mirrors, asked(namespaceHost, upstreamOf(namespaceHost), '/v2')];
};

function upstreamOf(namespaceHost: string): string {
  return namespaceHost === 'docker.io' ? 'registry-1.docker.io' : namespaceHost;
}

function told(scheme: string, host: string, path: string, isUnchecked: boolean): string {
  return `${scheme}://${host}${path}${isUnchecked ? ' (unchecked)' : ''}`;
}

import type { Tls } from '../../registries/registries.ts';
import type { ClusterTarget, Unexpressed } from '../clusterTarget.ts';
import { fileText, fillLines, nodesLine, yamlText } from './fileText.ts';
import { placeholdersOf, type Login } from './login.ts';
import type { NodeGroup } from './nodeGroups.ts';
import { perGroup } from './perGroup.ts';
import type { AskedHost, Route } from './route.ts';
import { unexpressedRewrites } from './unexpressedRewrites.ts';

const id = 'talos';

/** Documents for the machine configuration of Talos 1.12 and later; `machine.registries` is deprecated since then. */
// talos pkg/machinery/config/types/cri/registry_{mirror,auth,tls}.go
export const talos: ClusterTarget = {
  id,
  render: (cluster) =>
    perGroup(cluster, 'talos.yaml', (group) => {
      const hosts = hostsOf(group.routes);
      const documents = [
        ...group.routes.flatMap(mirrorDocument),
        ...group.logins.map(authDocument),
        ...hosts.flatMap(tlsDocument),
      ];
      const unexpressed = [
        ...unexpressedRewrites(id, 'Talos', group.routes),
        ...hosts.flatMap(unexpressedTls),
      ];
      const heading = {
        lines: [...nodesLine(group, cluster.groups), ...headingLines(group, documents.length > 0)],
        missing: unexpressed.map(({ what }) => what),
      };
      return { text: fileText(heading, documents.map(yamlText).join('---\n')), unexpressed };
    }),
};

function headingLines({ logins }: NodeGroup, isPatch: boolean): string[] {
  const title = 'Registries for Talos 1.12 and later, written by mirrorproof from registries.yaml.';
  // talosctl takes a file without any document for a patch of another kind, and refuses it.
  if (!isPatch)
    return [title, 'There is no document in it: what is configured is not to be told without more.'];
  const placeholders = placeholdersOf(logins);
  const file = placeholders.length > 0 ? 'talos.filled.yaml' : 'talos.yaml';
  return [
    `${title} A patch for the machine configuration:`,
    `  talosctl patch machineconfig --nodes NODES --patch @${file}`,
    ...fillLines('talos.yaml', placeholders),
  ];
}

function document(kind: string, name: string, settings: object): object {
  return { apiVersion: 'v1alpha1', kind, name, ...settings };
}

/**
 * Talos asks the registry itself last, without its TLS settings when there are mirrors. Where those count, or where nothing is
 * to be asked after the endpoints, the endpoints are all there is.
 */
// talos internal/pkg/containers/cri/containerd/hosts.go GenerateHosts
function mirrorDocument({ namespaceHost, asked, upstream }: Route): object[] {
  if (asked.length === 0) return [];
  const isListed = upstream !== undefined && upstream.tls !== undefined;
  const endpoints = isListed ? [...asked, upstream] : asked;
  return [
    document('RegistryMirrorConfig', namespaceHost, {
      endpoints: endpoints.map(endpointEntry),
      ...((isListed || (!upstream && namespaceHost !== '*')) && { skipFallback: true }),
    }),
  ];
}

// talos internal/pkg/containers/image/resolver.go RegistryHosts: `/v2` is added unless the path is to be left alone
function endpointEntry({ scheme, host, path }: AskedHost): object {
  const origin = `${scheme}://${host}`;
  return path === '/v2' ? { url: origin } : { url: origin + path, overridePath: true };
}

function authDocument({ host, auth }: Login): object {
  return document('RegistryAuthConfig', host, auth);
}

/** A registry host with the one way in which Talos can ask it. */
interface TalosHost {
  readonly host: string;
  readonly tls: Tls;
  /** Asked by plain HTTP as well: Talos refuses TLS settings for such a host. */
  readonly isPlain: boolean;
  readonly location: AskedHost['location'];
}

function hostsOf(routes: readonly Route[]): TalosHost[] {
  const all = routes.flatMap(({ asked, upstream }) => (upstream ? [...asked, upstream] : asked));
  const plain = new Set(all.filter(({ scheme }) => scheme === 'http').map(({ host }) => host));
  const byHost = new Map<string, TalosHost>();
  for (const { host, tls } of all) {
    if (!tls || byHost.has(host)) continue;
    const [first] = Object.values(tls);
    byHost.set(host, { host, tls, isPlain: plain.has(host), location: first?.location });
  }
  return [...byHost.values()];
}

function tlsDocument({ host, tls, isPlain }: TalosHost): object[] {
  if (isPlain || !tls.insecureSkipVerify?.value) return [];
  return [document('RegistryTLSConfig', host, { insecureSkipVerify: true })];
}

function unexpressedTls({ host, tls, isPlain, location }: TalosHost): Unexpressed[] {
  if (isPlain)
    return [
      {
        target: id,
        what: `TLS settings of ${host}: Talos refuses them for a host that is asked by plain HTTP`,
        location,
      },
    ];
  const { caFile, certFile, keyFile } = tls;
  const files = [
    ...(caFile ? [{ key: 'ca', path: caFile }] : []),
    ...(certFile ? [{ key: 'clientIdentity.cert', path: certFile }] : []),
    ...(keyFile ? [{ key: 'clientIdentity.key', path: keyFile }] : []),
  ];
  return files.map(({ key, path }) => ({
    target: id,
    what: `${path.value} for ${host}: Talos takes the text of a certificate and no path; put it under \`${key}\` of a RegistryTLSConfig document named ${host}`,
    location: path.location,
  }));
}

import type { Location } from '../../source/location.ts';
import { isLoopbackHost } from '../configuredMirror.ts';
import type { ClusterTarget, Unexpressed } from '../clusterTarget.ts';
import { fileText, nodesLine, tomlText } from './fileText.ts';
import type { NodeGroup } from './nodeGroups.ts';
import { perGroup } from './perGroup.ts';
import { routesByName, type AskedHost, type Route } from './route.ts';
import { unexpressedRewrites } from './unexpressedRewrites.ts';
import { unexpressedWildcard } from './unexpressedWildcard.ts';

const id = 'buildkit';

/** `buildkitd.toml`: builds pull their base images as the nodes do. */
// buildkit docs/buildkitd.toml.md, util/resolver/resolver.go NewRegistryConfig
export const buildkit: ClusterTarget = {
  id,
  render: (cluster) =>
    perGroup(cluster, 'buildkitd.toml', (group) => {
      const tables = new RegistryTables();
      for (const route of routesByName(group.routes, cluster.namespaceHosts)) tables.add(route);
      const content = tomlText(tables.finish());
      const unexpressed = [
        ...unexpressedWildcard(id, 'BuildKit', group.routes, cluster.namespaceHosts),
        ...unexpressedRewrites(id, 'BuildKit', group.routes),
        ...tables.unexpressed,
        ...unexpressedLogins(group),
      ];
      const heading = {
        lines: [...nodesLine(group, cluster.groups), ...headingLines],
        missing: unexpressed.map(({ what }) => what),
      };
      return { text: fileText(heading, content), unexpressed };
    }),
};

const headingLines = [
  'Registries for BuildKit, written by mirrorproof from registries.yaml. As /etc/buildkit/buildkitd.toml, or with buildx:',
  '  docker buildx create --use --buildkitd-config buildkitd.toml',
  'BuildKit always asks the registry itself last.',
];

interface RegistryTable {
  mirrors?: string[];
  http?: boolean;
  insecure?: true;
  ca?: readonly string[];
  keypair?: readonly { readonly key: string; readonly cert: string }[];
}

/** `[registry."HOST"]` by host: a table is both about the images of a registry, and about how that host is asked as a mirror. */
class RegistryTables {
  readonly unexpressed: Unexpressed[] = [];
  readonly #tables = new Map<string, RegistryTable>();
  readonly #told = new Map<string, AskedHost>();
  readonly #upstreams: (() => void)[] = [];

  add({ namespaceHost, upstreamHost, asked, upstream, location }: Route): void {
    const last = asked.at(-1);
    const isLastItself = !upstream && last?.host === upstreamHost && last.path === '/v2';
    const mirrors = (isLastItself ? asked.slice(0, -1) : asked).filter((host) =>
      this.#isExpressible(host, namespaceHost),
    );
    const table = this.#tableOf(namespaceHost);
    if (mirrors.length > 0) table.mirrors = mirrors.map(({ host, path }) => host + path.slice('/v2'.length));
    for (const mirror of mirrors) this.#tell(mirror.host, mirror, mirror.location);
    const self = upstream ?? asked.findLast(({ host }) => host === upstreamHost);
    // What is written wins over what is only to be expected of a registry.
    if (self) this.#upstreams.push(() => this.#tell(namespaceHost, self, self.location ?? location));
  }

  finish(): object {
    for (const tell of this.#upstreams) tell();
    const tables = [...this.#tables].filter(([, table]) => Object.keys(table).length > 0);
    if (tables.length === 0) return {};
    const inOrder = tables.map(([host, { mirrors, ...table }]) => [
      host,
      { ...(mirrors && { mirrors }), ...table },
    ]);
    return { registry: Object.fromEntries(inOrder) };
  }

  /** Says how a host is asked; the first who says it is right. */
  #tell(
    key: string,
    { scheme, host, tls, location: written }: AskedHost,
    location: Location | undefined,
  ): void {
    const known = this.#told.get(key);
    if (known && known.scheme !== scheme) {
      this.unexpressed.push(conflict(host, known, location));
      return;
    }
    this.#told.set(key, known ?? { scheme, host, path: '/v2', location });
    const table = this.#tableOf(key);
    if (scheme === 'http') table.http = true;
    // BuildKit takes a registry on its own machine for plain HTTP.
    else if (written && isLoopbackHost(host)) table.http = false;
    if (tls?.insecureSkipVerify?.value) table.insecure = true;
    if (tls?.caFile) table.ca = [tls.caFile.value];
    if (tls?.certFile && tls.keyFile) table.keypair = [{ key: tls.keyFile.value, cert: tls.certFile.value }];
  }

  #tableOf(host: string): RegistryTable {
    const table = this.#tables.get(host) ?? {};
    this.#tables.set(host, table);
    return table;
  }

  #isExpressible({ host, path, location }: AskedHost, namespaceHost: string): boolean {
    if (mirrorPath.test(path)) return true;
    const what = `the endpoint ${host}${path} of ${namespaceHost}: BuildKit asks its mirrors below /v2/ only`;
    this.unexpressed.push({ target: id, what, location });
    return false;
  }
}

/** Segments that BuildKit neither resolves nor unescapes. */
// buildkit util/resolver/utils.go extractMirrorHostAndPath
const mirrorPath = /^\/v2(?:\/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*$/;

function conflict(host: string, known: AskedHost, location: Location | undefined): Unexpressed {
  const other = known.scheme === 'http' ? 'https' : 'http';
  return {
    target: id,
    what: `${other}://${host}: BuildKit asks a host in one way only, and it is ${known.scheme}://${host} elsewhere`,
    location: location ?? known.location,
  };
}

function unexpressedLogins({ logins }: NodeGroup): Unexpressed[] {
  return logins.map(({ host, location }) => ({
    target: id,
    what: `the login for ${host}: BuildKit takes logins from the docker configuration of who runs the build`,
    location,
  }));
}

import { canBeNamespace } from '../../registries/namespaceHost.ts';
import type { Location } from '../../source/location.ts';
import type { ClusterTarget, Unexpressed } from '../clusterTarget.ts';
import { isLoopbackHost } from '../configuredMirror.ts';
import { fileText, nodesLine, tomlText } from './fileText.ts';
import type { NodeGroup } from './nodeGroups.ts';
import { perGroup } from './perGroup.ts';
import { routesByName, type AskedHost, type Route } from './route.ts';
import { unexpressedRewrites } from './unexpressedRewrites.ts';
import { unexpressedWildcard } from './unexpressedWildcard.ts';

const id = 'cri-o';

/** `registries.conf` version 2, for CRI-O, Podman, Buildah and Skopeo. */
// containers/image docs/containers-registries.conf.5.md, pkg/sysregistriesv2/system_registries_v2.go
export const criO: ClusterTarget = {
  id,
  render: (cluster) =>
    perGroup(cluster, 'registries.conf.d/50-mirrorproof.conf', (group) => {
      const routes = routesByName(group.routes, cluster.namespaceHosts);
      const registries = neededTables(routes.flatMap(tableOf));
      const insecure = insecureLocations(registries);
      const unexpressed = [
        ...unexpressedWildcard(id, 'CRI-O', group.routes, cluster.namespaceHosts),
        ...unexpressedRewrites(id, 'CRI-O', group.routes),
        ...routes.flatMap(unexpressedHosts),
        ...registries.filter((table) => isLessSecure(table, insecure)).map(unexpressedSecurity),
        ...unexpressedLogins(group),
      ];
      const content = tomlText(
        registries.length > 0 ? { registry: registries.map((table) => written(table, insecure)) } : {},
      );
      const heading = {
        lines: [
          ...nodesLine(group, cluster.groups),
          ...headingLines,
          ...(content.includes('\ninsecure = true') ? [insecureLine] : []),
          ...certificateLines(group.routes),
        ],
        missing: unexpressed.map(({ what }) => what),
      };
      return { text: fileText(heading, content), unexpressed };
    }),
};

const headingLines = [
  'Registries for CRI-O and the other programs of the containers project, written by mirrorproof from registries.yaml.',
  'It belongs at /etc/containers/registries.conf.d/50-mirrorproof.conf, and works after a reload of CRI-O.',
];

const insecureLine =
  'insecure = true allows HTTPS without a check of the certificate, and plain HTTP where there is no HTTPS.';

/** Certificates are found by the name of their folder, and by no path in the file. */
// containers/image docs/containers-certs.d.5.md
function certificateLines(routes: readonly Route[]): string[] {
  const hosts = routes.flatMap(({ asked, upstream }) => (upstream ? [...asked, upstream] : asked));
  return hosts
    .flatMap(({ host, tls }) => {
      const folder = `/etc/containers/certs.d/${locationHost(host)}`;
      return [
        ...(tls?.caFile ? [`Copy ${tls.caFile.value} to ${folder}/ca.crt`] : []),
        ...(tls?.certFile ? [`Copy ${tls.certFile.value} to ${folder}/client.cert`] : []),
        ...(tls?.keyFile ? [`Copy ${tls.keyFile.value} to ${folder}/client.key`] : []),
      ];
    })
    .filter((line, index, lines) => lines.indexOf(line) === index);
}

interface Place {
  readonly location: string;
  readonly insecure: boolean;
}

/** A `[[registry]]` table: the mirrors in order, and last the place that the registry's own images are said to have. */
interface RegistryTable extends Place {
  readonly prefix: string;
  readonly mirrors: readonly Place[];
  readonly source: Location | undefined;
}

function tableOf({ namespaceHost, asked, upstream, location }: Route): RegistryTable[] {
  const hosts = upstream ? [...asked, upstream] : asked;
  const places = hosts.filter((host) => problemOf(host) === undefined).map(placeOf);
  const last = places.at(-1);
  if (!last || !domainPattern.test(namespaceHost)) return [];
  return [{ prefix: namespaceHost, ...last, mirrors: places.slice(0, -1), source: location }];
}

/**
 * The tables that say something. A prefix without a port matches images with a port as well: there a registry that is only
 * where it is has a table too.
 */
// containers/image pkg/sysregistriesv2/system_registries_v2.go refMatchingPrefix
function neededTables(tables: readonly RegistryTable[]): RegistryTable[] {
  const isSilent = ({ prefix, location, insecure, mirrors }: RegistryTable): boolean =>
    prefix === location && !insecure && mirrors.length === 0;
  const saying = new Set(tables.filter((table) => !isSilent(table)).map(({ prefix }) => prefix));
  return tables.filter((table) => !isSilent(table) || saying.has(table.prefix.replace(/:\d+$/, '')));
}

function unexpressedHosts({ namespaceHost, asked, upstream, location }: Route): Unexpressed[] {
  // Without endpoints there is nothing that could get lost.
  const hosts = asked.length === 0 || !upstream ? asked : [...asked, upstream];
  return hosts.flatMap((host) => {
    const problem = problemOf(host);
    if (problem === undefined) return [];
    const what = `the endpoint ${host.host}${host.path} of ${namespaceHost}: ${problem}`;
    return [{ target: id, what, location: host.location ?? location }];
  });
}

/** Host and port as this library knows them: there is no IPv6. */
// containers/image docker/reference/regexp.go domain
const domainPattern =
  /^[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*(?::\d+)?$/;

/** Components of a repository, as images name them. */
// containers/image docker/reference/regexp.go nameComponent
const repositoryPattern = /^(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*$/;

function problemOf({ host, path }: AskedHost): string | undefined {
  if (!domainPattern.test(host) || !canBeNamespace(host)) return `CRI-O reads ${host} as no registry host`;
  if (!path.startsWith('/v2') || !repositoryPattern.test(path.slice('/v2'.length)))
    return 'CRI-O asks below /v2/ only, for the repository that follows it';
  return undefined;
}

function placeOf({ scheme, host, path, tls, location }: AskedHost): Place {
  // containerd takes a registry on the node itself for plain HTTP or HTTPS without a check, unless told otherwise.
  const isLenient = location === undefined && isLoopbackHost(host);
  const insecure = isLenient || scheme === 'http' || tls?.insecureSkipVerify?.value === true;
  return { location: locationHost(host) + path.slice('/v2'.length), insecure };
}

/** Docker Hub goes by its other name, under which its login is kept. */
// containers/image docker/docker_client.go newDockerClientFromRef
function locationHost(host: string): string {
  return host === 'registry-1.docker.io' ? 'docker.io' : host;
}

/** A file that says of one location that it is insecure, and that it is not, is refused. */
// containers/image pkg/sysregistriesv2/system_registries_v2.go postProcessRegistries
function insecureLocations(tables: readonly RegistryTable[]): ReadonlySet<string> {
  return new Set(tables.filter(({ insecure }) => insecure).map(({ location }) => location));
}

function isLessSecure(
  { location, insecure }: RegistryTable,
  insecureLocations: ReadonlySet<string>,
): boolean {
  return !insecure && insecureLocations.has(location);
}

function unexpressedSecurity({ prefix, location, source }: RegistryTable): Unexpressed {
  const what = `the check of the certificate of ${location} for ${prefix}: CRI-O asks ${location} alike for all, and it is insecure elsewhere`;
  return { target: id, what, location: source };
}

function written({ prefix, location, mirrors }: RegistryTable, insecure: ReadonlySet<string>): object {
  return {
    prefix,
    location,
    ...(insecure.has(location) && { insecure: true }),
    ...(mirrors.length > 0 && {
      mirror: mirrors.map((place) => ({
        location: place.location,
        ...(place.insecure && { insecure: true }),
      })),
    }),
  };
}

function unexpressedLogins({ logins }: NodeGroup): Unexpressed[] {
  return logins.map(({ host, location }) => ({
    target: id,
    what: `the login for ${locationHost(host)}: CRI-O takes logins from imagePullSecrets and from its global_auth_file`,
    location,
  }));
}

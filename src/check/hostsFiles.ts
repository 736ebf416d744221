import type { RepositoryFiles } from '../files/repositoryFiles.ts';
import type { HostFields } from '../hosts/hostsFile.ts';
import { parseHostsToml, type HostsTomlResult } from '../hosts/hostsToml.ts';
import type { ClusterNode } from '../node/clusterNode.ts';
import { profileFor, type Profile } from '../resolver/profile.ts';
import { compareVersions } from '../resolver/release.ts';
import type { Location } from '../source/location.ts';

/** A hosts.toml of the repository as one containerd reads it. */
export interface ReadHostsFile {
  readonly result: HostsTomlResult;
  readonly profile: Profile;
}

/**
 * Every hosts.toml of the repository, as the containerd of the cluster reads it; where the cluster has several versions, as
 * the oldest does, which drops the most. Templates are left out: nobody knows what is filled in.
 */
export function* readHostsFiles(
  files: RepositoryFiles,
  nodes: readonly ClusterNode[],
): Generator<ReadHostsFile> {
  const profiles = nodes
    .map(({ runtime }) => profileFor(runtime))
    .filter(({ runtime }) => runtime !== 'docker');
  const profile = profiles.sort((a, b) => compareVersions(a.containerd, b.containerd))[0];
  if (!profile) return;
  for (const path of files.paths) {
    if (path !== 'hosts.toml' && !path.endsWith('/hosts.toml')) continue;
    const content = files.read(path);
    if (!content || !('text' in content) || /\$\{\w+\}|\{\{|\{%/.test(content.text)) continue;
    yield { result: parseHostsToml(path, content.text, profile), profile };
  }
}

/** A server or host that a hosts.toml names. */
export interface LocatedHost {
  readonly url: string;
  readonly fields: HostFields;
  readonly location: Location;
}

/** The server and the hosts of a file that containerd uses. */
export function locatedHosts({ result }: ReadHostsFile): readonly LocatedHost[] {
  if (!('hostsFile' in result)) return [];
  const { server, root, hosts } = result.hostsFile;
  const written = [
    { url: server?.value ?? '', fields: root, location: server?.location },
    ...hosts.map((host) => ({ url: host.url, fields: host, location: host.location })),
  ];
  return written.flatMap(({ url, fields, location }) =>
    location && url !== '' ? [{ url, fields, location }] : [],
  );
}

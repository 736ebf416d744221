import type { SourceProblem } from '../source/location.ts';
import type { ClientPair, HostsFile } from './hostsFile.ts';
import type { HostsProfile } from './hostsProfile.ts';
import { parseHostsToml, type DropReason } from './hostsToml.ts';

/** A directory of a hosts root, as containerd loads it. */
export type HostsDirectory =
  | {
      readonly kind: 'hosts-file';
      readonly hostsFile: HostsFile;
      readonly ignored?: readonly SourceProblem[] | undefined;
    }
  | CertificateDirectory
  | {
      readonly kind: 'crash';
      /** containerd comes to an end over the `hosts.toml`; the message is that of its panic. */
      readonly crash: SourceProblem;
    }
  | {
      readonly kind: 'unreadable';
      /** Every pull ends in this error. */
      readonly error: string;
    };

/**
 * A directory without a `hosts.toml`, with an empty one or with one that containerd dropped: only
 * certificates count.
 */
export interface CertificateDirectory {
  readonly kind: 'certificates';
  /** Names of `*.crt` files. */
  readonly ca: readonly string[];
  /** Names of `*.cert` files with their `*.key`. */
  readonly client: readonly ClientPair[];
  readonly dropped?: DropReason | undefined;
}

/** The directory name of a host with a port, as `10.10.1.106_5000_`; other hosts are their own name. */
// containerd v2.3.4 core/remotes/docker/config/hosts.go hostDirectory
export function hostDirectory(host: string): string {
  const colon = host.lastIndexOf(':');
  return colon > 0 ? `${host.slice(0, colon)}_${host.slice(colon + 1)}_` : host;
}

/** The directory names under which a host is looked up. The first that exists is taken, whatever is in it. */
// containerd v2.3.4 core/remotes/docker/config/config_unix.go hostPaths
export function hostPaths(host: string, profile: HostsProfile): readonly string[] {
  const withPort = hostDirectory(host);
  const names = withPort === host ? [host] : [withPort, host];
  return profile.knowsDefaultDirectory ? [...names, '_default'] : names;
}

/**
 * What containerd makes of a directory with these files, by name. `path` is where the directory is in the
 * repository; the places of problems are in it.
 */
// containerd v2.3.4 core/remotes/docker/config/hosts.go loadHostDir
export function loadHostDir(
  path: string,
  files: ReadonlyMap<string, string>,
  profile: HostsProfile,
): HostsDirectory {
  const text = files.get('hosts.toml') ?? '';
  if (text === '') return loadCertFiles([...files.keys()]);
  const result = parseHostsToml(`${path}/hosts.toml`, text, profile);
  if ('crash' in result) return { kind: 'crash', crash: result.crash };
  if ('dropped' in result) return { ...loadCertFiles([...files.keys()]), dropped: result.dropped };
  return { kind: 'hosts-file', hostsFile: result.hostsFile, ignored: result.ignored };
}

// containerd v2.3.4 core/remotes/docker/config/hosts.go loadCertFiles
function loadCertFiles(names: readonly string[]): CertificateDirectory {
  const sorted = names.toSorted();
  const client = sorted
    .filter((name) => name.endsWith('.cert'))
    .map((cert): ClientPair => {
      const key = `${cert.slice(0, -'.cert'.length)}.key`;
      return { cert, ...(names.includes(key) && { key }) };
    });
  return { kind: 'certificates', ca: sorted.filter((name) => name.endsWith('.crt')), client };
}

import type { Surroundings } from '../surroundings.ts';
import type { CertificateAuthority } from './certificates.ts';

type Paths = Pick<Surroundings, 'authorityFiles' | 'clientPairs'>;

/** What a node has in the files of certificates and keys that its configuration names, all by one authority. */
export function nodeCertificates(
  { authorityFiles, clientPairs }: Paths,
  authority: CertificateAuthority,
): readonly (readonly [path: string, text: string])[] {
  const authorities = authorityFiles.map((path) => [path, authority.certificate] as const);
  const pairs = clientPairs.flatMap(({ cert, key }): (readonly [string, string])[] => {
    const pair = authority.issue({ commonName: 'node', names: [] });
    if (cert === key) return [[cert, pair.certificate + pair.key]];
    return [
      [cert, pair.certificate],
      [key, pair.key],
    ];
  });
  return [...authorities, ...pairs];
}

/** Their paths. */
export function certificatePaths({ authorityFiles, clientPairs }: Paths): readonly string[] {
  return [...authorityFiles, ...clientPairs.flatMap(({ cert, key }) => [cert, key])];
}

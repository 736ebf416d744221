import { groupBy } from '../../source/groupBy.ts';
import { hostPortOf } from '../registryWorld.ts';
import type { StandIn } from '../surroundings.ts';
import type { CertificateAuthority, KeyPair } from './certificates.ts';
import type { ReceivedRequest, Reply, ServerOptions } from './server.ts';

/** Registries of a node that answer at the same address and port. */
export interface Place {
  readonly address: string;
  readonly port: number;
  readonly standIns: readonly [StandIn, ...StandIn[]];
}

/** The places at which a node asks registries. */
export function placesOf(standIns: readonly StandIn[]): readonly Place[] {
  const groups = groupBy(standIns, ({ address, port }) => `${address} ${port}`);
  return [...groups.values()].map((sharing) => {
    const [{ address, port }] = sharing;
    return { address, port, standIns: sharing };
  });
}

/** Who signs the certificates of registries. */
export interface Authorities {
  readonly system: CertificateAuthority;
  readonly private: CertificateAuthority;
}

/** What a server speaks at a place, with the names of all hosts that are asked there: the one that a request names answers it. */
export function serverAt(
  { standIns }: Place,
  authorities: Authorities,
  answer: (request: ReceivedRequest, standIn: StandIn) => Reply | Promise<Reply>,
): Pick<ServerOptions, 'hasPlain' | 'certificate' | 'answer'> {
  const protocols = new Set(standIns.flatMap((standIn) => standIn.protocols));
  return {
    hasPlain: protocols.has('http'),
    certificate: protocols.has('https') ? certificateOf(standIns, authorities) : undefined,
    answer: (request) => {
      const { hostname } = hostPortOf(request.scheme, request.host);
      return answer(request, standIns.find((standIn) => standIn.hostname === hostname) ?? standIns[0]);
    },
  };
}

function certificateOf(standIns: Place['standIns'], authorities: Authorities): KeyPair {
  const authority = standIns.some((standIn) => standIn.authority === 'private') ? 'private' : 'system';
  const names = [...new Set(standIns.flatMap(({ hostname, address }) => [hostname, address]))];
  return authorities[authority].issue({ commonName: 'registry', names });
}

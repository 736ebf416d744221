/** The addresses of the network that a simulated node of the tests is in. A packet to anywhere else has no route. */
const testNetwork = {
  /** Every address in these is the node's own, so that a registry double may listen on it. */
  own: ['10.10.0.0/16', '10.96.0.0/24', '198.51.100.0/24', 'fd00:10::/64'],
  /** Packets to these vanish. */
  silent: ['10.11.0.0/16'],
  /** Packets to these are refused: no route to host. */
  unreachable: ['10.12.0.0/16'],
} as const;

/** What makes it. */
export const testRoutes: readonly string[] = [
  ...testNetwork.own.map((block) => `local ${block} dev lo`),
  // A route to lo for an address that is not local: the packet goes out and nobody takes it.
  ...testNetwork.silent.map((block) => `${block} dev lo`),
  ...testNetwork.unreachable.map((block) => `unreachable ${block}`),
];

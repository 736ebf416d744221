// The addresses of the network around a simulated node: `network` in test/support/namespace.ts has the same as blocks.

/** The address of the name server. */
export const nameServer = '10.96.0.10';

/** An address of the node itself, where a registry may listen. */
export function isOwnAddress(address: string): boolean {
  return /^(?:10\.10\.|10\.96\.0\.|198\.51\.100\.|127\.|fd00:10:|::1$)/.test(address);
}

/** An address from which nothing ever comes back. */
export function isSilentAddress(address: string): boolean {
  return address.startsWith('10.11.');
}

/** Why there is no connection to an address where nothing listens. */
export function connectError(address: string): string {
  if (isOwnAddress(address)) return 'connection refused';
  return address.startsWith('10.12.') ? 'no route to host' : 'network is unreachable';
}

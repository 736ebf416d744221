import { BlockList, isIP } from 'node:net';

/** Addresses at which a machine's cloud tells who it is, and what may be done in its name; and those that reach no single machine. */
const neverAsked = new BlockList();
// RFC 3927, RFC 4291
neverAsked.addSubnet('169.254.0.0', 16, 'ipv4');
neverAsked.addSubnet('fe80::', 10, 'ipv6');
// The metadata services of AWS and of Google over IPv6, of Alibaba, Azure and Oracle.
neverAsked.addAddress('fd00:ec2::254', 'ipv6');
neverAsked.addAddress('fd20:ce::254', 'ipv6');
neverAsked.addAddress('100.100.100.200', 'ipv4');
neverAsked.addAddress('168.63.129.16', 'ipv4');
neverAsked.addAddress('192.0.0.192', 'ipv4');
// RFC 1112, RFC 5771, RFC 4291: many machines, and what is reserved
neverAsked.addSubnet('224.0.0.0', 3, 'ipv4');
neverAsked.addSubnet('ff00::', 8, 'ipv6');

const ownAddresses = new BlockList();
ownAddresses.addSubnet('127.0.0.0', 8, 'ipv4');
ownAddresses.addSubnet('0.0.0.0', 8, 'ipv4');
ownAddresses.addAddress('::1', 'ipv6');
ownAddresses.addAddress('::', 'ipv6');

/**
 * Why an address is not asked; undefined where it may be.
 *
 * @param isOnNode - This machine is the node: its own addresses are the node's.
 */
export function refuseAddress(address: string, isOnNode: boolean): string | undefined {
  const version = isIP(address);
  if (version === 0 || address.includes('%')) return `${address} is no address of a registry`;
  const type = version === 6 ? 'ipv6' : 'ipv4';
  if (neverAsked.check(address, type))
    return `${address} belongs to a machine's own network or cloud, and to no registry`;
  if (!isOnNode && ownAddresses.check(address, type))
    return `${address} is the node itself, and this is another machine`;
  return undefined;
}

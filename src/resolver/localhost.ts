import { splitHostPort } from '../hosts/goText.ts';
import { isLoopback, parseIpAddress } from '../hosts/ipAddress.ts';

/** True for `localhost` and loopback addresses, with a port or without. */
// containerd v2.3.4 core/remotes/docker/registry.go IsLocalhost
export function isLocalhost(host: string): boolean {
  const name = splitHostPort(host)?.host ?? host;
  if (name === 'localhost') return true;
  const address = parseIpAddress(name);
  return address !== undefined && isLoopback(address);
}

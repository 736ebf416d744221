/** Suffixes of names that only a private network resolves (RFC 2606, 6762, 8375, 9476 and common practice). */
const privateSuffixes = [
  '.local',
  '.lan',
  '.internal',
  '.intranet',
  '.corp',
  '.home',
  '.home.arpa',
  '.localdomain',
  '.private',
  '.svc',
];

/**
 * True for a registry host that is certainly not on the internet: a private address, a single word with a port, or a name
 * under a suffix of private networks. The node itself (`localhost`) is none of these.
 */
export function isPrivateHost(host: string): boolean {
  const name = host.replace(/:\d+$/, '').toLowerCase();
  const octets = /^(\d+)\.(\d+)\.\d+\.\d+$/.exec(name);
  if (octets) return isPrivateAddress(Number(octets[1]), Number(octets[2]));
  // RFC 4193 and link-local
  if (name.startsWith('[')) return /^\[(?:f[cd]|fe[89ab])/.test(name);
  if (name === 'localhost') return false;
  return !name.includes('.') || privateSuffixes.some((suffix) => name.endsWith(suffix));
}

// RFC 1918, RFC 6598
function isPrivateAddress(first: number, second: number): boolean {
  return (
    first === 10 ||
    (first === 172 && second >= 16 && second <= 31) ||
    (first === 192 && second === 168) ||
    (first === 100 && second >= 64 && second <= 127)
  );
}

const decimalByte = /^(?:0|[1-9]\d{0,2})$/;
const hexGroup = /^[0-9a-fA-F]{1,4}$/;

/**
 * The bytes of an IP address in network order: 4, or 16 for IPv6. Undefined for anything else, zones
 * included.
 */
// Go net/netip ParseAddr
export function parseIpAddress(text: string): readonly number[] | undefined {
  return text.includes(':') ? parseIpv6(text) : parseIpv4(text);
}

/** True for 127.0.0.0/8, `::1` and the IPv4 ones written as IPv6. */
// Go net IP.IsLoopback
export function isLoopback(address: readonly number[]): boolean {
  if (address.length === 4) return address[0] === 127;
  const isMapped =
    address.slice(0, 10).every((byte) => byte === 0) && address[10] === 255 && address[11] === 255;
  if (isMapped) return address[12] === 127;
  return address.every((byte, index) => byte === (index === 15 ? 1 : 0));
}

function parseIpv4(text: string): readonly number[] | undefined {
  const parts = text.split('.', 5);
  if (parts.length !== 4 || !parts.every((part) => decimalByte.test(part) && Number(part) <= 255))
    return undefined;
  return parts.map(Number);
}

function parseIpv6(text: string): readonly number[] | undefined {
  const halves = text.split('::', 3);
  if (halves.length > 2) return undefined;
  const [head, tail] = halves;
  const before = groups(head ?? '', tail === undefined);
  const after = tail === undefined ? [] : groups(tail, true);
  if (!before || !after) return undefined;
  const missing = 16 - before.length - after.length;
  if (tail === undefined ? missing !== 0 : missing < 2) return undefined;
  return [...before, ...Array.from({ length: missing }, () => 0), ...after];
}

/**
 * The bytes of groups with colons between; the last group may be an IPv4 address where the text ends there.
 */
function groups(text: string, atEnd: boolean): readonly number[] | undefined {
  if (text === '') return [];
  const parts = text.split(':', 9);
  const bytes: number[] = [];
  for (const [index, part] of parts.entries()) {
    const ipv4 = atEnd && index === parts.length - 1 && part.includes('.') ? parseIpv4(part) : undefined;
    if (ipv4) bytes.push(...ipv4);
    else if (hexGroup.test(part)) bytes.push(Number.parseInt(part, 16) >> 8, Number.parseInt(part, 16) & 255);
    else return undefined;
  }
  return bytes.length <= 16 ? bytes : undefined;
}

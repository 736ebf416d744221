import { createSocket, type Socket } from 'node:dgram';
import { isIP } from 'node:net';

/** What a name server says about a name: its address, that it is out of order (`server-failure`), or nothing at all (`silence`). */
export type DnsAnswer = string;

/** What a name server knows, by name in small letters. Any other name does not exist. */
export type DnsZone = ReadonlyMap<string, DnsAnswer>;

const types = { a: 1, aaaa: 28 } as const;
const codes = { ok: 0, serverFailure: 2, noSuchName: 3 } as const;

/** A name server of a simulated node. */
export class NameServer {
  readonly #socket: Socket = createSocket('udp4');
  zone: DnsZone = new Map();

  /** Port 0 stands for any that is free. Returns the port. */
  async listen(address: string, port = 53): Promise<number> {
    this.#socket.on('message', (query, { address: client, port: from }) => {
      const answer = this.#answer(query);
      if (answer) this.#socket.send(answer, from, client);
    });
    await new Promise<void>((resolve, reject) => {
      this.#socket.once('error', reject);
      this.#socket.bind(port, address, resolve);
    });
    return this.#socket.address().port;
  }

  close(): void {
    this.#socket.close();
  }

  // RFC 1035, section 4
  #answer(query: Buffer): Buffer | undefined {
    const { name, end } = readName(query);
    const type = query.readUInt16BE(end);
    const found = this.zone.get(name.toLowerCase());
    if (found === 'silence') return undefined;
    const question = query.subarray(12, end + 4);
    if (found === 'server-failure') return reply(query, question, codes.serverFailure, []);
    if (found === undefined) return reply(query, question, codes.noSuchName, []);
    const family = type === types.a ? 4 : type === types.aaaa ? 6 : 0;
    return reply(query, question, codes.ok, isIP(found) === family ? [addressRecord(type, found)] : []);
  }
}

function readName(query: Buffer): { readonly name: string; readonly end: number } {
  const labels: string[] = [];
  let position = 12;
  for (let length = query[position] ?? 0; length > 0; length = query[position] ?? 0) {
    labels.push(query.toString('latin1', position + 1, position + 1 + length));
    position += 1 + length;
  }
  return { name: labels.join('.'), end: position + 1 };
}

function reply(query: Buffer, question: Buffer, code: number, records: readonly Buffer[]): Buffer {
  const header = Buffer.alloc(12);
  query.copy(header, 0, 0, 2);
  // A response to a recursive query, with recursion available.
  header.writeUInt16BE(0x8180 | code, 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(records.length, 6);
  return Buffer.concat([header, question, ...records]);
}

function addressRecord(type: number, address: string): Buffer {
  const data = type === types.a ? Buffer.from(address.split('.').map(Number)) : ipv6Bytes(address);
  const head = Buffer.alloc(12);
  // The name of the question, type, class IN, no time to live.
  head.writeUInt16BE(0xc00c, 0);
  head.writeUInt16BE(type, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt16BE(data.length, 10);
  return Buffer.concat([head, data]);
}

/** The sixteen bytes of an IPv6 address. */
export function ipv6Bytes(address: string): Buffer {
  const [left = [], right = []] = address
    .split('::')
    .map((half) => half.split(':').filter((group) => group !== ''));
  const zeros = Array<string>(8 - left.length - right.length).fill('0');
  return Buffer.from([...left, ...zeros, ...right].map((group) => group.padStart(4, '0')).join(''), 'hex');
}

import { quote } from '../hosts/goText.ts';
import { TransportError } from '../resolver/transport.ts';
import { codeOf } from './dial.ts';
import { alertText } from './startTls.ts';

/** Why no answer could be read, in the words of Go. `ends` are the addresses of the connection. */
// Go net/http transport.go mapRoundTripError
export function responseError(error: Error, ends: string): TransportError {
  const code = codeOf(error);
  if (code.startsWith('HPE_') && 'rawPacket' in error && error.rawPacket instanceof Buffer) {
    const text = `net/http: HTTP/1.x transport connection broken: ${malformed(error.rawPacket)}`;
    return new TransportError('other', text, { cause: error });
  }
  const alert = alertText(error);
  if (alert !== undefined) return new TransportError('other', alert, { cause: error });
  // Node.js calls both an end and a reset of the connection a reset; only the second one is in the system's words.
  if (code === 'ECONNRESET' && error.message !== 'socket hang up') {
    return new TransportError('other', `read tcp ${ends}: read: connection reset by peer`, { cause: error });
  }
  if (code === 'EPIPE') return new TransportError('other', 'write: broken pipe', { cause: error });
  return new TransportError('eof', 'EOF', { cause: error });
}

// Go net/http response.go ReadResponse
function malformed(packet: Buffer): string {
  const [line = ''] = packet.toString('latin1').split(/\r?\n/, 1);
  const space = line.indexOf(' ');
  if (space < 0) return `malformed HTTP response ${quote(line)}`;
  const [status = ''] = line
    .slice(space + 1)
    .trimStart()
    .split(' ', 1);
  if (!/^\d{3}$/.test(status)) return `malformed HTTP status code ${quote(status)}`;
  const version = line.slice(0, space);
  return /^HTTP\/\d\.\d$/.test(version)
    ? `malformed MIME header: ${quote(line)}`
    : `malformed HTTP version ${quote(version)}`;
}

import { isIP } from 'node:net';
import type { PeerCertificate, TLSSocket } from 'node:tls';

/** Why Go does not accept the certificate of a server; undefined where it does. The first reason in Go's order counts. */
// Go crypto/x509 verify.go Certificate.Verify
export function certificateError(socket: TLSSocket, host: string, now: Date): string | undefined {
  const certificate = socket.getPeerCertificate();
  return validityError(certificate, now) ?? nameError(certificate, host) ?? chainError(socket);
}

// Go crypto/x509 verify.go CertificateInvalidError
function validityError({ valid_from: from, valid_to: to }: PeerCertificate, now: Date): string | undefined {
  const words = 'x509: certificate has expired or is not yet valid: current time';
  if (now < new Date(from)) return `${words} ${timeText(now)} is before ${timeText(new Date(from))}`;
  if (now > new Date(to)) return `${words} ${timeText(now)} is after ${timeText(new Date(to))}`;
  return undefined;
}

function timeText(time: Date): string {
  return time.toISOString().replace(/\.\d+Z$/, 'Z');
}

// Go crypto/x509 verify.go VerifyHostname, HostnameError
function nameError(certificate: PeerCertificate, host: string): string | undefined {
  const { names, addresses } = alternativeNames(certificate);
  if (isIP(host) > 0) {
    if (addresses.includes(normalAddress(host))) return undefined;
    if (addresses.length === 0) {
      return `x509: cannot validate certificate for ${host} because it doesn't contain any IP SANs`;
    }
    return `x509: certificate is valid for ${addresses.join(', ')}, not ${host}`;
  }
  const wanted = host.toLowerCase().replace(/\.$/, '');
  if (names.some((name) => matches(name.toLowerCase(), wanted))) return undefined;
  if (names.length > 0) return `x509: certificate is valid for ${names.join(', ')}, not ${host}`;
  if (addresses.length === 0 && hasHostName(certificate)) {
    return 'x509: certificate relies on legacy Common Name field, use SANs instead';
  }
  return `x509: certificate is not valid for any names, but wanted to match ${host}`;
}

/** The names in a certificate as Node.js prints them: `DNS:a, IP Address:10.0.0.1`. */
function alternativeNames({ subjectaltname: text = '' }: PeerCertificate): {
  readonly names: readonly string[];
  readonly addresses: readonly string[];
} {
  const entries = text.split(/, (?=[A-Za-z ]+:)/);
  const withPrefix = (prefix: string): string[] =>
    entries.filter((entry) => entry.startsWith(prefix)).map((entry) => unquote(entry.slice(prefix.length)));
  return { names: withPrefix('DNS:'), addresses: withPrefix('IP Address:').map(normalAddress) };
}

/** Names with characters that could be mistaken are printed as JSON. */
function unquote(text: string): string {
  return text.startsWith('"') ? String(JSON.parse(text)) : text;
}

function normalAddress(address: string): string {
  return address.includes(':') ? new URL(`http://[${address}]`).hostname.slice(1, -1) : address;
}

// Go crypto/x509 verify.go matchHostnames: a star stands for one whole label, the first
function matches(pattern: string, host: string): boolean {
  if (!pattern.startsWith('*.')) return pattern === host;
  return host.includes('.') && host.slice(host.indexOf('.')) === pattern.slice(1);
}

// Go crypto/x509 verify.go validHostname, of the common name
function hasHostName({ subject }: PeerCertificate): boolean {
  const name = [subject.CN].flat()[0] ?? '';
  return /^(?:\*\.)?[A-Za-z0-9_]([A-Za-z0-9_-]*)(?:\.[A-Za-z0-9_][A-Za-z0-9_-]*)*$/.test(name);
}

// Go crypto/x509 verify.go UnknownAuthorityError
function chainError(socket: TLSSocket): string | undefined {
  if (socket.authorized) return undefined;
  // Node.js has checked the name as well, with its own rules; that was judged before.
  const { authorizationError } = socket;
  const code = authorizationError instanceof Error ? authorizationError.message : String(authorizationError);
  return code.includes('ALTNAME') ? undefined : 'x509: certificate signed by unknown authority';
}

import { quote } from '../hosts/goText.ts';
import type { ClientPair } from '../hosts/hostsFile.ts';
import type { TlsFile } from './nodeConfiguration.ts';

/** What is known of a file, by its absolute path; undefined where nothing is. */
export type TlsFileLookup = (path: string) => TlsFile | undefined;

/**
 * The labels of the PEM blocks in a text, as `CERTIFICATE`. Made for {@link TlsFile}, which never holds the
 * text itself.
 */
export function pemBlocks(text: string): readonly string[] {
  const begins = text.matchAll(/^-----BEGIN ([^\n]*?)-----[ \t\r]*$/gm);
  return [...begins]
    .map(([, label = '']) => label)
    .filter((label) => text.includes(`-----END ${label}-----`));
}

/**
 * The error with which containerd ends every pull because of the TLS files of one host; undefined where they
 * are in order.
 */
// containerd v2.3.4 core/remotes/docker/config/hosts.go updateTLSConfigFromHost
export function tlsFilesError(
  ca: readonly string[],
  client: readonly ClientPair[],
  lookUp: TlsFileLookup,
): string | undefined {
  for (const path of ca) {
    const file = lookUp(path);
    const unreadable = readError(path, file);
    if (unreadable !== undefined) return `unable to read CA cert ${quote(path)}: ${unreadable}`;
    if (file?.kind === 'file' && !file.blocks.includes('CERTIFICATE'))
      return `unable to load CA cert ${quote(path)}`;
  }
  for (const { cert, key = cert } of client) {
    for (const path of [cert, key]) {
      const unreadable = readError(path, lookUp(path));
      if (unreadable !== undefined) return `unable to read CERT file ${quote(path)}: ${unreadable}`;
    }
    const error = keyPairError(lookUp(cert), lookUp(key));
    if (error !== undefined) return `failed to load X509 key pair: ${error}`;
  }
  return undefined;
}

/** Go's error about a file that cannot be read. */
export function readError(path: string, file: TlsFile | undefined): string | undefined {
  if (file?.kind === 'missing') return `open ${path}: no such file or directory`;
  return file?.kind === 'directory' ? `read ${path}: is a directory` : undefined;
}

// Go crypto/tls X509KeyPair
function keyPairError(cert: TlsFile | undefined, key: TlsFile | undefined): string | undefined {
  if (cert?.kind === 'file' && !cert.blocks.includes('CERTIFICATE')) {
    if (cert.blocks.length === 0) return 'tls: failed to find any PEM data in certificate input';
    if (cert.blocks.length === 1 && cert.blocks[0]?.endsWith('PRIVATE KEY')) {
      return 'tls: failed to find certificate PEM data in certificate input, but did find a private key; PEM inputs may have been switched';
    }
    return `tls: failed to find "CERTIFICATE" PEM block in certificate input after skipping PEM blocks of the following types: [${cert.blocks.join(' ')}]`;
  }
  if (
    key?.kind !== 'file' ||
    key.blocks.some((label) => label === 'PRIVATE KEY' || label.endsWith(' PRIVATE KEY'))
  ) {
    return undefined;
  }
  if (key.blocks.length === 0) return 'tls: failed to find any PEM data in key input';
  if (key.blocks.length === 1 && key.blocks[0] === 'CERTIFICATE') {
    return 'tls: found a certificate rather than a key in the PEM for the private key';
  }
  return `tls: failed to find PEM block with type ending in "PRIVATE KEY" in key input after skipping PEM blocks of the following types: [${key.blocks.join(' ')}]`;
}

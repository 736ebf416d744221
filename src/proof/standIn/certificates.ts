import { generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';
import { isIP } from 'node:net';
import { ipv6Bytes } from './nameServer.ts';

/** A certificate and its key, in PEM. */
export interface KeyPair {
  readonly certificate: string;
  readonly key: string;
}

/** What a certificate is for. */
export interface Leaf {
  readonly commonName: string;
  /** DNS names and IP addresses that it is valid for. */
  readonly names: readonly string[];
  readonly validity?: Validity;
}

interface Validity {
  readonly from: Date;
  readonly until: Date;
}

const valid: Validity = { from: new Date('2020-01-01T00:00:00Z'), until: new Date('2049-12-31T23:59:59Z') };

/** A time that has passed, the same in every run, so that error texts about it can be compared. */
export const expired: Validity = {
  from: new Date('2020-01-01T00:00:00Z'),
  until: new Date('2021-01-01T00:00:00Z'),
};

/** A certificate authority with a key of its own. */
export class CertificateAuthority {
  readonly #name: string;
  readonly #key: KeyObject;
  /** In PEM. */
  readonly certificate: string;

  constructor(name: string) {
    this.#name = name;
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    this.#key = privateKey;
    this.certificate = certificateOf({
      issuer: name,
      subject: name,
      publicKey,
      signer: privateKey,
      validity: valid,
      extensions: [
        // Basic constraints: an authority. Key usage: signs certificates and lists.
        extension('2.5.29.19', sequence(tagged(0x01, Buffer.from([0xff]))), true),
        extension('2.5.29.15', tagged(0x03, Buffer.from([0x01, 0x06])), true),
      ],
    });
  }

  issue({ commonName, names, validity = valid }: Leaf): KeyPair {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const certificate = certificateOf({
      issuer: this.#name,
      subject: commonName,
      publicKey,
      signer: this.#key,
      validity,
      extensions: [
        // Key usage: signs. Extended key usage: servers and clients.
        extension('2.5.29.15', tagged(0x03, Buffer.from([0x07, 0x80])), true),
        extension(
          '2.5.29.37',
          sequence(objectIdentifier('1.3.6.1.5.5.7.3.1'), objectIdentifier('1.3.6.1.5.5.7.3.2')),
        ),
        ...(names.length > 0 ? [extension('2.5.29.17', sequence(...names.map(alternativeName)))] : []),
      ],
    });
    return { certificate, key: pemKey(privateKey) };
  }
}

interface Contents {
  readonly issuer: string;
  readonly subject: string;
  readonly publicKey: KeyObject;
  readonly signer: KeyObject;
  readonly validity: Validity;
  readonly extensions: readonly Buffer[];
}

// RFC 5280, section 4.1
function certificateOf({ issuer, subject, publicKey, signer, validity, extensions }: Contents): string {
  const algorithm = sequence(objectIdentifier('1.2.840.10045.4.3.2'));
  const contents = sequence(
    tagged(0xa0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([0x01]), randomBytes(15)])),
    algorithm,
    distinguishedName(issuer),
    sequence(utcTime(validity.from), utcTime(validity.until)),
    distinguishedName(subject),
    publicKey.export({ type: 'spki', format: 'der' }),
    tagged(0xa3, sequence(...extensions)),
  );
  return pem('CERTIFICATE', sequence(contents, algorithm, bitString(sign('sha256', contents, signer))));
}

function extension(identifier: string, value: Buffer, isCritical = false): Buffer {
  const critical = isCritical ? [tagged(0x01, Buffer.from([0xff]))] : [];
  return sequence(objectIdentifier(identifier), ...critical, tagged(0x04, value));
}

function alternativeName(name: string): Buffer {
  if (isIP(name) === 4) return tagged(0x87, Buffer.from(name.split('.').map(Number)));
  return isIP(name) === 6 ? tagged(0x87, ipv6Bytes(name)) : tagged(0x82, Buffer.from(name, 'latin1'));
}

function distinguishedName(commonName: string): Buffer {
  const attribute = sequence(objectIdentifier('2.5.4.3'), tagged(0x0c, Buffer.from(commonName, 'utf8')));
  return sequence(tagged(0x31, attribute));
}

function utcTime(date: Date): Buffer {
  const text = date
    .toISOString()
    .replaceAll(/[-:T]|\.\d+/g, '')
    .slice(2);
  return tagged(0x17, Buffer.from(text, 'latin1'));
}

function objectIdentifier(text: string): Buffer {
  const [first = 0, second = 0, ...rest] = text.split('.').map(Number);
  return tagged(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}

function base128(value: number): number[] {
  const bytes = [value & 0x7f];
  for (let left = value >> 7; left > 0; left >>= 7) bytes.unshift((left & 0x7f) | 0x80);
  return bytes;
}

function integer(value: Buffer): Buffer {
  return tagged(0x02, value);
}

function bitString(value: Buffer): Buffer {
  return tagged(0x03, Buffer.concat([Buffer.from([0]), value]));
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return tagged(0x30, Buffer.concat(parts));
}

/** Tag, length and value: the distinguished encoding of ASN.1. */
function tagged(tag: number, value: Buffer): Buffer {
  const { length } = value;
  if (length < 0x80) return Buffer.concat([Buffer.from([tag, length]), value]);
  const size = length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), value]);
}

function pem(label: string, der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}

function pemKey(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}

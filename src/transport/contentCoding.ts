import { gunzipSync, inflateRawSync } from 'node:zlib';
import { TransportError } from '../resolver/transport.ts';
import { codeOf } from './dial.ts';

type Decoder = (body: Buffer, maxOutputLength: number) => Buffer;

const decoders: ReadonlyMap<string, Decoder> = new Map<string, Decoder>([
  ['gzip', (body, maxOutputLength) => gunzipSync(body, { maxOutputLength })],
  ['deflate', (body, maxOutputLength) => inflateRawSync(body, { maxOutputLength })],
  ['identity', (body) => body],
]);

/** A body without its content codings. Throws {@link TransportError}. */
// containerd v2.3.4 core/remotes/docker/fetcher.go open
export function decodeContent(body: Buffer, codings: string | undefined, maxLength: number): Buffer {
  const names = (codings ?? '').split(/[ \t,]+/).filter((name) => name !== '');
  return body.length === 0
    ? body
    : names.reduceRight((decoded, name) => decode(decoded, name, maxLength), body);
}

function decode(body: Buffer, name: string, maxLength: number): Buffer {
  const decoder = decoders.get(name.toLowerCase());
  if (!decoder)
    throw new TransportError('other', `unsupported Content-Encoding algorithm: ${name.toLowerCase()}`);
  try {
    return decoder(body, maxLength);
  } catch (error) {
    const isTooLong = error instanceof Error && codeOf(error) === 'ERR_BUFFER_TOO_LARGE';
    const text = isTooLong ? `the answer is longer than ${maxLength} bytes` : `${name}: invalid header`;
    throw new TransportError('other', text, { cause: error });
  }
}

import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { Transform, type TransformCallback } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** How far a download may go. All times are in milliseconds. */
export interface DownloadLimits {
  readonly maxBytes: number;
  /** How long one try may take. */
  readonly time: number;
  readonly tries: number;
  /** Before another try; twice as long before the next. */
  readonly pause: number;
}

/** A download did not succeed. The message is a sentence that begins with what was downloaded. */
export class DownloadError extends Error {
  override readonly name = 'DownloadError';
  /** Another try would end in the same way. */
  readonly isFinal: boolean;

  constructor(reason: string, isFinal: boolean, options?: ErrorOptions) {
    super(reason, options);
    this.isFinal = isFinal;
  }
}

/**
 * Downloads a file of which the SHA-256 is known.
 *
 * @throws {@link DownloadError} where it cannot be had, or is another file.
 */
export async function downloadFile(
  url: string,
  file: string,
  checksum: string,
  limits: DownloadLimits,
): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await fetchOnce(url, file, checksum, limits);
    } catch (error) {
      if (!(error instanceof DownloadError)) throw error;
      const isLast = error.isFinal || tries >= limits.tries;
      if (isLast) throw new DownloadError(`${url} ${error.message}${proxyHint()}`, true, { cause: error });
    }
    await sleep(limits.pause * 2 ** (tries - 1));
  }
}

async function fetchOnce(url: string, file: string, checksum: string, limits: DownloadLimits): Promise<void> {
  const { maxBytes, time } = limits;
  const timeout = AbortSignal.timeout(time);
  const digest = createHash('sha256');
  try {
    const response = await fetch(url, { signal: timeout, headers: { 'Accept-Encoding': 'identity' } });
    if (!response.ok || !response.body) throw statusError(response.status);
    const meter = new Meter(maxBytes, (chunk) => digest.update(chunk));
    await pipeline(response.body, meter, createWriteStream(file), { signal: timeout });
  } catch (error) {
    if (error instanceof DownloadError) throw error;
    if (error instanceof Error && 'syscall' in error && error.syscall === 'write') throw error;
    const reason = timeout.aborted
      ? `took longer than ${time / 1000} s`
      : `cannot be read: ${causeOf(error)}`;
    throw new DownloadError(reason, false, { cause: error });
  }
  const actual = digest.digest('hex');
  if (actual !== checksum)
    throw new DownloadError(`is not what it should be: its SHA-256 is ${actual} and not ${checksum}`, true);
}

function statusError(status: number): DownloadError {
  const mayPass = status >= 500 || status === 408 || status === 429;
  return new DownloadError(`answers with status ${status}`, !mayPass);
}

/** Lets so many bytes through, and no more. */
class Meter extends Transform {
  readonly #max: number;
  readonly #see: (chunk: Buffer) => void;
  #length = 0;

  constructor(max: number, see: (chunk: Buffer) => void) {
    super();
    this.#max = max;
    this.#see = see;
  }

  override _transform(chunk: Buffer, _: BufferEncoding, done: TransformCallback): void {
    this.#length += chunk.length;
    if (this.#length > this.#max) {
      done(new DownloadError(`is longer than ${this.#max} bytes`, true));
      return;
    }
    this.#see(chunk);
    done(null, chunk);
  }
}

/** What fetch says is the same for every fault: the reason is in what caused it. */
function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}

/** Node.js reads the variables for proxies only where it is told to. */
function proxyHint(): string {
  const { HTTPS_PROXY, https_proxy: lower, NODE_USE_ENV_PROXY } = process.env;
  const hasProxy = (HTTPS_PROXY ?? lower ?? '') !== '';
  return hasProxy && NODE_USE_ENV_PROXY !== '1'
    ? ' (HTTPS_PROXY is set, and used only with NODE_USE_ENV_PROXY=1 beside it)'
    : '';
}

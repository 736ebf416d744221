import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type ServerHttp2Stream } from 'node:http2';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { GrpcConnection, GrpcError } from '../../../src/proof/containerd/grpc.ts';

/** A message in its frame. */
function frame(text: string): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(Buffer.byteLength(text), 1);
  return Buffer.concat([head, Buffer.from(text)]);
}

function answerWith(
  stream: ServerHttp2Stream,
  body: Buffer,
  trailers: Readonly<Record<string, string>>,
): void {
  stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
  stream.on('wantTrailers', () => stream.sendTrailers(trailers));
  stream.end(body);
}

/** What the server does with a call, by its path. */
const methods: Readonly<Record<string, (stream: ServerHttp2Stream, received: Buffer) => void>> = {
  '/echo': (stream, received) => answerWith(stream, received, { 'grpc-status': '0' }),
  '/not-found': (stream) => {
    const message = 'image %E2%80%9Cx%E2%80%9D: 100%25 not found';
    stream.respond({ ':status': 200, 'grpc-status': '5', 'grpc-message': message }, { endStream: true });
  },
  '/late-error': (stream) =>
    answerWith(stream, Buffer.alloc(0), { 'grpc-status': '2', 'grpc-message': 'broken' }),
  '/unknown-code': (stream) => answerWith(stream, Buffer.alloc(0), { 'grpc-status': '99' }),
  '/silence': () => undefined,
  '/too-late': (stream) => {
    setTimeout(
      () => answerWith(stream, Buffer.alloc(0), { 'grpc-status': '4', 'grpc-message': 'at the host' }),
      200,
    );
  },
  '/half-a-message': (stream) => answerWith(stream, frame('message').subarray(0, 8), { 'grpc-status': '0' }),
  '/no-grpc': (stream) => {
    stream.respond({ ':status': 404 });
    stream.end('nothing here');
  },
  '/hang-up': (stream) => stream.session?.destroy(),
};

suite('grpc', () => {
  const server = createServer();
  let folder = '';
  let connection: GrpcConnection;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'grpc-'));
    server.on('stream', (stream, headers) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('error', () => stream.close());
      stream.on('end', () => methods[headers[':path'] ?? '']?.(stream, Buffer.concat(chunks)));
    });
    await new Promise<void>((resolve) => {
      server.listen(join(folder, 'socket'), resolve);
    });
    connection = new GrpcConnection(join(folder, 'socket'));
  });

  after(async () => {
    connection.close();
    server.close();
    await rm(folder, { recursive: true });
  });

  async function errorOf(call: Promise<unknown>): Promise<string> {
    try {
      await call;
    } catch (error) {
      assert.ok(error instanceof GrpcError);
      return `${error.code}: ${error.message}`;
    }
    return 'no error';
  }

  const call = (method: string, deadline = 5000): Promise<Uint8Array> =>
    connection.call(method, Buffer.from('message'), deadline);

  test('sends a message and returns the answer, many at a time', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => call('/echo')));
    assert.deepEqual(new Set(answers.map((answer) => Buffer.from(answer).toString())), new Set(['message']));
  });

  test("gives the server's own error", async () => {
    assert.equal(await errorOf(call('/not-found')), 'NotFound: image “x”: 100% not found');
    assert.equal(await errorOf(call('/late-error')), 'Unknown: broken');
    assert.equal(await errorOf(call('/unknown-code')), 'Unknown: ');
  });

  test('waits a moment longer than the deadline: the server knows more about what was late', async () => {
    assert.equal(await errorOf(call('/too-late', 100)), 'DeadlineExceeded: at the host');
    assert.equal(await errorOf(call('/silence', 100)), 'DeadlineExceeded: no answer before the deadline');
  });

  test('says when a server is none or goes away', async () => {
    assert.equal(
      await errorOf(call('/half-a-message')),
      'Internal: the answer is not one uncompressed message',
    );
    assert.equal(await errorOf(call('/no-grpc')), 'Unavailable: the answer is none of gRPC');
    assert.match(await errorOf(call('/hang-up')), /^Unavailable: /);
    assert.match(await errorOf(call('/echo')), /^Unavailable: /);
    const nowhere = new GrpcConnection(join(folder, 'nobody'));
    assert.match(await errorOf(nowhere.call('/echo', new Uint8Array(), 1000)), /^Unavailable: .*ENOENT/);
    nowhere.close();
  });
});

import assert from 'node:assert/strict';
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { createServer as createTcpServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { after, describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import type { TlsOptions } from '../../src/resolver/registryHost.ts';
import {
  TransportError,
  type RegistryRequest,
  type RegistryResponse,
  type TransportErrorKind,
  type TransportOptions,
} from '../../src/resolver/transport.ts';
import { HttpsTransport } from '../../src/transport/https.ts';
import { CertificateAuthority, expired, type KeyPair } from '../../src/proof/standIn/certificates.ts';

const authority = new CertificateAuthority('test authority');
const client = authority.issue({ commonName: 'node', names: ['node'] });
const files: ReadonlyMap<string, string> = new Map([
  ['/ca.crt', authority.certificate],
  ['/client.crt', client.certificate],
  ['/client.key', client.key],
]);
const transport = new HttpsTransport({
  readFile: (path) => files.get(path) ?? assert.fail(`${path} was read`),
  addresses: new Map([['reg.example', '127.0.0.1']]),
  maxBodyLength: 1000,
});

const strict: TlsOptions = { skipVerify: false, ca: ['/ca.crt'], client: [] };
/** In milliseconds; short where a server is known to say nothing. */
const patience = 10_000;
const impatience = 50;

const servers: Server[] = [];
after(() => {
  for (const server of servers) server.close();
});

async function listen(server: Server): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return (server.address() as AddressInfo).port;
}

function tcp(onData: (socket: Socket) => void): Promise<number> {
  const server = createTcpServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.once('data', () => onData(socket));
  });
  return listen(server);
}

function https(pair: KeyPair, listener: RequestListener, asksForClient = false): Promise<number> {
  const server = createHttpsServer(
    {
      cert: pair.certificate,
      key: pair.key,
      ...(asksForClient && { requestCert: true, rejectUnauthorized: true, ca: authority.certificate }),
    },
    listener,
  );
  server.on('tlsClientError', (_, socket) => socket.destroy());
  return listen(server);
}

const get: Omit<RegistryRequest, 'url'> = { method: 'GET', header: [] };

function send(
  url: string,
  request: Partial<RegistryRequest> = {},
  tls: TlsOptions | null = url.startsWith('https') ? strict : null,
  limit = patience,
): Promise<RegistryResponse> {
  const options: TransportOptions = {
    tls,
    dialTimeout: limit,
    handshakeTimeout: limit,
    responseHeaderTimeout: limit,
  };
  return transport.send({ ...get, ...request, url }, options);
}

async function fails(
  sent: Promise<RegistryResponse>,
  kind: TransportErrorKind,
  text: string | RegExp,
): Promise<void> {
  await assert.rejects(sent, (error) => {
    assert.ok(error instanceof TransportError, String(error));
    if (typeof text === 'string') assert.equal(error.message, text);
    else assert.match(error.message, text);
    assert.equal(error.kind, kind, error.message);
    return true;
  });
}

function text({ body }: RegistryResponse): string {
  return new TextDecoder().decode(body);
}

describe('requests', () => {
  test('go out as they are, and bring status, header and body', async () => {
    let seen: unknown;
    const server = createHttpServer((request, response) => {
      const { method, url, rawHeaders } = request;
      seen = {
        method,
        url,
        headers: rawHeaders.filter((_, index) => rawHeaders[index - (index % 2)] !== 'Connection'),
      };
      response.writeHead(404, 'Not Here', { 'Docker-Content-Digest': 'd', 'X-A': ['1', '2'] }).end('body');
    });
    const port = await listen(server);
    const header = [
      { name: 'accept', values: ['a', 'b'] },
      { name: 'X-Name', values: ['Zürich'] },
    ];
    const response = await send(`http://reg.example:${port}/v2/a%20b/x?ns=y%3A5000`, { header });
    assert.deepEqual(seen, {
      method: 'GET',
      url: '/v2/a%20b/x?ns=y%3A5000',
      headers: [
        ['Host', `reg.example:${port}`],
        ['accept', 'a'],
        ['accept', 'b'],
        ['X-Name', Buffer.from('Zürich').toString('latin1')],
      ].flat(),
    });
    assert.deepEqual([response.status, response.reason, text(response)], [404, 'Not Here', 'body']);
    const values = response.header.filter(({ name }) => name === 'X-A').flatMap(({ values }) => values);
    assert.deepEqual(values, ['1', '2']);
  });

  test('carry a form, and follow no redirect', async () => {
    let form = '';
    const port = await listen(
      createHttpServer((request, response) => {
        request.on('data', (chunk: Buffer) => (form += chunk.toString()));
        request.on('end', () => response.writeHead(307, { Location: '/elsewhere' }).end());
      }),
    );
    const response = await send(`http://127.0.0.1:${port}/token`, { method: 'POST', body: 'a=b&c=%C3%BC' });
    assert.deepEqual([response.status, form], [307, 'a=b&c=%C3%BC']);
  });

  test('bring no more than so much, and undo what was done to the content', async () => {
    const port = await listen(
      createHttpServer(({ url, method }, response) => {
        if (method === 'HEAD') response.writeHead(200, { 'Content-Length': 5000 }).end();
        else if (url === '/gzip')
          response.writeHead(200, { 'Content-Encoding': 'gzip' }).end(gzipSync('plain'));
        else if (url === '/bomb')
          response.writeHead(200, { 'Content-Encoding': 'gzip' }).end(gzipSync('x'.repeat(1e5)));
        else if (url === '/broken') response.writeHead(200, { 'Content-Encoding': 'gzip' }).end('no gzip');
        else if (url === '/odd') response.writeHead(200, { 'Content-Encoding': 'rot13' }).end('x');
        else response.end('x'.repeat(5000));
      }),
    );
    const at = `http://127.0.0.1:${port}`;
    assert.equal((await send(`${at}/`, { method: 'HEAD' })).body.length, 0);
    assert.equal(text(await send(`${at}/gzip`)), 'plain');
    await fails(send(`${at}/`), 'other', 'the answer is longer than 1000 bytes');
    await fails(send(`${at}/bomb`), 'other', 'the answer is longer than 1000 bytes');
    await fails(send(`${at}/broken`), 'other', 'gzip: invalid header');
    await fails(send(`${at}/odd`), 'other', 'unsupported Content-Encoding algorithm: rot13');
  });
});

describe('connections that fail', () => {
  test('nobody listens, or nobody has the name', async () => {
    const port = await tcp(() => undefined);
    await new Promise((resolve) => servers.pop()?.close(resolve));
    await fails(
      send(`http://127.0.0.1:${port}/`),
      'refused',
      `dial tcp 127.0.0.1:${port}: connect: connection refused`,
    );
    await assert.rejects(send('http://nobody.invalid/'), /^TransportError: dial tcp: lookup nobody\.invalid/);
    await fails(send('http://127.0.0.1:99999/'), 'other', 'dial tcp: address 99999: invalid port');
  });

  test('the server hangs up, resets the connection, or speaks no HTTP', async () => {
    const closing = await tcp((socket) => socket.end());
    await fails(send(`http://127.0.0.1:${closing}/`), 'eof', 'EOF');
    const resetting = await tcp((socket) => socket.resetAndDestroy());
    await fails(
      send(`http://127.0.0.1:${resetting}/`),
      'other',
      /^read tcp 127\.0\.0\.1:\d+->127\.0\.0\.1:\d+: read: connection reset by peer$/,
    );
    const broken = 'net/http: HTTP/1.x transport connection broken: malformed HTTP';
    for (const [reply, words] of [
      ['this is no HTTP\r\n\r\n', 'status code "is"'],
      ['SSH-2.0-OpenSSH\r\n', 'response "SSH-2.0-OpenSSH"'],
    ] as const) {
      const port = await tcp((socket) => socket.end(reply));
      await fails(send(`http://127.0.0.1:${port}/`), 'other', `${broken} ${words}`);
    }
  });

  test('the server says nothing', async () => {
    const silent = await tcp(() => undefined);
    await fails(
      send(`http://127.0.0.1:${silent}/`, {}, null, impatience),
      'header-timeout',
      'net/http: timeout awaiting response headers',
    );
    await fails(
      send(`https://127.0.0.1:${silent}/`, {}, strict, impatience),
      'handshake-timeout',
      'net/http: TLS handshake timeout',
    );
  });

  test('the body ends too soon', async () => {
    const port = await tcp((socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort'));
    await fails(send(`http://127.0.0.1:${port}/`), 'eof', 'unexpected EOF');
  });

  test('the server speaks another protocol than the URL says', async () => {
    const plain = await listen(createHttpServer((_, response) => response.end()));
    await fails(
      send(`https://127.0.0.1:${plain}/`),
      'http-response',
      'http: server gave HTTP response to HTTPS client',
    );
    const mail = await tcp((socket) => socket.end('220 mail.test ESMTP ready\r\n'));
    await fails(
      send(`https://127.0.0.1:${mail}/`),
      'other',
      'tls: first record does not look like a TLS handshake',
    );
    const hangsUp = await tcp((socket) => socket.end());
    await fails(send(`https://127.0.0.1:${hangsUp}/`), 'eof', 'EOF');
    const secure = await https(authority.issue({ commonName: 'x', names: ['127.0.0.1'] }), () =>
      assert.fail(),
    );
    await assert.rejects(send(`http://127.0.0.1:${secure}/`), TransportError);
  });
});

test('a server that never ends is left, also where containerd would stay', async () => {
  const hasty = new HttpsTransport({
    addresses: new Map([['reg.example', '127.0.0.1']]),
    patience: impatience,
  });
  const options = { dialTimeout: patience, handshakeTimeout: patience };
  const message = 'no answer within 50 ms, where containerd may wait for ever';
  const silent = await tcp(() => {});
  await fails(
    hasty.send({ ...get, url: `http://reg.example:${silent}/` }, { ...options, tls: null }),
    'other',
    message,
  );
  await fails(
    hasty.send({ ...get, url: `https://reg.example:${silent}/` }, { ...options, tls: { ...strict, ca: [] } }),
    'other',
    message,
  );
  const slow = await tcp((socket) => {
    socket.write('HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n');
    const drip = setInterval(() => socket.write('.'), 5);
    socket.once('close', () => clearInterval(drip));
  });
  await fails(
    hasty.send({ ...get, url: `http://reg.example:${slow}/` }, { ...options, tls: null }),
    'other',
    message,
  );
});

describe('certificates', () => {
  const other = new CertificateAuthority('another authority');
  const cases: readonly (readonly [what: string, pair: KeyPair, host: string, error: string | RegExp])[] = [
    [
      'of an unknown authority',
      other.issue({ commonName: 'x', names: ['reg.example'] }),
      'reg.example',
      'x509: certificate signed by unknown authority',
    ],
    [
      'for another name',
      authority.issue({ commonName: 'x', names: ['other.example', '*.other.example'] }),
      'reg.example',
      'x509: certificate is valid for other.example, *.other.example, not reg.example',
    ],
    [
      'for another name, of an unknown authority',
      other.issue({ commonName: 'x', names: ['other.example'] }),
      'reg.example',
      'x509: certificate is valid for other.example, not reg.example',
    ],
    [
      'without an address',
      authority.issue({ commonName: 'x', names: ['reg.example'] }),
      '127.0.0.1',
      "x509: cannot validate certificate for 127.0.0.1 because it doesn't contain any IP SANs",
    ],
    [
      'for another address',
      authority.issue({ commonName: 'x', names: ['10.0.0.1', '10.0.0.2'] }),
      '127.0.0.1',
      'x509: certificate is valid for 10.0.0.1, 10.0.0.2, not 127.0.0.1',
    ],
    [
      'with a common name alone',
      authority.issue({ commonName: 'reg.example', names: [] }),
      'reg.example',
      'x509: certificate relies on legacy Common Name field, use SANs instead',
    ],
    [
      'for addresses alone',
      authority.issue({ commonName: 'reg.example', names: ['10.0.0.1'] }),
      'reg.example',
      'x509: certificate is not valid for any names, but wanted to match reg.example',
    ],
    [
      'that is too old',
      authority.issue({ commonName: 'x', names: ['other.example'], validity: expired }),
      'reg.example',
      /^x509: certificate has expired or is not yet valid: current time \S+Z is after 2021-01-01T00:00:00Z$/,
    ],
  ];

  for (const [what, pair, host, error] of cases) {
    test(`${what} are refused before anything is sent, unless they need not be good`, async () => {
      let requests = 0;
      const port = await https(pair, (_, response) => {
        requests += 1;
        response.end('fine');
      });
      await fails(send(`https://${host}:${port}/`), 'certificate', error);
      assert.equal(requests, 0);
      const lax = { ...strict, skipVerify: true };
      assert.equal(text(await send(`https://${host}:${port}/`, {}, lax)), 'fine');
    });
  }

  test('that are good are taken, and only with their authority', async () => {
    const pair = authority.issue({ commonName: 'x', names: ['*.example', '127.0.0.1'] });
    const port = await https(pair, (_, response) => response.end('fine'));
    assert.equal(text(await send(`https://reg.example:${port}/`)), 'fine');
    assert.equal(text(await send(`https://127.0.0.1:${port}/`)), 'fine');
    const without = { ...strict, ca: [] };
    await fails(
      send(`https://127.0.0.1:${port}/`, {}, without),
      'certificate',
      'x509: certificate signed by unknown authority',
    );
  });

  test('that cannot be read are an error of the transport', async () => {
    const broken = new HttpsTransport({ readFile: () => assert.fail('no such file') });
    const port = await https(client, () => assert.fail());
    const options = { tls: strict, dialTimeout: patience, handshakeTimeout: patience };
    await fails(broken.send({ ...get, url: `https://127.0.0.1:${port}/` }, options), 'other', /no such file/);
  });

  test('of the client are shown', async () => {
    const pair = authority.issue({ commonName: 'x', names: ['127.0.0.1'] });
    const port = await https(pair, (_, response) => response.end('fine'), true);
    const own = { ...strict, client: [{ cert: '/client.crt', key: '/client.key' }] };
    assert.equal(text(await send(`https://127.0.0.1:${port}/`, {}, own)), 'fine');
    await assert.rejects(send(`https://127.0.0.1:${port}/`), TransportError);
  });
});

describe('an abort', () => {
  test('ends what is under way, and what begins later', async () => {
    let seen = 0;
    const abort = new AbortController();
    const port = await tcp(() => {
      seen += 1;
      abort.abort();
    });
    const aborted = new HttpsTransport({ signal: abort.signal });
    const options = { tls: null, dialTimeout: patience, handshakeTimeout: patience };
    const ask = (): Promise<RegistryResponse> =>
      aborted.send({ ...get, url: `http://127.0.0.1:${port}/` }, options);
    await assert.rejects(ask(), TransportError);
    await assert.rejects(ask(), TransportError);
    assert.equal(seen, 1);
  });
});

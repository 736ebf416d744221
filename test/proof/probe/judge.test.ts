import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { judge } from '../../../src/proof/probe/judge.ts';
import { attempts } from '../../../src/resolver/attempts.ts';
import { pullManifests } from '../../../src/resolver/pullImage.ts';
import { TransportError, type TransportErrorKind } from '../../../src/resolver/transport.ts';
import { planOf } from '../containerd/provedExample.ts';

/** What a pull comes to where every request for a URL with one of these texts in it fails, and all others say 404. */
async function judgeWith(
  failures: Readonly<Record<string, TransportError>>,
  redirect?: string,
  endpoints = 'http://mirror.example',
): Promise<string> {
  const registries = `mirrors: {quay.io: {endpoint: ["${endpoints}"]}}\nimages: ["quay.io/app:1"]\n`;
  const [planned] = planOf({ 'registries.yaml': registries }).nodes;
  const [pull] = planned?.pulls ?? [];
  assert.ok(planned && pull);
  const { configuration } = planned.configured;
  const platform = { os: 'linux', architecture: 'amd64' };
  const result = await pullManifests(configuration, pull.reference, {
    platform,
    transport: {
      send: async ({ url }) => {
        const failed = Object.entries(failures).find(([text]) => url.includes(text));
        if (failed) throw failed[1];
        const header = redirect === undefined ? [] : [{ name: 'Location', values: [redirect] }];
        const isRedirected = redirect !== undefined && url.includes('mirror.example');
        return { status: isRedirected ? 307 : 404, reason: '', header, body: new Uint8Array() };
      },
    },
  });
  const { outcome } = judge({
    planned,
    pull,
    attempts: attempts(configuration, pull.reference),
    result,
    platform,
    platforms: undefined,
    pages: new Set(),
    loginFor: () => ({ kind: 'none' }),
  });
  assert.notEqual(outcome.status, 'proved');
  return outcome.status === 'inconclusive' ? outcome.reason : outcome.status;
}

const failure = (kind: TransportErrorKind, text: string): TransportError => new TransportError(kind, text);

suite('a request without an answer', () => {
  const cases: readonly (readonly [kind: TransportErrorKind, message: string, outcome: string])[] = [
    [
      'no-such-host',
      'dial tcp: lookup mirror.example: no such host',
      'this machine cannot look up the name of http://mirror.example, which the node may do',
    ],
    [
      'other',
      'dial tcp: lookup mirror.example: server misbehaving',
      'this machine cannot look up the name of http://mirror.example, which the node may do',
    ],
    [
      'timeout',
      'dial tcp 10.1.1.1:80: i/o timeout',
      'http://mirror.example did not answer this machine in time',
    ],
    ['eof', 'EOF', 'http://mirror.example gave no answer: EOF'],
    [
      'other',
      'dial tcp 10.1.1.1:80: connect: no route to host',
      'http://mirror.example gave no answer: dial tcp 10.1.1.1:80: connect: no route to host',
    ],
  ];
  for (const [kind, message, reason] of cases) {
    test(`leaves open what ${message} means`, async () => {
      assert.equal(
        await judgeWith({ 'mirror.example': failure(kind, message) }),
        `${reason}; https://quay.io does not have it`,
      );
    });
  }

  test('is named, as are the others', async () => {
    const refused = failure('refused', 'dial tcp 10.1.1.1:80: connect: connection refused');
    const eof = failure('eof', 'EOF');
    assert.equal(
      await judgeWith({ 'mirror.example': refused, 'quay.io/v2': eof }),
      'http://mirror.example refuses connections from this machine; https://quay.io gave no answer: EOF',
    );
  });

  test('says where a registry leads', async () => {
    const unknown = failure('no-such-host', 'dial tcp: lookup cdn.example: no such host');
    assert.equal(
      await judgeWith({ 'cdn.example': unknown }, 'https://cdn.example/blob'),
      'this machine cannot look up the name of https://cdn.example (to which http://mirror.example leads), which the node may do; https://quay.io does not have it',
    );
  });

  test('counts for the scheme by which it was asked', async () => {
    const authority = failure('certificate', 'x509: certificate signed by unknown authority');
    assert.equal(
      await judgeWith(
        { 'https://mirror.example': authority },
        undefined,
        'https://mirror.example", "http://mirror.example',
      ),
      'this machine does not trust the certificate of https://mirror.example, which the node may do; http://mirror.example does not have it; https://quay.io does not have it',
    );
  });

  test('is none where everybody says 404', async () => {
    assert.equal(await judgeWith({}), 'refuted');
  });
});

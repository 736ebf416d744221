import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { answerRequest, Contents, type SeenRequest } from '../../../src/proof/standIn/registry.ts';
import type { ReceivedRequest } from '../../../src/proof/standIn/server.ts';
import type { StandIn } from '../../../src/proof/surroundings.ts';

const standIn: StandIn = {
  hostname: '10.1.1.1',
  port: 5000,
  address: '10.1.1.1',
  protocols: ['http'],
  authority: 'private',
  logins: [],
  ownLogins: [],
  isUpstream: false,
  catalogs: [],
};

function ask(
  target: string,
  {
    authorization = '',
    contents = new Contents(),
    ...rest
  }: Partial<StandIn> & { authorization?: string; contents?: Contents } = {},
): { readonly status: number; readonly seen: SeenRequest | undefined; readonly digest: string | undefined } {
  const request: ReceivedRequest = {
    scheme: 'http',
    method: 'GET',
    host: '10.1.1.1:5000',
    target,
    headers: [],
    authorization,
    body: '',
  };
  let seen: SeenRequest | undefined;
  const reply = answerRequest(request, { ...standIn, ...rest }, contents, (found) => (seen = found));
  assert.equal(reply.kind, 'reply');
  const digest = reply.headers['Docker-Content-Digest'];
  return { status: reply.status, seen, digest };
}

const login = { username: 'user', password: 'word' };
const authorization = `Basic ${Buffer.from('user:word').toString('base64')}`;

suite('a stand-in for a registry', () => {
  test('has an image of its own for each tag, and what that consists of', () => {
    const contents = new Contents();
    const first = ask('/v2/team/app/manifests/1', { contents });
    const second = ask('/v2/team/app/manifests/2', { contents });
    assert.notEqual(first.digest, second.digest);
    assert.equal(ask(`/v2/team/app/manifests/${first.digest}`, { contents }).status, 200);
    assert.equal(first.seen?.repository, 'team/app');
    assert.equal(first.seen.image, first.digest);
  });

  test('has nothing under a digest that nobody knows', () => {
    assert.equal(ask(`/v2/team/app/manifests/sha256:${'0'.repeat(64)}`).status, 404);
    assert.equal(ask(`/v2/team/app/blobs/sha256:${'0'.repeat(64)}`).status, 404);
  });

  test('has its API below /v2 only, wherever that is', () => {
    assert.equal(ask('/artifactory/api/docker/hub/v2/team/app/manifests/1').status, 200);
    assert.equal(ask('/v2/project/team/app/manifests/1').status, 200);
    assert.equal(ask('/project/team/app/manifests/1').status, 404);
    assert.equal(ask('/project/team/app/manifests/1').seen?.status, 404);
  });

  test('asks for the login of its configuration, whatever the image is', () => {
    assert.equal(ask('/v2/app/manifests/1?ns=docker.io', { logins: [login] }).status, 401);
    assert.equal(ask('/v2/app/manifests/1?ns=docker.io', { logins: [login], authorization }).status, 200);
    assert.equal(ask('/v2/app/manifests/1', { logins: [login], authorization: 'Basic eDp5' }).status, 401);
  });

  test('asks for a login of pull secrets for images that name it', () => {
    assert.equal(ask('/v2/app/manifests/1', { ownLogins: [login] }).status, 401);
    assert.equal(ask('/v2/app/manifests/1', { ownLogins: [login], authorization }).status, 200);
    assert.equal(ask('/v2/app/manifests/1?ns=docker.io', { ownLogins: [login] }).status, 200);
  });

  test('has what its catalog lists of a namespace host', () => {
    const catalogs = [{ namespaceHost: 'docker.io', images: ['team/app:1'], prefixes: ['', 'hub/'] }];
    const contents = new Contents();
    const listed = ask('/v2/hub/team/app/manifests/1?ns=docker.io', { catalogs, contents });
    assert.equal(listed.status, 200);
    assert.equal(
      ask(`/v2/hub/team/app/manifests/${listed.digest}?ns=docker.io`, { catalogs, contents }).status,
      200,
    );
    assert.equal(ask('/v2/hub/team/app/manifests/2?ns=docker.io', { catalogs }).status, 404);
    assert.equal(ask('/v2/hub/my-team/app/manifests/1?ns=docker.io', { catalogs }).status, 404);
    assert.equal(ask('/v2/other/team/app/manifests/1?ns=docker.io', { catalogs }).status, 404);
    assert.equal(ask('/v2/other/manifests/1?ns=quay.io', { catalogs }).status, 200);
  });
});

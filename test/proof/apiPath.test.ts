import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { askedRepositories, mayBeFor, readApiPath, readApiUrl } from '../../src/proof/apiPath.ts';

suite('readApiPath', () => {
  const read = (path: string): unknown => {
    const { isApi, prefix, repository, kind, name } = readApiPath(path) ?? {};
    return [isApi, prefix, repository, kind, name];
  };

  test('reads what is below /v2/, wherever that is', () => {
    assert.deepEqual(read('/v2/team/app/manifests/1?ns=quay.io'), [true, '', 'team/app', 'manifests', '1']);
    assert.deepEqual(read('/hub/v2/app/blobs/sha256%3A01'), [true, '/hub', 'app', 'blobs', 'sha256:01']);
    assert.deepEqual(read('/v2/a/v2/app/manifests/1'), [true, '', 'a/v2/app', 'manifests', '1']);
  });

  test('reads what no registry has, too', () => {
    assert.deepEqual(read('/quay/app/manifests/1'), [false, '/quay/app', 'quay/app', 'manifests', '1']);
  });

  test('is none of what is for no image', () => {
    for (const path of ['/v2/', '', '/', '/v2/app/tags/list', '/v2/app/manifests/', '/manifests/1'])
      assert.equal(readApiPath(path), undefined, path);
    assert.equal(readApiUrl('https://quay.io'), undefined);
  });

  test('takes an encoding that is none as it stands', () => {
    assert.deepEqual(read('/v2/%zz/manifests/%'), [true, '', '%zz', 'manifests', '%']);
  });
});

suite('mayBeFor', () => {
  const asked = [
    'http://10.1.1.1:5000/v2/hub/app/manifests/1?ns=quay.io',
    'https://quay.io/v2/app/manifests/1',
  ];
  const pull = { reference: { domain: 'quay.io', path: 'app', tag: '1' }, asked };
  const isFor = (url: string, namespaceHost = 'quay.io'): boolean =>
    mayBeFor(pull)({ url, repository: readApiUrl(url)?.repository ?? '', namespaceHost });

  test('takes the repository of each host that is asked', () => {
    assert.deepEqual([...askedRepositories(pull)], ['app', 'hub/app']);
    assert.ok(isFor('http://10.1.1.1:5000/v2/hub/app/blobs/sha256:1?ns=quay.io'));
    assert.ok(isFor('https://quay.io/v2/app/manifests/1'));
  });

  test('takes it by HTTP, too, where HTTPS was in vain', () => {
    const local = { ...pull, asked: ['https://localhost/v2/hub/app/manifests/1?ns=quay.io'] };
    const url = 'http://localhost/v2/hub/app/manifests/1?ns=quay.io';
    assert.ok(mayBeFor(local)({ url, repository: 'hub/app', namespaceHost: 'quay.io' }));
  });

  test('takes no other one there', () => {
    assert.ok(!isFor('http://10.1.1.1:5000/v2/app/manifests/1?ns=quay.io'));
    assert.ok(!isFor('http://10.1.1.1:5000/v2/hub/other/app/manifests/1?ns=quay.io'));
    // Of quay.io/hub/app:1, which is another image.
    assert.ok(!isFor('https://quay.io/v2/hub/app/manifests/1'));
  });

  test('takes its own repository where nobody expected to be asked', () => {
    assert.ok(isFor('http://10.1.1.9/v2/app/manifests/1?ns=quay.io'));
    assert.ok(!isFor('http://10.1.1.9/v2/team/app/manifests/1?ns=quay.io'));
  });

  test('takes none of another namespace host', () => {
    assert.ok(!isFor('http://10.1.1.1:5000/v2/hub/app/manifests/1?ns=ghcr.io', 'ghcr.io'));
    const hub = { reference: { domain: 'docker.io', path: 'library/nginx', tag: '1' }, asked: [] };
    const url = 'https://registry-1.docker.io/v2/library/nginx/manifests/1';
    assert.ok(mayBeFor(hub)({ url, repository: 'library/nginx', namespaceHost: 'registry-1.docker.io' }));
  });
});

import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { filesInMemory } from '../../../src/files/repositoryFiles.ts';
import { renderClusterOf, type RenderedCluster } from './renderRegistries.ts';

function render(auth: object, pod: { readonly name?: string; readonly image?: string }): RenderedCluster {
  const { name = 'login', image = 'a.example.net/x:1' } = pod;
  return renderClusterOf(
    filesInMemory({
      'registries.yaml': JSON.stringify({ configs: { 'a.example.net': { auth } } }),
      'pod.yaml': JSON.stringify({
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'p' },
        spec: { imagePullSecrets: [{ name }], containers: [{ name: 'c', image }] },
      }),
    }),
  );
}

function fileOf({ files }: RenderedCluster): string | undefined {
  return files.get('cluster/pull-secrets.yaml');
}

suite('pull-secrets.yaml', () => {
  test('says how kubectl makes the Secret, with what the login is in the words of a shell', () => {
    const text = fileOf(render({ username: "o'neill$(id)", password: '${PASS}' }, {}));
    const line = String.raw`#   kubectl create secret docker-registry login --docker-server=a.example.net --docker-username='o'\''neill$(id)' --docker-password="${'${PASS}'}"`;
    assert.ok(text?.split('\n').includes(line), text);
    assert.match(
      text ?? '',
      /^#   envsubst '\$\{PASS\}' < pull-secrets\.yaml > pull-secrets\.filled\.yaml$/m,
    );
  });

  test('names no namespace where the manifest names none', () => {
    assert.ok(!fileOf(render({ username: 'a', password: '${PASS}' }, {}))?.includes('namespace'));
  });

  test('has no Secret without a login for the registry, or with a name that none can have', () => {
    assert.equal(fileOf(render({ username: 'a', password: 'b' }, { image: 'b.example.net/x:1' })), undefined);
    assert.equal(fileOf(render({ username: 'a', password: 'b' }, { name: 'Not_A_Name' })), undefined);
  });

  test('has no identity token, and says so', () => {
    const rendered = render({ identity_token: '${TOKEN}' }, {});
    assert.equal(fileOf(rendered), undefined);
    const [first] = rendered.unexpressed.filter(({ target }) => target === 'pull-secrets');
    assert.match(first?.what ?? '', /^the identity token for a\.example\.net: /);
    assert.equal(first?.location?.file, 'registries.yaml');
  });
});

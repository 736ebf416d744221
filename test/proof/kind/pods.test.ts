import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { podObjects, readEvents } from '../../../src/proof/kind/pods.ts';
import type { NodePull } from '../../../src/proof/plan.ts';
import { planOf } from '../containerd/provedExample.ts';

const pod = (name: string, image: string, secrets: string, namespace = 'shop'): string =>
  `---\napiVersion: v1\nkind: Pod\nmetadata: {name: ${name}, namespace: ${namespace}}\nspec: {imagePullSecrets: [${secrets}], containers: [{name: c, image: "${image}"}]}\n`;
const secret = (name: string, key: string, namespace = 'shop'): string =>
  `---\napiVersion: v1\nkind: Secret\nmetadata: {name: ${name}, namespace: ${namespace}}\ntype: kubernetes.io/dockerconfigjson\nstringData: {.dockerconfigjson: '{"auths": {"${key}": {}}}'}\n`;

function pullsOf(manifests: string): readonly NodePull[] {
  const plan = planOf({
    'registries.yaml': 'nodes: [{name: a, runtime: "containerd://1.7.24"}]\n',
    'pods.yaml': manifests,
  });
  const pulls = plan.nodes.flatMap((node) => node.pulls);
  return pulls.filter(({ image }) => !image.includes('/pause:'));
}

/** As `kubectl create` gets them. */
function objectsFor(manifests: string): readonly Created[] {
  const tasks = pullsOf(manifests).map((pull, index) => ({ name: `pull-${index}`, node: 'x-worker', pull }));
  const objects: readonly Created[] = JSON.parse(JSON.stringify(podObjects(tasks)));
  return objects;
}

interface Created {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly data?: Readonly<Record<string, string>>;
  readonly spec?: {
    readonly nodeName: string;
    readonly imagePullSecrets: readonly { readonly name: string }[];
    readonly containers: readonly { readonly image: string; readonly imagePullPolicy: string }[];
  };
}

function secretsOf({ spec }: Created): readonly string[] {
  return spec?.imagePullSecrets.map(({ name }) => name) ?? [];
}

suite('podObjects', () => {
  test('a Pod is pinned to its node, always pulls, and names the secrets of its workload', () => {
    const objects = objectsFor(
      secret('login', 'harbor.example.net') + pod('web', 'harbor.example.net/web:1', '{name: login}'),
    );
    assert.deepEqual(
      objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`),
      ['Secret login', 'Pod pull-0'],
    );
    const [made, web] = objects;
    assert.equal(web?.spec?.nodeName, 'x-worker');
    assert.deepEqual(
      web.spec.containers.map(({ image, imagePullPolicy }) => `${imagePullPolicy} ${image}`),
      ['Always harbor.example.net/web:1'],
    );
    assert.deepEqual(secretsOf(web), ['login']);
    const config: unknown = JSON.parse(atob(made?.data?.['.dockerconfigjson'] ?? ''));
    const [username, password] = ['secret-login', 'password of shop/login'];
    const auth = btoa(`${username}:${password}`);
    assert.deepEqual(config, { auths: { 'harbor.example.net': { username, password, auth } } });
  });

  test('a secret that is not in the repository is named and not made', () => {
    const [web] = objectsFor(pod('web', 'harbor.example.net/web:1', '{name: missing}'));
    assert.ok(web);
    assert.equal(web.kind, 'Pod');
    assert.deepEqual(secretsOf(web), ['missing']);
  });

  test('secrets of the same name in two namespaces are kept apart', () => {
    const objects = objectsFor(
      secret('login', 'a.example') +
        secret('login', 'b.example', 'other') +
        pod('web', 'a.example/web:1', '{name: login}') +
        pod('web', 'b.example/web:1', '{name: login}', 'other'),
    );
    const secrets = objects.filter(({ kind }) => kind === 'Secret').map(({ metadata }) => metadata.name);
    assert.deepEqual(secrets, ['login', 'mirrorproof-secret-1']);
    const pods = objects.filter(({ kind }) => kind === 'Pod');
    assert.deepEqual(pods.flatMap(secretsOf).toSorted(), ['login', 'mirrorproof-secret-1']);
  });

  test('a digest is replaced by that of the content that stands in for it', () => {
    const digest = `sha256:${'a'.repeat(64)}`;
    const [web] = objectsFor(pod('web', `quay.io/team/web:1@${digest}`, ''));
    const image = web?.spec?.containers[0]?.image ?? '';
    assert.match(image, /^quay\.io\/team\/web@sha256:[0-9a-f]{64}$/);
    assert.ok(!image.includes(digest));
  });
});

suite('readEvents', () => {
  const event = (name: string, reason: string, message: string): object => ({
    involvedObject: { kind: 'Pod', name },
    reason,
    message,
  });

  test('takes the first word of the kubelet about the pull of each Pod', () => {
    const items = [
      event('a', 'Pulling', 'Pulling image "quay.io/app:1"'),
      event('a', 'Pulled', 'Successfully pulled image "quay.io/app:1" in 1.1s'),
      event('a', 'Failed', 'Error: failed to create containerd task'),
      event('b', 'Failed', 'Failed to pull image "quay.io/app:2": rpc error: not found'),
      event('b', 'Failed', 'Error: ErrImagePull'),
      event('b', 'Failed', 'Failed to pull image "quay.io/app:2": another one'),
      event('c', 'Pulled', 'Container image "quay.io/app:3" already present on machine'),
      event('d', 'Failed', 'Error: ImagePullBackOff'),
      event('e', 'Failed', 'Failed to pull image "quay.io/app:4": pull QPS exceeded'),
      event('e', 'Pulled', 'Successfully pulled image "quay.io/app:4" in 1.1s'),
    ];
    assert.deepEqual(Object.fromEntries(readEvents(JSON.stringify({ items }))), {
      a: { isPulled: true, text: 'Successfully pulled image "quay.io/app:1" in 1.1s' },
      b: { isPulled: false, text: 'Failed to pull image "quay.io/app:2": rpc error: not found' },
      e: { isPulled: true, text: 'Successfully pulled image "quay.io/app:4" in 1.1s' },
    });
  });

  test('reads nothing out of what is no list of events', () => {
    for (const text of ['null', '[]', '{}', '{"items": [null, 1, {}]}', '{"items": 3}'])
      assert.equal(readEvents(text).size, 0);
  });
});

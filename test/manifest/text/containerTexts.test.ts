import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { describeUses, textAt, usesIn } from '../../support/uses.ts';

function pod(container: string): string {
  return `apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - name: a\n${container}`;
}

describe('arguments', () => {
  it('name images behind `=` and as the next item', () => {
    const source = pod(`      command:
        - manager
        - --engine-image
        - "longhornio/engine:v1"
        - --helper=quay.io/a/helper:2
        - --images=proxy=quay.io/a/proxy:3
        - -e
        - DEBUG
      args: ['--sidecar-image', x:1, acme=ghcr.io/a/acme@sha256:${'a'.repeat(64)}]
`);
    assert.deepEqual(describeUses(source), [
      '9:12 longhornio/engine:v1 (likely, argument)',
      '10:20 quay.io/a/helper:2 (likely, argument)',
      '11:26 quay.io/a/proxy:3 (likely, argument)',
      '14:33 x:1 (likely, argument)',
      `14:43 ghcr.io/a/acme@sha256:${'a'.repeat(64)} (likely, argument)`,
    ]);
    for (const use of usesIn(source)) assert.equal(textAt(source, use.location), use.text);
  });

  it('may name images in scripts, which nobody judges', () => {
    const source = pod(`      args:
        - -c
        - |
          set -e
          crane copy quay.io/a/b:1 "$TARGET"; echo 'docker.io/x/y:2'.
`);
    assert.deepEqual(describeUses(source), [
      '10:22 quay.io/a/b:1 (possible, argument)',
      '10:53 docker.io/x/y:2 (possible, argument)',
    ]);
  });

  it('name what is pushed as well, and no image', () => {
    const source = pod(`      args:
        - --destination=ghcr.io/a/made:1
        - --cache-repo=ghcr.io/a/cache:1
        - --listen=0.0.0.0:8443
        - --upstream=http://quay.io/a:1
        - --authorization-role
        - system:auth-delegator
        - --prometheus=prometheus.example.com:9090
        - --at=12:30
        - --config={a:b}
        - \${IMAGE}
        - --image=$(IMAGE)
        - 5
`);
    assert.deepEqual(describeUses(source), []);
  });
});

describe('environment variables', () => {
  const env = (...variables: readonly (readonly [string, string])[]): string =>
    pod(
      `      env:\n${variables.map(([name, value]) => `        - {name: ${name}, value: "${value}"}\n`).join('')}`,
    );

  it('name images', () => {
    const source = env(
      ['CSI_IMAGE', 'a/attacher:v4'],
      ['RELATED_IMAGE_X', 'quay.io/a/x:1'],
      ['HELPER', 'quay.io/a/y:1'],
    );
    assert.deepEqual(
      usesIn(source).map(({ text, confidence, from, location }) => [
        text,
        confidence,
        from,
        textAt(source, location),
      ]),
      ['a/attacher:v4', 'quay.io/a/x:1', 'quay.io/a/y:1'].map((text) => [
        text,
        'likely',
        'environment',
        text,
      ]),
    );
  });

  it('name the parts of an image', () => {
    const source = env(['AGENT_IMAGE_REPO', 'quay.io/a/agent'], ['OTHER', 'x'], ['AGENT_IMAGE_TAG', '1.2']);
    const uses = usesIn(source);
    assert.deepEqual(
      uses.map(({ text, confidence }) => [text, confidence]),
      [['quay.io/a/agent:1.2', 'likely']],
    );
    const parts = uses[0]?.parts;
    assert.equal(parts?.repository && textAt(source, parts.repository), 'quay.io/a/agent');
    assert.equal(parts?.tag && textAt(source, parts.tag), '1.2');
  });

  it('name parts that do not belong together', () => {
    const apart = env(['A_IMAGE_REPO', 'quay.io/a/agent'], ['B_IMAGE_TAG', '1.2']);
    assert.deepEqual(
      usesIn(apart).map(({ text, confidence }) => [text, confidence]),
      [['quay.io/a/agent', 'possible']],
    );
    assert.deepEqual(usesIn(env(['GIT_REPO', 'org/project'], ['GIT_TAG', 'v1'])), []);
  });

  it('name other things', () => {
    const source = env(
      ['REDIS_ADDR', 'redis-cart:6379'],
      ['DATABASE_URL', 'postgres://user:pass@db.example.com:5432/x'],
      ['IMAGE_PULL_POLICY', 'IfNotPresent'],
      ['IMAGE_REGISTRY', 'registry.example.com:5000'],
      ['IMAGE_DIGEST', `sha256:${'0'.repeat(64)}`],
      ['START', '12:30'],
      ['SIDECAR_IMAGE', '{{ .Values.image }}'],
      ['SIDECAR_IMAGE', '${IMAGE}'],
      ['ROLE', 'system:auth-delegator'],
    );
    assert.deepEqual(describeUses(source), []);
  });

  it('are read in custom resources, init containers and everywhere below a workload', () => {
    const source = `apiVersion: apps/v1
kind: DaemonSet
spec:
  template:
    spec:
      initContainers:
        - env: [{name: A_IMAGE, value: "a:1"}]
`;
    assert.deepEqual(describeUses(source), ['7:41 a:1 (likely, environment)']);
  });
});

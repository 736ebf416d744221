import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import {
  judgeCrictlControl,
  judgePull,
  type NodeFacts,
  type PullResults,
} from '../../../src/proof/kind/judge.ts';
import { imagesOf, readRegistryLog, readRequest, requestsFor } from '../../../src/proof/kind/requests.ts';
import type { NodePull, PlannedNode } from '../../../src/proof/plan.ts';
import type { Outcome } from '../../../src/proof/proof.ts';
import { planOf } from '../containerd/provedExample.ts';

const registries = `mirrors: {quay.io: {endpoint: ["http://10.1.1.1:5000/v2/hub"]}}
nodes: [{name: a, runtime: "containerd://1.7.24"}]
images: ["quay.io/team/app:1"]
`;

function planned(text = registries): readonly [PlannedNode, NodePull] {
  const [node] = planOf({ 'registries.yaml': text }).nodes;
  const pull = node?.pulls.find(({ image }) => !image.includes('pause'));
  assert.ok(node && pull);
  return [node, pull];
}

/** A line of the registry's log. */
function logLine(uri: string, status = 200, host = '10.1.1.1:5000'): string {
  return JSON.stringify({
    'http.request.host': host,
    'http.request.method': 'GET',
    'http.request.remoteaddr': '172.18.0.3:40564',
    'http.request.uri': uri,
    'http.response.status': status,
    level: 'info',
    msg: status < 400 ? 'response completed' : 'response completed with error',
    time: '2026-11-21T15:12:38.535872817Z',
  });
}

const served = '/v2/hub/team/app/manifests/1?ns=quay.io';
const error = 'Failed to pull image "quay.io/team/app:1": rpc error: not found';

interface Tried extends PullResults {
  readonly log?: string;
  readonly facts?: Partial<NodeFacts>;
  readonly pull?: Partial<NodePull>;
}

function judge({ log = logLine(served), facts = {}, pull: changes = {}, ...results }: Tried): Outcome {
  const [node, pull] = planned();
  const all = { planned: node, version: '1.7.24', kubelet: 'v1.33.1', assumptions: [], ...facts };
  const requests = readRegistryLog(log).get('172.18.0.3') ?? [];
  return judgePull(all, { ...pull, ...changes }, results, requests).outcome;
}

const pulled = { isPulled: true, text: 'Successfully pulled image' };
const failed = { isPulled: false, text: error };

suite('judgePull', () => {
  test('a pull that the kubelet made and the registry saw is proved', () => {
    const outcome = judge({ kubelet: pulled, crictl: pulled });
    assert.deepEqual(outcome, { status: 'proved', via: 'http://10.1.1.1:5000', isUpstream: false });
  });

  test('a pull that failed is refuted in the words of the kubelet', () => {
    assert.deepEqual(judge({ kubelet: failed, crictl: pulled }), { status: 'refuted', error });
  });

  test('a registry that could not be played is no matter of a pull that never asks it', () => {
    const silent = { reason: 'no way', hostnames: new Set(['10.1.1.2']) };
    assert.equal(judge({ kubelet: failed, facts: { silent } }).status, 'refuted');
  });

  const open: readonly (readonly [title: string, tried: Tried, reason: RegExp])[] = [
    ['no word of the kubelet', {}, /^the kubelet did not say/],
    ['a pull by crictl without a word of the kubelet', { crictl: pulled }, /^the kubelet did not say/],
    [
      'a proxy that Docker gives to its containers',
      { kubelet: { isPulled: false, text: 'proxyconnect tcp: dial tcp 10.0.0.9:3128: connection refused' } },
      /^proxyconnect/,
    ],
    ['a pull that no registry saw', { kubelet: pulled, log: '' }, /no registry of the cluster was asked/],
    [
      'a request for another image',
      { kubelet: pulled, log: logLine('/v2/hub/team/other/manifests/1') },
      /no registry/,
    ],
    [
      'a request for an image whose name only ends with its own',
      { kubelet: pulled, log: logLine('/v2/other/team/app/manifests/1?ns=quay.io') },
      /no registry/,
    ],
    ['a request that was refused', { kubelet: pulled, log: logLine(served, 404) }, /no registry/],
    [
      'crictl that failed beside a kubelet that did not',
      { kubelet: pulled, crictl: failed },
      /crictl did not/,
    ],
    [
      'crictl that hung',
      { crictl: { isPulled: false, text: 'crictl did not end within 60 s' } },
      /did not end/,
    ],
    [
      'a full disk',
      { kubelet: { isPulled: false, text: 'write: no space left on device' } },
      /no space left/,
    ],
    [
      'a containerd of another major version',
      { kubelet: failed, facts: { version: '2.1.4' } },
      /^containerd 2\.1\.4 in kind/,
    ],
    [
      'a registry that could not be played',
      { kubelet: failed, facts: { silent: { reason: 'no way', hostnames: new Set(['10.1.1.1']) } } },
      /^no way: /,
    ],
    [
      'a secret that is not in the repository',
      { kubelet: { isPulled: false, text: '401 Unauthorized' }, pull: { missingSecrets: ['login'] } },
      /^the pull secret login is not in the repository/,
    ],
  ];
  test('says nothing after a certificate was missing that cannot be put where the node has it', () => {
    const path = '/home/ca.crt';
    const [node, pull] = planned(
      `${registries.replace('http:', 'https:')}configs: {"10.1.1.1:5000": {tls: {ca_file: ${path}}}}\n`,
    );
    const facts = { planned: node, version: '1.7.24', kubelet: 'v1.33.1', assumptions: [] };
    const text = `unable to read CA cert "${path}": open ${path}: no such file or directory`;
    const { outcome } = judgePull(facts, pull, { kubelet: { isPulled: false, text } }, []);
    assert.deepEqual(outcome, {
      status: 'inconclusive',
      reason: `${path} cannot be put on a node that is only played: ${text}`,
    });
  });

  for (const [title, tried, reason] of open) {
    test(`says nothing after ${title}`, () => {
      const outcome = judge(tried);
      assert.equal(outcome.status, 'inconclusive');
      assert.match(outcome.status === 'inconclusive' ? outcome.reason : '', reason);
    });
  }

  test('names the containerd that stood in for another one', () => {
    const [node, pull] = planned();
    const facts = { planned: node, version: '1.7.30', kubelet: 'v1.33.1', assumptions: ['more'] };
    const requests = readRegistryLog(logLine(served)).get('172.18.0.3') ?? [];
    const proof = judgePull(facts, pull, { kubelet: pulled }, requests);
    assert.deepEqual(proof.assumptions, [
      'containerd 1.7.30, which the kind node has, stands in for 1.7.24',
      'more',
    ]);
    assert.equal(proof.runtime, 'kubelet v1.33.1 with containerd 1.7.30');
  });

  test('has the guesses about the registries that were asked, and not about those whose names begin alike', () => {
    const [node, pull] = planned(
      registries
        .replace('10.1.1.1:', '10.1.1.10:')
        .replace('images: [', 'images: ["10.1.1.1:5000/other:1", '),
    );
    const facts = { planned: node, version: '1.7.24', kubelet: 'v1.33.1', assumptions: [] };
    const guess =
      'nothing says with http:// or https:// what 10.1.1.1:5000 speaks: it is taken for plain HTTP';
    const assumptionsAfter = (text: string): readonly string[] =>
      judgePull(facts, pull, { kubelet: { isPulled: false, text } }, []).assumptions;
    assert.deepEqual(assumptionsAfter('Head "http://10.1.1.10:5000/v2/team/app/manifests/1": EOF'), []);
    assert.deepEqual(assumptionsAfter('Head "http://10.1.1.1:5000/v2/team/app/manifests/1": EOF'), [guess]);
  });

  test('shows no login of a URL', () => {
    const text = 'Failed to pull image: Head "http://me:secret@10.1.1.1/v2/": EOF';
    assert.doesNotMatch(JSON.stringify(judge({ kubelet: { isPulled: false, text } })), /secret/);
  });
});

suite('judgeCrictlControl', () => {
  const control = (isPulled: boolean, text: string): readonly [boolean, string] => {
    const { isSound, text: said } = judgeCrictlControl(planned()[1], { isPulled, text });
    return [isSound, said];
  };

  test('a pull that failed is sound, one that was made is not', () => {
    assert.deepEqual(control(false, 'connection refused'), [true, 'connection refused']);
    assert.deepEqual(control(true, 'Image is up to date'), [
      false,
      'it was pulled although no registry answered',
    ]);
  });

  for (const text of [
    'crictl did not end within 60 s',
    'write: no space left on device',
    'unexpected status from HEAD request to https://10.1.1.1/v2/app/manifests/1: 401 Unauthorized',
    'rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing"',
  ]) {
    test(`has no outcome: ${text}`, () =>
      assert.deepEqual(control(false, text), [false, `it has no outcome: ${text}`]));
  }

  test('shows no login of a URL', () => {
    assert.doesNotMatch(control(false, 'Head "http://me:secret@10.1.1.1/v2/": EOF')[1], /secret/);
  });
});

suite('requests', () => {
  test('an image is held in each repository that a registry is asked for', () => {
    const [, pull] = planned();
    assert.deepEqual(
      imagesOf(pull).map(({ repository, name }) => `${repository}:${name}`),
      ['team/app:1', 'hub/team/app:1'],
    );
  });

  test('the blobs of an image are its own, and those of the same name of another host are not', () => {
    const [, pull] = planned();
    const [, held] = imagesOf(pull);
    const layer = held?.image.layer.digest ?? '';
    const log = [
      logLine(`/v2/hub/team/app/blobs/${layer}?ns=quay.io`),
      logLine(`/v2/hub/team/app/blobs/${layer}?ns=ghcr.io`),
      logLine('/v2/team/app/manifests/1?ns=docker.io'),
      logLine('/v2/'),
      'no JSON',
      '{"half',
    ].join('\n');
    const requests = readRegistryLog(log).get('172.18.0.3') ?? [];
    assert.deepEqual(
      requestsFor(pull, requests).map(({ url }) => url),
      [`http://10.1.1.1:5000/v2/hub/team/app/blobs/${layer}?ns=quay.io`],
    );
  });

  test('a registry may have its API below a folder', () => {
    const line = { scheme: 'http', method: 'HEAD', host: 'x', status: 200, time: 0 } as const;
    assert.equal(readRequest({ ...line, target: '/team/v2/app/manifests/1' })?.repository, 'app');
    assert.equal(readRequest({ ...line, target: '/v2/app/manifests/1' })?.repository, 'app');
    assert.equal(readRequest({ ...line, target: '/quay/app/manifests/1' })?.repository, 'quay/app');
    assert.equal(readRequest({ ...line, target: '/v2/' }), undefined);
  });
});

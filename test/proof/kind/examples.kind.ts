import assert from 'node:assert/strict';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { diagnose } from '../../../src/diagnose/diagnose.ts';
import type { Proof } from '../../../src/proof/proof.ts';
import { analyseFiles, filesWithVersion, planOf, printProof, runPlan } from '../containerd/provedExample.ts';
import { kindEngine, mergePlans, missingForKind, nodeVersion } from './lab.ts';

/** What the kubelets say of each example while it is broken, and the line that it comes from. */
const broken: Readonly<Record<string, readonly RegExp[]>> = {
  'http-registry': [
    /^refuted 10\.10\.1\.106:5000\/apiserver:1\.4\.2 on worker-1: Failed to pull image .*: http: server gave HTTP response to HTTPS client\n {2}http-to-https-client at manifests\/apiserver\.yaml:14:18/,
    /^refuted 10\.10\.1\.106:5000\/apiserver:1\.4\.2 on worker-2: Failed to pull image .*: http: server gave HTTP response to HTTPS client\n {2}http-to-https-client at manifests\/apiserver\.yaml:14:18/,
  ],
  'cluster-service-name': [
    /^refuted internal-registry\.kube-system\.svc\.cluster\.local:5000\/web:1\.9 .*: no such host\n {2}cluster-service-name at registries\.yaml:4:9/,
    /^refuted internal-registry\.kube-system:5000\/jobs:1\.9 .*: connect: connection refused\n {2}connection-refused at registries\.yaml:7:9/,
  ],
  'air-gapped-upstreams': [
    /^proved nginx:1\.27\.3 on worker-1: http:\/\/10\.9\.28\.38$/,
    /^refuted ghcr\.io\/example\/sidecar:0\.9 .*: no such host\n {2}no-such-host at manifests\/metrics\.yaml:16:18/,
    /^refuted quay\.io\/prometheus\/prometheus:v3\.5\.0 .*\n {2}(?:no-such-host|not-found) at registries\.yaml:7:9/,
    /^refuted registry\.k8s\.io\/coredns\/coredns:v1\.11\.3 .*: no such host\n {2}no-such-host at manifests\/dns\.yaml:14:18/,
  ],
  'one-node-forgotten': [
    /^proved 10\.10\.1\.106:5000\/apiserver:1\.4\.2 on k2s: http:\/\/10\.10\.1\.106:5000$/,
    /^refuted 10\.10\.1\.106:5000\/apiserver:1\.4\.2 on k8s2: .*: http: server gave HTTP response to HTTPS client\n {2}http-to-https-client at cluster\/nodes\.yaml:21:13/,
  ],
  'harbor-https-private': [
    /^refuted harbor\.example\.net\/shop\/cart:2\.1\.0 .*: x509: certificate signed by unknown authority\n {2}unknown-authority at registries\.yaml:2:3/,
    /^refuted harbor\.example\.net\/shop\/orders:2\.1\.0 .*: x509: certificate signed by unknown authority\n {2}unknown-authority at registries\.yaml:2:3/,
  ],
};

const missing = await missingForKind();
const version = missing === false ? await nodeVersion() : '';
const names = Object.keys(broken);

function filesOf(name: string, state: string): Readonly<Record<string, string>> {
  return filesWithVersion(join(import.meta.dirname, '../../../examples', name, state), version);
}

/** The examples in one cluster, each with nodes of its own: what became of each of them. */
async function prove(state: string): Promise<ReadonlyMap<string, readonly Proof[]>> {
  const plans = Object.fromEntries(names.map((name) => [name, planOf(filesOf(name, state))]));
  const { proofs, controls } = await runPlan(kindEngine(), mergePlans(plans));
  for (const { isSound, text } of controls) assert.ok(isSound, text);
  assert.ok(controls.length >= names.length);
  return new Map(
    names.map((name) => [name, proofs.filter(({ pull }) => pull.id.startsWith(`${name} `)).map(localName)]),
  );
}

/** With the names that its nodes have in the example. */
function localName(proof: Proof): Proof {
  const nodes = proof.pull.nodes.map((node) => node.slice(node.indexOf('/') + 1));
  return { ...proof, pull: { ...proof.pull, nodes } };
}

function explain(proof: Proof, name: string): Proof {
  const { outcome, pull } = proof;
  if (outcome.status !== 'refuted') return proof;
  const { reference, image } = pull;
  const [node = ''] = pull.nodes;
  return {
    ...proof,
    diagnosis: diagnose(outcome.error, analyseFiles(filesOf(name, 'broken')), { reference, image, node }),
  };
}

function isPause({ pull }: Proof): boolean {
  return pull.image.includes('/pause:');
}

suite('examples in a kind cluster', { skip: missing, timeout: 400_000 }, () => {
  test('broken ones are refuted in the words of the kubelet, with the line to blame', async () => {
    const byName = await prove('broken');
    for (const name of names) {
      const own = (byName.get(name) ?? []).filter((proof) => !isPause(proof));
      const texts = own.map((proof) => printProof(explain(proof, name))).toSorted();
      assert.equal(texts.length, broken[name]?.length, texts.join('\n'));
      for (const [index, text] of texts.entries()) assert.match(text, broken[name]?.[index] ?? /^$/);
      for (const { outcome, runtime } of own)
        if (outcome.status === 'refuted') assert.match(runtime ?? '', /^kubelet v\S+ with containerd /);
    }
  });

  test('fixed ones are proved', async () => {
    const byName = await prove('fixed');
    for (const [name, proofs] of byName) {
      assert.ok(proofs.length > 0, name);
      assert.deepEqual(proofs.filter(({ outcome }) => outcome.status !== 'proved').map(printProof), []);
    }
  });
});

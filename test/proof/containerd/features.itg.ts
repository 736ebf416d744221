import assert from 'node:assert/strict';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { verdictOf } from '../../../src/proof/summary.ts';
import { missingForRig } from '../../differential/rig.ts';
import { containerdLines, debianContainerd } from '../../support/debianPackages.ts';
import { engineWith, planOf, printProof, proveFiles, runPlan } from './provedExample.ts';

/** A repository with images that no manifest names. */
function listed(registries: string, ...images: readonly string[]): Readonly<Record<string, string>> {
  return {
    'registries.yaml': `${registries}\nimages:\n${images.map((image) => `  - "${image}"\n`).join('')}`,
  };
}

/** The same with the version of each node: of the one that is there without any, or instead of 2.1.9. */
function withVersion(
  { 'registries.yaml': registries = '', ...files }: Readonly<Record<string, string>>,
  version: string,
): Readonly<Record<string, string>> {
  const nodes = registries.includes('nodes:')
    ? ''
    : '\nnodes: [{name: default, runtime: "containerd://2.1.9"}]\n';
  return { ...files, 'registries.yaml': (registries + nodes).replaceAll('2.1.9', version) };
}

function pod(image: string, spec = ''): string {
  return `apiVersion: v1\nkind: Pod\nmetadata: {name: pod, namespace: shop}\nspec:\n${spec}  containers: [{name: c, image: "${image}"}]\n`;
}

function secret(name: string, key: string): string {
  const config = JSON.stringify({ auths: { [key]: { username: 'user', password: '${PASSWORD}' } } });
  return `apiVersion: v1\nkind: Secret\nmetadata: {name: ${name}, namespace: shop}\ntype: kubernetes.io/dockerconfigjson\nstringData:\n  .dockerconfigjson: '${config}'\n`;
}

const digest = `sha256:${'0123456789abcdef'.repeat(4)}`;
const withSecret = '  imagePullSecrets: [{name: login}]\n';

suite('prove', { skip: missingForRig() ?? false, timeout: 300_000 }, () => {
  for (const line of containerdLines) {
    const prove = async (files: Readonly<Record<string, string>>): Promise<readonly string[]> => {
      const version = (await debianContainerd([line])).get(line)?.version ?? '';
      const { proofs } = await proveFiles(line, withVersion(files, version));
      return proofs.map(printProof).filter((text) => !text.includes('pause:'));
    };

    test(`what a catalog does not list is refuted (${line})`, async () => {
      const registries =
        'mirrors: {docker.io: {endpoint: ["http://10.1.1.1:5000/v2/hub"], catalog: lists/images.txt}}';
      const lists = {
        'lists/images.txt': `# ours\nnginx:1.27\ndocker.io/team/app@${digest}\nquay.io/team/other:1\n`,
      };
      const files = {
        ...listed(
          registries,
          'nginx:1.27',
          'nginx:1.28',
          `team/app@${digest}`,
          'team/other:1',
          'old/library/nginx:1.27',
        ),
        ...lists,
      };
      const [first = '', second = '', third = '', longer = '', fourth = ''] = (await prove(files)).toSorted();
      assert.equal(first, 'proved nginx:1.27 on default: http://10.1.1.1:5000');
      assert.equal(second, `proved team/app@${digest} on default: http://10.1.1.1:5000`);
      assert.match(third, /^refuted nginx:1\.28 on default: .*(?:not found|no such host)/);
      assert.match(longer, /^refuted old\/library\/nginx:1\.27 on default: /);
      assert.match(fourth, /^refuted team\/other:1 on default: /);
    });

    test(`a login of the configuration is sent, and a wrong host for it refuted (${line})`, async () => {
      const mirror = 'mirrors: {docker.io: {endpoint: ["https://10.1.1.1:8443"]}}';
      const config = (host: string): string =>
        `configs: {"${host}": {auth: {username: robot, password: "\${PASSWORD}"}, tls: {ca_file: /etc/ssl/ca.crt}}}`;
      const right = await prove(listed(`${mirror}\n${config('10.1.1.1:8443')}`, 'nginx:1'));
      assert.deepEqual(right, ['proved nginx:1 on default: https://10.1.1.1:8443']);
      const token = config('10.1.1.1:8443').replace('username: robot, password', 'auth');
      assert.deepEqual(await prove(listed(`${mirror}\n${token}`, 'nginx:1')), right);
      const identity = token.replace('auth: "', 'identity_token: "');
      assert.deepEqual(await prove(listed(`${mirror}\n${identity}`, 'nginx:1')), right);
      const [withoutCa = ''] = await prove(listed(mirror, 'nginx:1'));
      assert.match(withoutCa, /x509: certificate signed by unknown authority/);
    });

    test(`pull secrets are passed as the kubelet does (${line})`, async () => {
      const image = 'harbor.example.net/shop/cart:1';
      const registries = 'configs: {harbor.example.net: {tls: {ca_file: /etc/ssl/ca.crt}}}\n';
      const files = (podText: string, ...secrets: readonly string[]): Readonly<Record<string, string>> => ({
        'registries.yaml': registries,
        'pod.yaml': podText,
        'secrets.yaml': secrets.join('---\n'),
      });
      const proved = `proved ${image} on default: https://harbor.example.net`;
      assert.deepEqual(await prove(files(pod(image, withSecret), secret('login', '*.example.net'))), [
        proved,
      ]);
      const [without = ''] = await prove(files(pod(image), secret('login', 'harbor.example.net')));
      assert.match(without, /^refuted .*(?:401|no basic auth credentials|authorization failed)/);
      const other = [secret('login', 'https://quay.io/v1/'), secret('right', 'harbor.example.net')];
      assert.match((await prove(files(pod(image, withSecret), ...other))).join(), /^refuted /);
      const [missing = ''] = await prove(
        files(pod(image, withSecret), secret('right', 'harbor.example.net')),
      );
      assert.match(missing, /^inconclusive .*the pull secret login is not in the repository/);
    });

    test(`a digest stands for another one, and the outcome says so (${line})`, async () => {
      const files = listed(
        'mirrors: {docker.io: {endpoint: ["http://10.1.1.1:5000"]}}',
        `nginx:1.27@${digest}`,
      );
      const { proofs } = await proveFiles(line, files);
      const [proof] = proofs.filter(({ pull }) => pull.image.includes('@'));
      assert.equal(proof?.outcome.status, 'proved');
      assert.match(proof.assumptions.join(), /the content of the digest was not pulled/);
      assert.deepEqual(proof.evidence.map(({ method, status }) => `${method} ${status}`).slice(0, 2), [
        'HEAD 200',
        'GET 200',
      ]);
    });

    test(`names that a node resolves itself, and both address families (${line})`, async () => {
      const node = (name: string, rest: string): string =>
        `  - {name: ${name}, runtime: "containerd://2.1.9"${rest}}\n`;
      const nodes = node('a', ', resolves: {registry.shop.svc: 10.7.7.7}') + node('b', '');
      const registries = `mirrors: {quay.io: {endpoint: ["http://registry.shop.svc:5000"]}, ghcr.io: {endpoint: ["http://[fd00:7::7]:5000"]}}\nnodes:\n${nodes}`;
      const text = (await prove(listed(registries, 'quay.io/a:1', 'ghcr.io/b:1'))).join('\n');
      assert.match(text, /proved quay\.io\/a:1 on a: http:\/\/registry\.shop\.svc:5000/);
      assert.match(text, /proved ghcr\.io\/b:1 on b: http:\/\/\[fd00:7::7\]:5000/);
      assert.match(text, /refuted quay\.io\/a:1 on b: .*registry\.shop\.svc/);
    });
  }

  test('the first of two mirrors serves, and one control is made', async () => {
    const registries = 'mirrors: {docker.io: {endpoint: ["http://10.1.1.1:5000", "http://10.1.1.2:5000"]}}';
    const { proofs, controls } = await proveFiles('1.7', listed(registries, 'nginx:1'));
    assert.deepEqual(
      proofs.map(({ outcome }) => outcome),
      [{ status: 'proved', via: 'http://10.1.1.1:5000', isUpstream: false }],
    );
    assert.deepEqual(
      controls.map(({ isSound }) => isSound),
      [true],
    );
  });

  test('certificates and hosts directories are where the node has them, wherever that is', async () => {
    const mirror = 'mirrors: {docker.io: {endpoint: ["https://10.1.1.1:5000"]}}';
    const outcomeOf = async (authority: string, configPath = '/etc/containerd/certs.d'): Promise<string> => {
      const tls = `configs: {"10.1.1.1:5000": {tls: {ca_file: ${authority}}}}`;
      const files = listed(`nodes: [{name: a, configPath: ${configPath}, ${mirror}, ${tls}}]`, 'nginx:1');
      const { proofs } = await proveFiles('1.7', files);
      return proofs.map(printProof).find((text) => text.includes('nginx')) ?? '';
    };
    const proved = 'proved nginx:1 on a: https://10.1.1.1:5000';
    assert.equal(await outcomeOf('/ca.crt'), proved);
    assert.equal(await outcomeOf('/usr/local/share/ca-certificates/ca.crt'), proved);
    assert.equal(await outcomeOf('/home/ca.crt', '/data/certs.d'), proved);
    assert.equal(await outcomeOf('/etc/ssl/certs/ca-certificates.crt'), proved);
    assert.match(
      await outcomeOf('/usr/share/ca.crt'),
      /^inconclusive nginx:1 on a: \/usr\/share\/ca\.crt cannot be put on a node/,
    );
    assert.match(
      await outcomeOf('/etc/ca.crt', '/usr/share/certs.d'),
      /^inconclusive .*\/usr\/share\/certs\.d\/\S+ cannot be put/,
    );
  });

  test('pulls at the same time have their own requests, also of images whose names end alike and of other logins', async () => {
    const mirror = 'mirrors: {quay.io: {endpoint: ["http://10.1.1.1:5000"]}}';
    const prefixes = ['', 'a/', 'b/', 'a/b/', 'b/a/', 'c/a/b/'];
    const names = prefixes.map((prefix) => `quay.io/${prefix}app:1`);
    const secrets = ['one', 'two', 'three'];
    const pods = secrets.map((name) =>
      pod('harbor.example.net/app:1', `  imagePullSecrets: [{name: ${name}}]\n`),
    );
    const run = await proveFiles('1.7', {
      ...listed(mirror, ...names),
      'pods.yaml': [...pods, ...secrets.map((name) => secret(name, 'harbor.example.net'))].join('---\n'),
    });
    assert.deepEqual(
      new Set(run.proofs.map(({ outcome }) => outcome.status)),
      new Set(['proved']),
      run.proofs.map(printProof).join('\n'),
    );
    for (const { pull, evidence } of run.proofs) {
      const { path } = pull.reference;
      for (const { url } of evidence)
        assert.ok(new URL(url).pathname.startsWith(`/v2/${path}/`), `${url} for ${pull.image}`);
    }
    assert.equal(run.proofs.length, names.length + secrets.length);
  });

  test('a control that is pulled makes the whole run worthless', async () => {
    const files = listed('mirrors: {docker.io: {endpoint: ["http://10.1.1.1:5000"]}}', 'nginx:1');
    const cheating = { nodeProgram: `${import.meta.dirname}/cheatingNode.ts` };
    const run = await proveFiles('1.7', files, cheating);
    assert.equal(run.proofs[0]?.outcome.status, 'proved');
    assert.deepEqual(
      run.controls.map(({ isSound }) => isSound),
      [false],
    );
    assert.equal(verdictOf(run), 'worthless');
  });

  test('a node that ends before its control proves nothing', async () => {
    const files = listed('mirrors: {docker.io: {endpoint: ["http://10.1.1.1:5000"]}}', 'nginx:1');
    const run = await proveFiles('1.7', files, { nodeProgram: `${import.meta.dirname}/endingNode.ts` });
    assert.equal(run.proofs[0]?.outcome.status, 'proved');
    assert.equal(verdictOf(run), 'worthless');
  });

  test('a program under another name is started, too', async () => {
    const containerd = (await debianContainerd(['1.7'])).get('1.7');
    assert.ok(containerd);
    const folder = mkdtempSync(join(tmpdir(), 'prove-program-'));
    try {
      copyFileSync(containerd.path, join(folder, 'my-program'));
      const binary = { version: containerd.version, path: join(folder, 'my-program') };
      const files = listed('mirrors: {docker.io: {endpoint: ["http://10.1.1.1:5000"]}}', 'nginx:1');
      const { proofs } = await proveFiles('1.7', files, { binaries: async () => [binary] });
      assert.deepEqual(proofs.map(printProof), ['proved nginx:1 on default: http://10.1.1.1:5000']);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('another major version proves, and does not refute', async () => {
    const files = listed(
      'nodes: [{name: a, runtime: "containerd://2.1.9"}]',
      '10.1.1.1:5000/app:1',
      'quay.io/app:1',
    );
    const { proofs } = await runPlan(await engineWith(['1.7']), planOf(files));
    const texts = proofs.map(printProof).join('\n');
    assert.match(
      texts,
      /inconclusive 10\.1\.1\.1:5000\/app:1 on a: containerd 1\.7\.\d+, which reads other files than 2\.1\.9, failed/,
    );
    const stands = proofs.flatMap(({ assumptions }) => assumptions).join('\n');
    assert.match(stands, /containerd 1\.7\.\d+ stands in for 2\.1\.9/);
  });

  test('a host that is named with both schemes speaks both, and the outcome says so', async () => {
    const node = (name: string, scheme: string): string =>
      `  - {name: ${name}, mirrors: {docker.io: {endpoint: ["${scheme}://10.1.1.1:5000"]}}, configs: {"10.1.1.1:5000": {tls: {ca_file: /ca.crt}}}}\n`;
    const files = listed(`nodes:\n${node('a', 'http')}${node('b', 'https')}`, 'nginx:1');
    const { proofs } = await proveFiles('1.7', files);
    assert.match(
      proofs.flatMap(({ assumptions }) => assumptions).join('\n'),
      /named with http:\/\/ and with https:\/\//,
    );
  });
});

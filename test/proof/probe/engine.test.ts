import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { suite, test, type TestContext } from 'node:test';
import { CertificateAuthority, expired } from '../../../src/proof/standIn/certificates.ts';
import { ProbeEngine, probeLimits, type ProbeEngineOptions } from '../../../src/proof/probe/engine.ts';
import type { Proof } from '../../../src/proof/proof.ts';
import type { ProofRun } from '../../../src/proof/summary.ts';
import { planOf, runPlan } from '../containerd/provedExample.ts';
import { listenAt } from './listenAt.ts';
import { image, index, startRegistry, type Registry, type RunningRegistry } from './testRegistry.ts';

const app = image('app');
const forAmd64 = image('amd64');
const forArm64 = image('arm64');

async function registryOf(t: TestContext, registry: Registry): Promise<RunningRegistry> {
  const running = await startRegistry(registry);
  t.after(() => running.close());
  return running;
}

type Files = Readonly<Record<string, string>>;

function probe(files: Files, options: Partial<ProbeEngineOptions> = {}): Promise<ProofRun> {
  const engine = new ProbeEngine({
    isUntrusted: false,
    isOnNode: true,
    environment: {},
    limits: probeLimits,
    ...options,
  });
  return runPlan(engine, planOf(files));
}

/** The one proof of a registries.yaml. */
async function probeOne(
  registries: string,
  files: Files = {},
  options: Partial<ProbeEngineOptions> = {},
): Promise<Proof> {
  const { proofs } = await probe({ 'registries.yaml': registries, ...files }, options);
  const [proof, ...others] = proofs;
  assert.ok(proof);
  assert.equal(others.length, 0);
  return proof;
}

function print({ outcome }: Proof): string {
  switch (outcome.status) {
    case 'proved':
      return `proved ${outcome.via}`;
    case 'refuted':
      return `refuted ${outcome.error}`;
    case 'inconclusive':
      return `inconclusive ${outcome.reason}`;
  }
}

const withArchitecture = (architecture: string): Files => ({
  'nodes.yaml': `kind: Node\nmetadata: {name: a}\nstatus: {nodeInfo: {architecture: ${architecture}}}\n`,
});
const inventory = 'nodes: [{from: nodes.yaml}]\n';
const images = (...names: readonly string[]): string =>
  `images: [${names.map((name) => `"${name}"`).join(', ')}]\n`;

suite('a manifest', () => {
  test('is found at the mirror that has it, by requests that read manifests only', async (t) => {
    const { host, requests } = await registryOf(t, { manifests: { 'hub/app:1': app } });
    const proof = await probeOne(
      `mirrors: {quay.io: {endpoint: ["http://${host}/v2/hub"]}}\n${images('quay.io/app:1')}`,
    );
    assert.equal(print(proof), `proved http://${host}`);
    assert.ok(proof.outcome.status === 'proved' && !proof.outcome.isUpstream);
    assert.deepEqual(
      proof.evidence.map(({ method, url, status }) => `${method} ${new URL(url).pathname} ${status}`),
      [
        'HEAD /v2/hub/app/manifests/1 200',
        `GET /v2/hub/app/manifests/${/sha256:\w+/.exec(requests[1] ?? '')?.[0]} 200`,
      ],
    );
    assert.match(proof.assumptions.join('\n'), /it has no index/);
    for (const request of requests) assert.match(request, /^(?:HEAD|GET) \/v2\/hub\/app\/manifests\//);
  });

  test('is looked for at each registry in turn', async (t) => {
    const first = await registryOf(t, {});
    const second = await registryOf(t, { manifests: { 'app:1': app } });
    const proof = await probeOne(
      `mirrors: {quay.io: {endpoint: ["http://${first.host}", "http://${second.host}"]}}\n${images('quay.io/app:1')}`,
    );
    assert.equal(print(proof), `proved http://${second.host}`);
  });

  test('that the registry of the image itself has needs no mirror', async (t) => {
    const { host } = await registryOf(t, { manifests: { 'app:1': app } });
    const { outcome } = await probeOne(images(`${host}/app:1`));
    assert.ok(outcome.status === 'proved' && outcome.isUpstream);
  });

  test('that no registry has is refuted in the words of containerd', async (t) => {
    const { host } = await registryOf(t, {});
    const name = `${host}/app:1`;
    assert.equal(
      print(await probeOne(images(name))),
      `refuted failed to pull and unpack image "${name}": failed to resolve image: ${name}: not found`,
    );
  });

  test('of a digest is found by it', async (t) => {
    const { host, requests } = await registryOf(t, { manifests: { 'app:1': app } });
    const digest = `sha256:${'0'.repeat(64)}`;
    assert.match(print(await probeOne(images(`${host}/app@${digest}`))), /^refuted .*not found$/);
    assert.match(requests.join('\n'), new RegExp(`HEAD /v2/app/manifests/${digest}`));
  });
});

suite('an index', () => {
  test('has the image for the architecture of the node', async (t) => {
    const both = index({ amd64: forAmd64, arm64: forArm64 });
    const manifests = { 'app:1': both, 'amd:1': forAmd64, 'arm:1': forArm64 };
    const { host } = await registryOf(t, { manifests });
    const proof = await probeOne(inventory + images(`${host}/app:1`), withArchitecture('arm64'));
    assert.equal(print(proof), `proved http://${host}`);
    assert.doesNotMatch(proof.assumptions.join('\n'), /architecture/);
  });

  test('without the architecture of the node is refuted with what it has', async (t) => {
    const manifests = { 'app:1': index({ amd64: forAmd64, s390x: app }), 'amd:1': forAmd64 };
    const { host } = await registryOf(t, { manifests });
    const text = print(await probeOne(inventory + images(`${host}/app:1`), withArchitecture('arm64')));
    assert.match(
      text,
      /^refuted .*no match for platform in manifest.*: the node is linux\/arm64 \(its index has linux\/amd64, linux\/s390x\)$/,
    );
  });

  test('proves nothing against a node whose architecture nobody says', async (t) => {
    const { host } = await registryOf(t, { manifests: { 'app:1': index({ arm64: forArm64 }) } });
    assert.match(
      print(await probeOne(images(`${host}/app:1`))),
      /^inconclusive nothing says the architecture of the node, and the image is not for linux\/amd64/,
    );
  });

  test('whose image was not copied along is refuted', async (t) => {
    const { host } = await registryOf(t, { manifests: { 'app:1': index({ arm64: forArm64 }) } });
    const text = print(await probeOne(inventory + images(`${host}/app:1`), withArchitecture('arm64')));
    assert.match(text, /^refuted .*not found$/);
  });

  test('with hostile content is not believed', async (t) => {
    const hostile = { mediaType: 'application/vnd.oci.image.index.v1+json', text: '' };
    for (const manifests of [
      '[{"platform":{"os":"\\u001b[2J","architecture":"x y"}}]',
      '{}',
      '[null, 1, []]',
      '"',
    ]) {
      const text = `{"schemaVersion": 2, "manifests": ${manifests}}`;
      const { host } = await registryOf(t, { manifests: { 'app:1': { ...hostile, text } } });
      const proof = await probeOne(images(`${host}/app:1`));
      assert.notEqual(proof.outcome.status, 'proved');
      assert.ok(!print(proof).includes('\u001b'));
    }
  });
});

suite('a login', () => {
  const configs = (host: string, password: string): string =>
    `configs: {"${host}": {auth: {username: robot, password: "${password}"}}}\n${images(`${host}/app:1`)}`;
  const locked: Registry = { manifests: { 'app:1': app }, login: 'robot:top-secret' };

  test('comes from the environment, and is never shown', async (t) => {
    const { host } = await registryOf(t, locked);
    const proof = await probeOne(
      configs(host, '${PASSWORD}'),
      {},
      { environment: { PASSWORD: 'top-secret' } },
    );
    assert.equal(print(proof), `proved http://${host}`);
    assert.doesNotMatch(JSON.stringify([proof.evidence, proof.outcome, proof.assumptions]), /top-secret/);
  });

  test('is hidden where a registry repeats it', async (t) => {
    const { host } = await registryOf(t, {
      intercept: (request, response) => {
        const { authorization } = request.headers;
        if (authorization === undefined)
          response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="registry"' });
        else response.writeHead(400, Buffer.from(authorization.slice(6), 'base64').toString());
        response.end();
        return true;
      },
    });
    const proof = await probeOne(
      configs(host, '${PASSWORD}'),
      {},
      { environment: { PASSWORD: 'top-secret' } },
    );
    assert.match(print(proof), /^refuted .*400 robot:\*\*\*/);
  });

  test('that the registry refuses is refuted', async (t) => {
    const { host } = await registryOf(t, locked);
    assert.match(print(await probeOne(configs(host, 'wrong-one'))), /^refuted .*401 Unauthorized/);
  });

  test('whose variable is not set proves nothing', async (t) => {
    const { host } = await registryOf(t, locked);
    for (const environment of [{}, { PASSWORD: '' }]) {
      assert.equal(
        print(await probeOne(configs(host, '${PASSWORD}'), {}, { environment })),
        `inconclusive http://${host} wants a login (401), and the variable PASSWORD of it is not set`,
      );
    }
    const open = await registryOf(t, {});
    assert.match(
      print(await probeOne(configs(open.host, '${PASSWORD}'))),
      /^inconclusive .* says 404 to a request without the login for it, whose variable PASSWORD is not set$/,
    );
  });

  test('of a pull secret is not read', async (t) => {
    const pod = (host: string): string =>
      `apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {imagePullSecrets: [{name: robot}], containers: [{name: c, image: "${host}/app:1"}]}\n`;
    const ask = (host: string): Promise<Proof> => probeOne('', { 'pod.yaml': pod(host) });
    const { host } = await registryOf(t, locked);
    assert.match(
      print(await ask(host)),
      /^inconclusive .*wants a login \(401\), and that of the pull secret robot/,
    );
    const empty = await registryOf(t, {});
    assert.match(print(await ask(empty.host)), /^inconclusive .*says 404 .* pull secret robot/);
    const open = await registryOf(t, { manifests: { 'app:1': app } });
    const proof = await ask(open.host);
    assert.equal(print(proof), `proved http://${open.host}`);
    assert.match(proof.assumptions.join('\n'), /pull secret robot is good/);
  });

  test('with a token works as containerd does it', async (t) => {
    const { host } = await registryOf(t, {
      manifests: { 'app:1': app },
      intercept: (request, response) => {
        const { authorization, host: name } = request.headers;
        if (request.url?.startsWith('/token')) {
          response.end(JSON.stringify({ token: 'the-token' }));
          return true;
        }
        if (authorization === 'Bearer the-token') return false;
        response
          .writeHead(401, { 'WWW-Authenticate': `Bearer realm="http://${name}/token",service="s"` })
          .end();
        return true;
      },
    });
    const proof = await probeOne(images(`${host}/app:1`));
    assert.equal(print(proof), `proved http://${host}`);
    assert.doesNotMatch(JSON.stringify(proof.evidence), /the-token/);
  });
});

suite('a certificate', () => {
  const authority = new CertificateAuthority('probe test');
  const names = { commonName: 'registry', names: ['127.0.0.1'] };
  const tls = (host: string, settings = ''): string =>
    `mirrors: {"${host}": {endpoint: ["https://${host}"]}}\n${settings}${images(`${host}/app:1`)}`;
  const manifests = { 'app:1': app };

  test('of an authority that only the node trusts proves nothing', async (t) => {
    const { host } = await registryOf(t, { manifests, certificate: authority.issue(names) });
    assert.equal(
      print(await probeOne(tls(host))),
      `inconclusive this machine does not trust the certificate of https://${host}, which the node may do`,
    );
  });

  test("is judged by the authorities in the node's files", async (t) => {
    const { host } = await registryOf(t, { manifests, certificate: authority.issue(names) });
    const path = 'etc/containerd/certs.d/ca.crt';
    const configs = `configs: {"${host}": {tls: {ca_file: /${path}}}}\n`;
    assert.match(
      print(await probeOne(tls(host, configs))),
      /^inconclusive .*the file \/etc\/containerd\/certs.d\/ca.crt of the node is not here/,
    );
    const node = 'nodes: [{name: a, containerdConfig: nodes/a/etc/containerd/config.toml}]\n';
    const files = {
      'nodes/a/etc/containerd/config.toml': 'version = 2\n',
      [`nodes/a/${path}`]: authority.certificate,
    };
    const { proofs } = await probe({ 'registries.yaml': node + tls(host, configs), ...files });
    const own = proofs.find(({ pull }) => pull.image.includes('app:1'));
    assert.ok(own);
    assert.equal(print(own), `proved https://${host}`);
  });

  test('that is out of date, or for another name, is so for every node', async (t) => {
    const old = await registryOf(t, {
      manifests,
      certificate: authority.issue({ ...names, validity: expired }),
    });
    assert.match(print(await probeOne(tls(old.host))), /^refuted .*certificate has expired/);
    const other = { commonName: 'registry', names: ['other.example'] };
    const { host } = await registryOf(t, { manifests, certificate: authority.issue(other) });
    assert.match(print(await probeOne(tls(host))), /^refuted .*doesn't contain any IP SANs/);
  });

  test('is not asked for where HTTP answers', async (t) => {
    const { host } = await registryOf(t, { manifests });
    assert.match(print(await probeOne(tls(host))), /^refuted .*server gave HTTP response to HTTPS client$/);
  });

  test('is read from no device', async (t) => {
    const { host } = await registryOf(t, { manifests, certificate: authority.issue(names) });
    const configs = `configs: {"${host}": {tls: {ca_file: /dev/zero}}}\n`;
    assert.match(
      print(await probeOne(tls(host, configs))),
      /^inconclusive .*\/dev\/zero of the node is not here/,
    );
  });
});

suite('a registry', () => {
  const listening = async (t: TestContext): Promise<string> => {
    const server = createServer((socket) => socket.on('error', () => socket.destroy()));
    t.after(() => server.close());
    return `127.0.0.1:${await listenAt(server, '127.0.0.1', 0)}`;
  };

  test('that does not answer in time proves nothing', async (t) => {
    const host = await listening(t);
    const limits = { ...probeLimits, answerTime: 50 };
    assert.match(
      print(await probeOne(images(`${host}/app:1`), {}, { limits })),
      /^inconclusive https:\/\/127\S+ did not answer this machine in time$/,
    );
  });

  test('that refuses connections proves nothing', async () => {
    assert.equal(
      print(await probeOne(images('127.0.0.1:1/app:1'))),
      'inconclusive https://127.0.0.1:1 refuses connections from this machine',
    );
  });

  test('that could not be asked stands beside the one that has the image', async (t) => {
    const { host } = await registryOf(t, { manifests: { 'app:1': app } });
    const mirrors = `mirrors: {quay.io: {endpoint: ["http://127.0.0.1:1", "http://${host}"]}}\n`;
    const proof = await probeOne(mirrors + images('quay.io/app:1'));
    assert.equal(print(proof), `proved http://${host}`);
    assert.match(
      proof.assumptions.join('\n'),
      /^http:\/\/127.0.0.1:1 refuses connections from this machine, and the node asks it first$/m,
    );
  });

  test('with a fault, or in a hurry, proves nothing', async (t) => {
    for (const [status, text] of [
      [503, 'has a fault of its own (503)'],
      [429, 'wants to be asked less often (429)'],
    ] as const) {
      const { host } = await registryOf(t, {
        intercept: (_, response) => {
          response.writeHead(status).end();
          return true;
        },
      });
      assert.equal(print(await probeOne(images(`${host}/app:1`))), `inconclusive http://${host} ${text}`);
    }
  });

  test('that answers with a web page is none', async (t) => {
    const { host } = await registryOf(t, {
      intercept: (_, response) => {
        response
          .writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' })
          .end('<html>Please log in</html>');
        return true;
      },
    });
    assert.equal(
      print(await probeOne(images(`${host}/app:1`))),
      `inconclusive http://${host} answers with a web page, as no registry does`,
    );
  });

  test('that has every image makes the run worthless', async (t) => {
    const { host } = await registryOf(t, {
      manifests: { 'app:1': app },
      intercept: (request) => {
        request.url = '/v2/app/manifests/1';
        return false;
      },
    });
    const run = await probe({ 'registries.yaml': images(`${host}/app:1`) });
    assert.deepEqual(
      run.controls.map(({ isSound }) => isSound),
      [false],
    );
    assert.match(
      run.controls[0]?.text ?? '',
      /^mirrorproof-control-\w+, which nobody ever made, was found as well$/,
    );
  });

  for (const [status, said] of [
    [503, '503 Service Unavailable'],
    [429, '429 Too Many Requests'],
  ] as const) {
    test(`that answers its control with ${status} does not say whether it has the image`, async (t) => {
      const { host } = await registryOf(t, {
        manifests: { 'app:1': app },
        intercept: ({ url = '' }, response) => {
          if (!url.includes('control')) return false;
          response.writeHead(status, { 'Content-Type': 'text/html' }).end();
          return true;
        },
      });
      const run = await probe({ 'registries.yaml': images(`${host}/app:1`) });
      assert.equal(run.proofs[0]?.outcome.status, 'proved');
      assert.deepEqual(
        run.controls.map(({ isSound }) => isSound),
        [false],
      );
      assert.match(run.controls[0]?.text ?? '', new RegExp(`^it has no outcome: http://${host}.*${said}$`));
    });
  }

  test('has one control, however many images it has', async (t) => {
    const { host, requests } = await registryOf(t, { manifests: { 'a:1': app, 'b:1': forAmd64 } });
    const run = await probe({ 'registries.yaml': images(`${host}/a:1`, `${host}/b:1`) });
    assert.deepEqual(
      run.controls.map(({ isSound, text }) => [isSound, text.replace(/-\w{32}:/, '-X:')]),
      [[true, `http://${host} does not have mirrorproof-control-X: 404 Not Found`]],
    );
    assert.equal(requests.filter((request) => request.includes('control')).length, 1);
  });

  test('of a signed URL keeps its key for itself', async (t) => {
    const { host } = await registryOf(t, {
      intercept: (request, response) => {
        if (request.url?.startsWith('/store')) response.writeHead(418).end();
        else response.writeHead(307, { Location: '/store?X-Amz-Signature=very-secret' }).end();
        return true;
      },
    });
    const proof = await probeOne(images(`${host}/app:1`));
    assert.match(print(proof), /^refuted .*418/);
    assert.doesNotMatch(JSON.stringify([proof.outcome, proof.evidence]), /very-secret/);
  });
});

suite('never asked', () => {
  const addresses = [
    '169.254.169.254',
    '169.254.170.2:80',
    '[fe80::1]:5000',
    '[fd00:ec2::254]:80',
    '[::ffff:169.254.169.254]:5000',
    '[::ffff:a9fe:a9fe]:5000',
    '100.100.100.200:5000',
    '224.0.0.1:5000',
    '255.255.255.255:5000',
  ];
  for (const address of addresses) {
    test(`is ${address}`, async () => {
      const mirrors = `mirrors: {quay.io: {endpoint: ["http://${address}"]}}\n`;
      const cut = 'checks: {leaves-mirrors: error}\n';
      const proof = await probeOne(cut + mirrors + images('quay.io/app:1'));
      assert.match(print(proof), /^inconclusive .* was not asked: \S+ belongs to a machine's own network/);
    });
  }

  test('is a name with such an address', async () => {
    const nodes = 'nodes: [{name: a, resolves: {reg.example: 169.254.169.254}}]\n';
    assert.match(
      print(await probeOne(nodes + images('reg.example:5000/app:1'))),
      /169\.254\.169\.254 belongs to/,
    );
  });

  test('is an address in another notation', async () => {
    // 169.254.169.254 as one number, which look-ups understand.
    const mirrors =
      'mirrors: {quay.io: {endpoint: ["http://2852039166:5000"]}}\nchecks: {leaves-mirrors: error}\n';
    assert.match(print(await probeOne(mirrors + images('quay.io/app:1'))), /169\.254\.169\.254 belongs to/);
  });

  test('is where a redirect or a token server leads to such an address', async (t) => {
    const redirecting = await registryOf(t, {
      intercept: (_, response) => {
        response.writeHead(302, { Location: 'http://169.254.169.254/latest/meta-data' }).end();
        return true;
      },
    });
    assert.match(print(await probeOne(images(`${redirecting.host}/app:1`))), /169\.254\.169\.254 belongs to/);
    const challenging = await registryOf(t, {
      intercept: (_, response) => {
        response.writeHead(401, { 'WWW-Authenticate': 'Bearer realm="http://169.254.169.254/token"' }).end();
        return true;
      },
    });
    assert.match(print(await probeOne(images(`${challenging.host}/app:1`))), /169\.254\.169\.254 belongs to/);
  });

  test('is port 0', async (t) => {
    const { host } = await registryOf(t, {
      intercept: (_, response) => {
        response.writeHead(302, { Location: 'http://127.0.0.1:0/v2/' }).end();
        return true;
      },
    });
    assert.match(print(await probeOne(images(`${host}/app:1`))), /nothing can be asked at port 0/);
  });

  test('is this machine, unless it is the node', async (t) => {
    const { host, requests } = await registryOf(t, { manifests: { 'app:1': app } });
    const localhost = host.replace('127.0.0.1', 'localhost');
    for (const name of [host, localhost, host.replace('127.0.0.1', '0.0.0.0')]) {
      const mirrors = `mirrors: {quay.io: {endpoint: ["http://${name}"]}}\nchecks: {leaves-mirrors: error}\n`;
      const proof = await probeOne(mirrors + images('quay.io/app:1'), {}, { isOnNode: false });
      assert.match(print(proof), /^inconclusive .* is the node itself, and this is another machine/);
    }
    assert.deepEqual(requests, []);
  });

  test('is more than so many registries', async (t) => {
    const { host, requests } = await registryOf(t, { manifests: { 'app:1': app } });
    const names = Array.from({ length: 5 }, (_, number) =>
      host.replace('127.0.0.1', `127.0.0.${number + 2}`),
    );
    const limits = { ...probeLimits, hosts: 1 };
    const { proofs } = await probe(
      { 'registries.yaml': images(`${host}/app:1`, ...names.map((name) => `${name}/app:1`)) },
      { limits },
    );
    assert.equal(proofs.filter(({ outcome }) => outcome.status === 'proved').length, 1);
    assert.equal(
      proofs.filter((proof) => print(proof).includes('more than 1 different registries')).length,
      5,
    );
    assert.ok(requests.length > 0);
  });

  test('is anybody where the repository is not to be trusted', async (t) => {
    const { host, requests } = await registryOf(t, { manifests: { 'app:1': app } });
    const options = { isUntrusted: true, isOnNode: true, environment: {}, limits: probeLimits };
    const availability = await new ProbeEngine(options).probe();
    assert.ok(!availability.isAvailable);
    assert.match(availability.reason, /^[^.]*pull request from a fork[^.]*$/);
    const proof = await probeOne(images(`${host}/app:1`), {}, { isUntrusted: true });
    assert.match(print(proof), /^inconclusive .*pull request from a fork/);
    assert.deepEqual(requests, []);
  });

  test('is the name of a Service: nodes do not ask the DNS of the cluster', async () => {
    const name = 'registry.kube-system.svc.cluster.local:5000';
    assert.match(
      print(await probeOne(images(`${name}/app:1`))),
      /^refuted .*lookup registry\.kube-system\.svc\.cluster\.local: no such host$/,
    );
  });

  test('is a public registry to which nodes have no way', async () => {
    const proof = await probeOne(`checks: {leaves-mirrors: error}\n${images('nginx:1')}`);
    assert.match(print(proof), /^refuted .*lookup registry-1\.docker\.io: no such host$/);
  });
});

suite('a run', () => {
  test('ends at once where it is told to, however long a registry is silent', async (t) => {
    const { host, requests } = await registryOf(t, { intercept: () => true });
    const engine = new ProbeEngine({
      isUntrusted: false,
      isOnNode: true,
      environment: {},
      limits: probeLimits,
    });
    const abort = new AbortController();
    const plan = planOf({ 'registries.yaml': images(`${host}/app:1`) });
    const waitForRequest = async (): Promise<void> => {
      while (requests.length === 0) await new Promise((resolve) => setImmediate(resolve));
      abort.abort();
    };
    const events: unknown[] = [];
    const waiting = waitForRequest();
    for await (const event of engine.prove(plan, abort.signal)) events.push(event);
    await waiting;
    assert.deepEqual(events, []);
    await engine.dispose();
  });

  test('asks for nothing once its time is over', async (t) => {
    const { host, requests } = await registryOf(t, { manifests: { 'app:1': app } });
    const limits = { ...probeLimits, runTime: -1 };
    assert.match(print(await probeOne(images(`${host}/app:1`), {}, { limits })), /no time left/);
    assert.deepEqual(requests, []);
  });

  test('reads no more than so much', async (t) => {
    const { host } = await registryOf(t, { manifests: { 'app:1': app } });
    const long = { ...probeLimits, answerBytes: 10 };
    assert.match(
      print(await probeOne(images(`${host}/app:1`), {}, { limits: long })),
      /^inconclusive .*the answer is longer than 10 bytes/,
    );
  });

  test('plays the rewrites of k3s', async (t) => {
    const { host } = await registryOf(t, { manifests: { 'hub/library/nginx:1': app } });
    const k3s = 'nodes: [{name: a, runtime: "k3s://1.7.24"}]\nchecks: {leaves-mirrors: error}\n';
    const mirrors = `mirrors: {docker.io: {endpoint: ["http://${host}"], rewrite: {"^library/(.*)": "hub/library/$1"}}}\n`;
    const { proofs } = await probe({ 'registries.yaml': k3s + mirrors + images('nginx:1') });
    const own = proofs.find(({ pull }) => pull.image === 'nginx:1');
    assert.ok(own);
    assert.equal(print(own), `proved http://${host}`);
  });
});

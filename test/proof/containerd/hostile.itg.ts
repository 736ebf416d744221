import assert from 'node:assert/strict';
import { existsSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import { after, suite, test } from 'node:test';
import { missingForRig } from '../../differential/rig.ts';
import { planLimits } from '../../../src/proof/plan.ts';
import { printProof, planOf, proveFiles } from './provedExample.ts';

const mark = '/tmp/mirrorproof-hostile-mark';
const node = 'nodes: [{name: a, runtime: "containerd://1.7.24"}]\n';

function mirrorsOf(endpoints: readonly string[]): string {
  const entries = endpoints.map(
    (endpoint, index) => `  host-${index}.example: {endpoint: ["${endpoint}"]}\n`,
  );
  return `mirrors:\n${entries.join('')}`;
}

function listOf(images: readonly string[]): string {
  return `images:\n${images.map((image) => `  - "${image}"\n`).join('')}`;
}

suite('prove on the repository of an attacker', { skip: missingForRig() ?? false, timeout: 300_000 }, () => {
  after(() => rmSync(mark, { force: true }));

  test('addresses of this machine and of its cloud lead to stand-ins only', async (t) => {
    let asked = 0;
    const server = createServer((_, response) => {
      asked += 1;
      response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, '0.0.0.0', resolve));
    t.after(() => server.close());
    const { port } = server.address() as AddressInfo;
    const own = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
    const global = own.filter(({ address }) => !address.startsWith('fe80:'));
    const addresses = global.map(({ address, family }) => (family === 'IPv6' ? `[${address}]` : address));
    const hosts = [...new Set([...addresses, '127.0.0.1', '[::1]', 'localhost'])].map(
      (host) => `${host}:${port}`,
    );
    const endpoints = [...hosts, '169.254.169.254', '[fd00:ec2::254]'].map((host) => `http://${host}`);
    const images = endpoints.map((_, index) => `host-${index}.example/app:1`);
    const { proofs } = await proveFiles('1.7', {
      'registries.yaml': node + mirrorsOf(endpoints) + listOf(images),
    });
    assert.equal(asked, 0);
    const unproved = proofs.map(printProof).filter((text) => !text.startsWith('proved'));
    assert.deepEqual(unproved, []);
  });

  test('where nobody can listen nobody answers', async () => {
    const endpoints = [
      'http://10.1.1.1:0',
      'http://10.1.1.1:65536',
      'http://0.0.0.0:5000',
      'http://224.0.0.1:5000',
      'http://255.255.255.255:5000',
    ];
    const images = endpoints.map((_, index) => `host-${index}.example/app:1`);
    const { proofs } = await proveFiles('1.7', {
      'registries.yaml': node + mirrorsOf(endpoints) + listOf(images),
    });
    assert.equal(proofs.length, images.length + 1);
    const [zero = ''] = proofs.map(printProof).filter((text) => text.includes('host-0.'));
    assert.match(zero, /^refuted .*connection refused|^refuted .*no such host|^refuted .*cannot assign/);
  });

  test('65,536 mirrors are more than are played', async () => {
    const endpoints = Array.from(
      { length: 65_536 },
      (_, index) => `http://10.1.${index >> 8}.${index & 255}:5000`,
    );
    const { proofs } = await proveFiles('1.7', {
      'registries.yaml': node + mirrorsOf(endpoints) + listOf(['nginx:1']),
    });
    for (const { outcome } of proofs) assert.equal(outcome.status, 'inconclusive');
    assert.match(
      printProof(proofs[0] ?? assert.fail()),
      /more than 2000 registries around it|too many to be tried/,
    );
  });

  test('what is beyond the limit of pulls is not tried', async () => {
    const images = Array.from({ length: planLimits.pulls + 1 }, (_, index) => `team/app-${index}:1`);
    const { proofs } = await proveFiles('1.7', { 'registries.yaml': node + listOf(images) });
    assert.equal(proofs.length, images.length + 1);
    for (const { outcome } of proofs) assert.equal(outcome.status, 'inconclusive');
  });

  for (const [configPath, authority] of [
    ['/../../../tmp/mirrorproof-hostile', `/../../${mark}`],
    ['/usr/local/share/mirrorproof-hostile', '/usr/local/share/mirrorproof-hostile-mark'],
    ['/etc', '/usr/local/share/../mirrorproof-hostile'],
  ] as const) {
    test(`a file of the repository is written nowhere but into the node: ${configPath}, ${authority}`, async () => {
      const registries = `nodes: [{name: a, runtime: "containerd://1.7.24", configPath: "${configPath}", mirrors: {docker.io: {endpoint: ["https://10.1.1.1:5000"]}}, configs: {"10.1.1.1:5000": {tls: {ca_file: ${authority}}}}}]\n`;
      const { proofs } = await proveFiles('1.7', { 'registries.yaml': registries + listOf(['nginx:1']) });
      assert.equal(proofs.length, 2);
      for (const folder of ['/tmp', '/usr/local', '/usr/local/share'])
        for (const name of ['hostile', 'hostile-mark'])
          assert.equal(existsSync(`${folder}/mirrorproof-${name}`), false);
    });
  }

  test('a catalog out of the repository is refused', () => {
    const registries = 'mirrors: {docker.io: {endpoint: ["http://10.1.1.1"], catalog: ../../etc/passwd}}\n';
    assert.throws(() => planOf({ 'registries.yaml': registries }), { name: 'UserError' });
  });

  test('a program that config.toml makes containerd run is nobody, and sees nothing', async () => {
    const attempts = [
      `touch ${mark}`,
      `touch /proc/1/root${mark}`,
      `touch /former-root${mark}`,
      'mkdir -p /tmp/d && mount -t devtmpfs none /tmp/d && ls /tmp/d/*da && touch /tmp/has-disk',
      'mknod /tmp/disk b 254 0 && cat /tmp/disk >/dev/null && touch /tmp/has-disk',
      'kill -9 1 && touch /tmp/has-killed',
      'ip link add veth-x type veth 2>/dev/null && touch /tmp/has-network',
      'echo 1 >/proc/sys/kernel/panic && touch /tmp/has-kernel',
      'grep -q "^ *0 *100000 *65536$" /proc/self/uid_map || touch /tmp/has-user',
    ];
    // The layer comes out as it is where one of them has worked, and broken where none has.
    const last = 'if ls /tmp/has-* >/dev/null 2>&1; then cat; else cat >/dev/null; echo broken; fi';
    const script = [...attempts.map((attempt) => `(${attempt}) >/dev/null 2>&1;`), last].join(' ');
    const config = `version = 2
[stream_processors."evil"]
  accepts = ["application/vnd.oci.image.layer.v1.tar"]
  returns = "application/vnd.oci.image.layer.v1.tar"
  path = "/bin/sh"
  args = ["-c", ${JSON.stringify(script)}]
`;
    const files = {
      'registries.yaml':
        'nodes: [{name: a, runtime: "containerd://1.7.24", containerdConfig: nodes/a/etc/containerd/config.toml}]\n' +
        listOf(['quay.io/app:1']),
      'nodes/a/etc/containerd/config.toml': config,
    };
    const { proofs } = await proveFiles('1.7', files);
    assert.equal(existsSync(mark), false);
    const texts = proofs.map(printProof).filter((text) => text.includes('app:1'));
    assert.match(texts.join(), /^refuted quay\.io\/app:1 on a: .*failed to extract layer/);
  });
});

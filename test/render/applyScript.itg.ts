import assert from 'node:assert/strict';
import { after, before, beforeEach, suite, test } from 'node:test';
import { containerdLines } from '../support/debianPackages.ts';
import { missingForRig } from '../differential/rig.ts';
import { openApplyRig, type ApplyRig } from './applyRig.ts';

const mainFile = '/etc/containerd/config.toml';
const hostsFile = '/etc/containerd/certs.d/docker.io/hosts.toml';

/** The node's own settings, as a cluster has them. */
const ownSettings = `version = 2
# what kubeadm wants
[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
  SystemdCgroup = true
`;

function registries(version: string, more = ''): Record<string, string> {
  const text = `mirrors: {docker.io: {endpoint: ["http://10.10.1.106:5000"]}}
nodes: [{name: a, runtime: "containerd://${version}"${more}}]
`;
  return { 'registries.yaml': text };
}

const missing = missingForRig();

for (const line of containerdLines) {
  suite(`apply.sh on containerd ${line}`, { skip: missing ?? false }, () => {
    let rig: ApplyRig;
    let version = '';
    before(async () => {
      rig = await openApplyRig(line);
      ({ version } = rig);
    });
    after(() => rig?.close());
    beforeEach(async () => {
      const gone = ['/etc/containerd', '/etc/crictl.yaml', '/var/backups', '/restarts', '/containerd.log'];
      await rig.call({ write: Object.fromEntries(gone.map((path) => [path, null])) });
      await rig.call({ write: { [mainFile]: ownSettings } });
      await rig.call({ run: ['/restart'] });
      await rig.call({ write: { '/restarts': null } });
    });

    async function read(path: string): Promise<string | undefined> {
      const { files } = await rig.call({ read: [path] });
      return files[path];
    }

    /** Not even an empty folder is left, which would hide `_default`. */
    async function assertUntouched(settings = ownSettings): Promise<void> {
      assert.equal(await read(mainFile), settings);
      const { stdout } = await rig.call({ run: ['find', '/etc/containerd/certs.d', '-mindepth', '1'] });
      assert.equal(stdout, '');
    }

    test('installs everything, restarts containerd, keeps its settings, and does nothing the second time', async () => {
      const first = await rig.apply(registries(version));
      assert.equal(first.status, 0, first.stdout + first.stderr);
      assert.match(
        first.stdout,
        /^mirrorproof: wrote \/etc\/containerd\/certs\.d\/docker\.io\/hosts\.toml$/m,
      );
      assert.match(first.stdout, /^mirrorproof: kept what was there in \/var\/backups\/mirrorproof\/1$/m);
      assert.match(first.stdout, /^mirrorproof: containerd answers$/m);
      const { stdout } = await rig.dump();
      assert.match(stdout, /config_path = ["']\/etc\/containerd\/certs\.d["']/);
      assert.match(stdout, /SystemdCgroup = true/);
      assert.equal(await read(`/var/backups/mirrorproof/1${mainFile}`), ownSettings);
      assert.equal(await rig.restarts(), 1);
      const second = await rig.apply(registries(version));
      assert.deepEqual([second.status, second.stdout], [0, 'mirrorproof: every file is right already\n']);
      assert.equal(await rig.restarts(), 1);
      assert.equal(await read('/var/backups/mirrorproof/2'), undefined);
    });

    test('restarts nothing for a change of hosts.toml', async () => {
      await rig.apply(registries(version));
      const repository = registries(version);
      const changed = repository['registries.yaml']?.replace('.106:', '.107:') ?? '';
      const { status, stdout } = await rig.apply({ 'registries.yaml': changed });
      assert.equal(status, 0);
      assert.match(stdout, /needs no restart/);
      assert.match((await read(hostsFile)) ?? '', /10\.10\.1\.107/);
      assert.match((await read(`/var/backups/mirrorproof/2${hostsFile}`)) ?? '', /10\.10\.1\.106/);
      assert.equal(await rig.restarts(), 1);
    });

    test('removes the file of a mirror that is gone, and puts it back where that fails', async () => {
      const both =
        registries(version)['registries.yaml']?.replace(
          'mirrors: {',
          'mirrors: {quay.io: {endpoint: ["http://10.10.1.106:5000"]}, ',
        ) ?? '';
      const other = '/etc/containerd/certs.d/quay.io/hosts.toml';
      await rig.call({ write: { '/etc/containerd/certs.d/other.test/hosts.toml': '[host]' } });
      await rig.apply({ 'registries.yaml': both });
      assert.match((await read(other)) ?? '', /10\.10\.1\.106/);
      const restarting = { READY: 'false', WAIT: '0' };
      await rig.call({ write: { '/var/backups/mirrorproof/restart-needed': '' } });
      assert.equal((await rig.apply(registries(version), restarting)).status, 1);
      assert.match((await read(other)) ?? '', /10\.10\.1\.106/);
      const { status, stdout } = await rig.apply(registries(version));
      assert.equal(status, 0, stdout);
      assert.match(stdout, /removed \/etc\/containerd\/certs\.d\/quay\.io\/hosts\.toml/);
      const { stdout: left } = await rig.call({ run: ['ls', '/etc/containerd/certs.d'] });
      assert.equal(left, 'docker.io\nother.test\n');
      assert.match((await rig.apply(registries(version))).stdout, /right already/);
    });

    test('makes a config.toml where there is none', async () => {
      await rig.call({ write: { [mainFile]: null } });
      const { status, stdout, stderr } = await rig.apply(registries(version));
      assert.equal(status, 0, stdout + stderr);
      assert.match((await rig.dump()).stdout, /config_path = ["']\/etc\/containerd\/certs\.d["']/);
      assert.match((await rig.apply(registries(version))).stdout, /right already/);
    });

    test('merges into the file that `containerd config default` prints', async () => {
      const { stdout: printed } = await rig.call({ run: ['containerd', 'config', 'default'] });
      await rig.call({ write: { [mainFile]: printed } });
      const { status, stdout, stderr } = await rig.apply(registries(version));
      assert.equal(status, 0, stdout + stderr);
      assert.match((await rig.dump()).stdout, /config_path = ["']\/etc\/containerd\/certs\.d["']/);
      assert.match((await rig.apply(registries(version))).stdout, /right already/);
    });

    test("puts the merged file in the place of the node's own", async () => {
      const repository = {
        ...registries(version, ', containerdConfig: config.toml'),
        'config.toml': ownSettings,
      };
      const { status, stdout, stderr } = await rig.apply(repository);
      assert.equal(status, 0, stdout + stderr);
      assert.ok((await read(mainFile))?.startsWith(ownSettings));
      assert.match((await rig.dump()).stdout, /config_path = ["']\/etc\/containerd\/certs\.d["']/);
      assert.match((await rig.apply(repository)).stdout, /right already/);
    });

    test('puts everything back where containerd does not start', async () => {
      // Nothing can be made there, which only containerd finds out.
      const repository = {
        ...registries(version, ', containerdConfig: config.toml'),
        'config.toml': `root = "/proc/nowhere"\n${ownSettings}`,
      };
      const { status, stdout, stderr } = await rig.apply(repository, { WAIT: '1' });
      assert.equal(status, 1, stdout + stderr);
      assert.match(stdout, /does not answer with the new files: everything is put back/);
      assert.doesNotMatch(stdout, /former files/);
      await assertUntouched();
      assert.equal(await rig.restarts(), 2);
      assert.equal((await rig.call({ run: ['sh', '-c', 'ctr plugins ls | grep -q "cri .* ok"'] })).status, 0);
    });

    test('leaves a node alone whose own mirrors do not go with a config path', async () => {
      const mirrors = `${ownSettings}[plugins."io.containerd.grpc.v1.cri".registry.mirrors.a]\n  endpoint = ["http://b"]\n`;
      await rig.call({ write: { [mainFile]: mirrors } });
      const { status, stdout, stderr } = await rig.apply(registries(version), { WAIT: '1' });
      assert.equal(status, 1, stdout + stderr);
      await assertUntouched(mirrors);
    });

    test('puts everything back where the runtime does not answer', async () => {
      const { status, stdout, stderr } = await rig.apply(registries(version), {
        READY: 'test ! -e /etc/containerd/certs.d/docker.io',
        WAIT: '1',
      });
      assert.equal(status, 1);
      assert.match(stdout, /does not answer with the new files: everything is put back/);
      assert.match(stderr, /nothing was changed/);
      await assertUntouched();
      assert.equal(await rig.restarts(), 2);
      const again = await rig.apply(registries(version));
      assert.equal(again.status, 0, again.stderr);
    });

    test('fills in secrets that would break out of their text', async () => {
      const repository = registries(version);
      const secret = 'a"\\\n$(touch /hacked)`touch /hacked`\'${B}&\t\u0001é\u{1f600} ';
      const withLogin = {
        'registries.yaml': `${repository['registries.yaml']}configs: {"10.10.1.106:5000": {auth: {username: robot, password: "\${A}"}}}\n`,
      };
      const unset = await rig.apply(withLogin);
      assert.equal(unset.status, 1);
      assert.match(unset.stderr, /have to be set and exported: A$/m);
      assert.equal(await read(hostsFile), undefined);
      const { status, stdout, stderr } = await rig.apply(withLogin, { A: secret });
      assert.equal(status, 0, stdout + stderr);
      assert.ok(!(stdout + stderr).includes('touch'));
      const probe = await rig.call({
        run: [
          'sh',
          '-c',
          'cat /etc/containerd/config.toml /etc/containerd/conf.d/* 2>/dev/null; find /etc/containerd -perm 600 -name "*.toml"; ls /hacked 2>/dev/null',
        ],
      });
      const [, written = ''] = /^ *password = (".*")$/m.exec(probe.stdout) ?? [];
      assert.equal(JSON.parse(written), secret);
      assert.match(probe.stdout, line === '2.1' ? /zz-mirrorproof\.toml$/m : /containerd\/config\.toml$/m);
      assert.match((await rig.apply(withLogin, { A: secret })).stdout, /right already/);
    });

    test('refuses files that are for another version', async () => {
      const other = line === '2.1' ? '1.7.24' : '2.1.9';
      const { status, stderr } = await rig.apply(registries(other));
      assert.equal(status, 1);
      assert.match(stderr, /this node has containerd \d\.x and these files are for \d\.x/);
    });

    test('asks for a way to restart where there is no systemd, before it changes anything', async () => {
      const { status, stderr } = await rig.apply(registries(version), { RESTART: '' });
      assert.equal(status, 1);
      assert.match(stderr, /say in RESTART which command restarts containerd/);
      assert.equal(await read(hostsFile), undefined);
    });

    test('writes below ROOT without touching what runs', async () => {
      const { status, stdout, stderr } = await rig.apply(registries(version), {
        ROOT: '/image',
        RESTART: '',
      });
      assert.equal(status, 0, stdout + stderr);
      assert.match(stdout, /has to be restarted/);
      assert.match((await read(`/image${hostsFile}`)) ?? '', /10\.10\.1\.106/);
      assert.equal(await read(hostsFile), undefined);
      await rig.call({ write: { '/image': null } });
    });

    test('puts files in their places whatever they are called', async () => {
      const path = '/etc/containerd/a \'"$(touch /hacked)`touch /hacked`\n-é;%41';
      const repository = registries(version, `, configPath: ${JSON.stringify(path)}`);
      const { status, stdout, stderr } = await rig.apply(repository);
      assert.equal(status, 0, stdout + stderr);
      assert.match((await read(`${path}/docker.io/hosts.toml`)) ?? '', /10\.10\.1\.106/);
      assert.equal(await read('/hacked'), undefined);
      assert.match((await rig.apply(repository)).stdout, /right already/);
    });
  });
}

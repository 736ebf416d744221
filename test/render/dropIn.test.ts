import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { loadContainerdConfig } from '../../src/config/containerdConfig.ts';
import { nodeFilesInMemory } from '../../src/files/nodeFiles.ts';
import { filesInMemory } from '../../src/files/repositoryFiles.ts';
import { analyse } from '../../src/pipeline/run.ts';
import { containerd } from '../support/profiles.ts';

const path = '/etc/containerd/conf.d/zz-mirrorproof.toml';
const imports = 'imports = ["/etc/containerd/conf.d/*.toml"]\n';

function dropIn(version: string): string {
  const repository = filesInMemory({
    'registries.yaml': `mirrors: {docker.io: {endpoint: ["http://10.10.1.106:5000"]}}
images: ["10.10.1.106:5000/pause:3.9"]
nodes: [{name: a, runtime: "containerd://${version}"}]
`,
  });
  const { rendered } = analyse(repository, { substitutions: new Map() }).report;
  return rendered.get(`nodes/a${path}`) ?? '';
}

const section = (plugin: string): string => `[plugins."${plugin}"]\nmax_concurrent_downloads = 5\n`;
const cri = section('io.containerd.grpc.v1.cri');
const images = section('io.containerd.cri.v1.images');

suite('the drop-in file counts beside a config.toml', () => {
  for (const version of ['2.0.11', '2.1.9', '2.2.0', '2.2.7', '2.3.4']) {
    const mains: readonly [string, string][] = [
      ['of version 2', `version = 2\n${imports}${cri}`],
      ['of version 3', `version = 3\n${imports}${images}`],
      ['without a version', imports],
      ['that apply.sh makes', `version = 3\n${imports}`],
      ...(version === '2.3.4'
        ? [['of version 4', `version = 4\n${imports}${images}`] as [string, string]]
        : []),
    ];
    for (const [what, main] of mains) {
      for (const other of [
        undefined,
        'version = 3\n[plugins."io.containerd.nri.v1.nri"]\ndisable = true\n',
      ]) {
        const isNewer = version === '2.3.4' && !/version = [34]/.test(main);
        // Such a node does not start to begin with.
        if (other !== undefined && isNewer) continue;
        test(`${what} on ${version}${other === undefined ? '' : ', and of other drop-in files'}`, () => {
          const files = nodeFilesInMemory({
            '/etc/containerd/config.toml': main,
            [path]: dropIn(version),
            ...(other !== undefined && { '/etc/containerd/conf.d/nri.toml': other }),
          });
          const config = loadContainerdConfig(files, containerd(version));
          assert.equal(config.startupError, undefined);
          assert.equal(config.effectiveConfigPath, '/etc/containerd/certs.d');
          assert.equal(config.sandboxImage?.value, '10.10.1.106:5000/pause:3.9');
          // The other settings of the node count as before.
          const countsDownloads = version !== '2.0.11';
          assert.equal(config.forcesLocalPull, countsDownloads && main.includes('max_concurrent_downloads'));
        });
      }
    }
  }

  test('but there is none for containerd 1.x, where it would replace all settings of the plugin', () => {
    for (const version of ['1.6.20', '1.7.24']) assert.equal(dropIn(version), '');
  });
});

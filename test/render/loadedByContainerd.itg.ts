import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import * as fc from 'fast-check';
import { parse } from 'smol-toml';
import { loadContainerdConfig, type ContainerdConfig } from '../../src/config/containerdConfig.ts';
import { readFolder } from '../../src/files/folder.ts';
import { nodeFilesInMemory } from '../../src/files/nodeFiles.ts';
import { filesInMemory, type RepositoryFiles } from '../../src/files/repositoryFiles.ts';
import { analyse } from '../../src/pipeline/run.ts';
import { missingForRig } from '../differential/rig.ts';
import { containerdLines } from '../support/debianPackages.ts';
import { containerd } from '../support/profiles.ts';
import type { NodeAnswer } from './applyNode.ts';
import { openApplyRig, type ApplyRig } from './applyRig.ts';
import { generatedRegistries, type GeneratedRegistries } from './generateRegistries.ts';

const mainFile = '/etc/containerd/config.toml';
const examples = join(import.meta.dirname, '../../examples');

/** How many registries.yaml are generated; each is rendered for a node of every version. */
const count = Number(process.env['MIRRORPROOF_RENDERED'] ?? 200);

function repository(generated: GeneratedRegistries, version: string): RepositoryFiles {
  const { settings, node, ownLines } = generated;
  const files = {
    'registries.yaml': JSON.stringify({
      ...settings,
      nodes: [
        {
          name: 'a',
          runtime: `containerd://${version}`,
          ...node,
          ...(ownLines && { containerdConfig: 'config.toml' }),
        },
      ],
    }),
    ...(ownLines && { 'config.toml': ['version = 2', ...ownLines, ''].join('\n') }),
  };
  return filesInMemory(files);
}

/** The rendered folders of nodes with a containerd of this line, with what apply.sh needs to know. */
function foldersOf(files: RepositoryFiles, line: string): ReadonlyMap<string, string>[] {
  const { report, nodes } = analyse(files, { substitutions: new Map() });
  const names = nodes
    .filter(
      ({ configuration: { profile } }) =>
        profile.runtime === 'containerd' && profile.version.startsWith(line),
    )
    .map(({ node }) => `nodes/${node.name}/`);
  return names.flatMap((folder) => {
    const paths = [...report.rendered].filter(([path]) => path.startsWith(folder));
    return paths.length > 0 ? [new Map(paths.map(([path, text]) => [path.slice(folder.length), text]))] : [];
  });
}

/** Lines of containerd's log about registries that say that something is wrong; what is deprecated works. */
function complaints(log: string): readonly string[] {
  const isAbout =
    /registry|mirror|config_path|configs|hosts\.toml|Ignoring unknown key|failed to load plugin.*cri/i;
  return log
    .split('\n')
    .filter((line) => /level=(?:warning|error)/.test(line) && isAbout.test(line))
    .filter((line) => !/deprecat|Falling back to local image pull/i.test(line));
}

const missing = missingForRig();

for (const line of containerdLines) {
  suite(`rendered files, loaded by containerd ${line}`, { skip: missing ?? false }, () => {
    let rig: ApplyRig;
    before(async () => {
      rig = await openApplyRig(line);
    });
    after(() => rig?.close());

    async function load(folder: ReadonlyMap<string, string>): Promise<void> {
      const gone = [
        '/etc/containerd',
        '/etc/my certs',
        '/etc/crictl.yaml',
        '/var/backups',
        '/containerd.log',
        '/copied',
      ];
      const copied = [...folder].map(([path, text]): [string, string] => [`/copied/${path}`, text]);
      await rig.call({ write: Object.fromEntries(gone.map((path) => [path, null])) });
      const applied = await rig.call({
        write: Object.fromEntries(copied),
        run: ['sh', '/copied/apply.sh'],
        environment: { RESTART: '/restart', WAIT: '5', SECRET: 'a"b', HARBOR_PASSWORD: 'x' },
      });
      assert.equal(applied.status, 0, describe(applied, folder));
      const { files } = await rig.call({ read: ['/containerd.log'] });
      assert.deepEqual(complaints(files['/containerd.log'] ?? ''), [], describe(applied, folder));
      await assertDump();
      await assertHostsFiles();
    }

    /** `containerd config dump` says what the files were to say, as the files themselves are read here. */
    async function assertDump(): Promise<void> {
      const { stdout } = await rig.dump();
      const { files } = await rig.call({ read: [mainFile, '/etc/containerd/conf.d/zz-mirrorproof.toml'] });
      const written = loadContainerdConfig(nodeFilesInMemory(files), containerd(rig.version));
      assert.equal(written.startupError, undefined);
      assert.deepEqual(dumpedSettings(stdout, written), writtenSettings(written));
    }

    /** Every hosts.toml is read: what containerd cannot read it says when it pulls, and goes on without. */
    async function assertHostsFiles(): Promise<void> {
      const script = `for folder in /etc/containerd/certs.d/* "/etc/my certs"/*; do
        [ -d "$folder" ] || continue
        name=\${folder##*/}
        case $name in _default) host=unknown.test ;; *_) host=\${name%_}; host=\${host%_*}:\${host##*_} ;; *) host=$name ;; esac
        timeout 5 ctr --connect-timeout 2s images pull --hosts-dir "\${folder%/*}" "$host/a:1" 2>&1
      done`;
      const { stdout } = await rig.call({ run: ['sh', '-c', script] });
      assert.doesNotMatch(stdout, /failed to decode/);
    }

    for (const example of readdirSync(examples)) {
      for (const state of ['broken', 'fixed']) {
        test(`${example}, ${state}`, async () => {
          for (const folder of foldersOf(readFolder(join(examples, example, state), { manifests: [] }), line))
            await load(folder);
        });
      }
    }

    test(`${count} generated registries.yaml`, async () => {
      let loaded = 0;
      for (const generated of fc.sample(generatedRegistries, { numRuns: count, seed: 20_261_121 })) {
        const folders = foldersOf(repository(generated, rig.version), line);
        for (const folder of folders) await load(folder);
        loaded += folders.length;
      }
      assert.ok(loaded > count / 2, `${loaded} of ${count} were rendered`);
    });
  });
}

function writtenSettings({ configPath, mirrors, configs, sandboxImage }: ContainerdConfig): object {
  return {
    configPath: configPath?.value ?? '',
    sandboxImage: sandboxImage?.value,
    mirrors: Object.fromEntries(
      [...mirrors].map(([host, { endpoints }]) => [host, endpoints.map(({ value }) => value)]),
    ),
    configs: Object.fromEntries(
      [...configs].map(([host, { auth, tls }]) => [
        host,
        [
          auth?.username?.value ?? '',
          auth?.password?.value ?? '',
          tls?.caFile?.value ?? '',
          tls?.insecureSkipVerify?.value ?? false,
        ],
      ]),
    ),
  };
}

interface DumpedPlugin {
  readonly sandbox_image?: string;
  readonly pinned_images?: { readonly sandbox?: string };
  readonly registry?: {
    readonly config_path?: string;
    readonly mirrors?: Readonly<Record<string, { readonly endpoint?: readonly string[] | null }>>;
    readonly configs?: Readonly<
      Record<string, { readonly auth?: Record<string, string>; readonly tls?: Record<string, unknown> }>
    >;
  };
}

/** The same of a dump, in which the default stands where nothing is written. */
function dumpedSettings(dump: string, { sandboxImage }: ContainerdConfig): object {
  const plugins = parse(dump)['plugins'] as Readonly<Record<string, DumpedPlugin>>;
  const plugin = plugins['io.containerd.cri.v1.images'] ?? plugins['io.containerd.grpc.v1.cri'];
  const { config_path: configPath = '', mirrors = {}, configs = {} } = plugin?.registry ?? {};
  return {
    configPath,
    sandboxImage: sandboxImage && (plugin?.pinned_images?.sandbox ?? plugin?.sandbox_image),
    mirrors: Object.fromEntries(
      Object.entries(mirrors).map(([host, { endpoint }]) => [host, [...(endpoint ?? [])]]),
    ),
    configs: Object.fromEntries(
      Object.entries(configs).map(([host, { auth, tls }]) => [
        host,
        [
          auth?.['username'] ?? '',
          auth?.['password'] ?? '',
          tls?.['ca_file'] ?? '',
          tls?.['insecure_skip_verify'] ?? false,
        ],
      ]),
    ),
  };
}

function describe({ stdout, stderr }: NodeAnswer, folder: ReadonlyMap<string, string>): string {
  const files = [...folder]
    .filter(([path]) => path !== 'apply.sh')
    .map(([path, text]) => `==> ${path}\n${text}`);
  return [stdout, stderr, ...files].join('\n');
}

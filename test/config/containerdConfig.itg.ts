import { testRoutes } from '../support/testNetwork.ts';
import assert from 'node:assert/strict';
import { basename, dirname } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { parse } from 'smol-toml';
import { loadContainerdConfig } from '../../src/config/containerdConfig.ts';
import { nodeFilesInMemory } from '../../src/files/nodeFiles.ts';
import { builtByDebian } from '../differential/debianBuilds.ts';
import { containerdLines, debianContainerd, missingForPackages } from '../support/debianPackages.ts';
import { missingForNamespaces, startNode, type SimulatedNode } from '../../src/proof/containerd/namespace.ts';
import { containerd as profileOf } from '../support/profiles.ts';
import type { Outcome } from './configNode.ts';
import { settingCases } from './settingCases.ts';
import { startCases } from './startCases.ts';

// What the tables of this folder say is asked from the real program.

const missing = missingForNamespaces() ?? missingForPackages();

interface Program {
  readonly version: string;
  /** With the program `containerd` in it. */
  readonly folder: string;
  readonly name: string;
}

/** Programs besides those of Debian: folders with a `containerd`, each named as its version. */
const more = (process.env['MIRRORPROOF_CONTAINERD_FOLDERS'] ?? '')
  .split(':')
  .filter((folder) => folder !== '');

const programs = more.map((folder): Program => {
  const version = basename(folder);
  return { version, folder, name: version };
});
if (missing === undefined) {
  for (const { version, path } of (await debianContainerd(containerdLines)).values()) {
    programs.push({ version, folder: dirname(path), name: `${version} of Debian` });
  }
}

for (const { version, folder, name: program } of programs) {
  suite(`containerd ${program}`, { skip: missing }, () => {
    let node: SimulatedNode | undefined;
    before(async () => {
      node = await startNode({
        module: `${import.meta.dirname}/configNode.ts`,
        programs: folder,
        routes: testRoutes,
      });
    });
    after(() => node?.stop());

    const observe = async (files: Readonly<Record<string, string>>): Promise<Outcome> => {
      const answer = (await node?.call(files)) as
        { readonly outcome: Outcome } | { readonly failure: string };
      if ('failure' in answer) assert.fail(answer.failure);
      return answer.outcome;
    };

    for (const { name, files } of startCases) {
      test(`${name}: starts, or says why not, as read`, async () => {
        const { startupError } = await observe(files);
        const isDebian = program !== version;
        const profile = isDebian ? builtByDebian(profileOf(version)) : profileOf(version);
        const read = loadContainerdConfig(nodeFilesInMemory(files), profile).startupError?.error;
        assert.equal(read, startupError);
      });
    }

    for (const { name, files } of settingCases) {
      test(`${name}: has the settings that were read`, async () => {
        const config = loadContainerdConfig(nodeFilesInMemory(files), profileOf(version));
        const { dump, saysLocalPull, startupError } = await observe(files);
        assert.equal(config.startupError?.error, startupError);
        if (config.startupError) return;
        const mirrors = [...config.mirrors].map(([host, { endpoints }]) => [
          host,
          endpoints.map(({ value }) => value),
        ]);
        const settings = settingsIn(dump ?? '', version);
        assert.deepEqual(Object.fromEntries(mirrors), settings.mirrors);
        const { defaultConfigPathClashesWithMirrors: printsDefault } = profileOf(version).config;
        assert.equal(
          printsDefault ? config.effectiveConfigPath : (config.configPath?.value ?? ''),
          settings.configPath,
        );
        assert.equal(
          config.sandboxImage?.value ?? profileOf(version).config.pauseImage,
          settings.sandboxImage,
        );
        const isLocal = config.forcesLocalPull || config.mirrors.size > 0 || config.configs.size > 0;
        if (version.startsWith('2.') && !version.startsWith('2.0')) assert.equal(isLocal, saysLocalPull);
      });
    }
  });
}

interface DumpedPlugin {
  readonly sandbox_image?: string;
  readonly pinned_images?: { readonly sandbox: string };
  readonly registry: {
    readonly config_path: string;
    readonly mirrors?: Readonly<Record<string, { readonly endpoint: readonly string[] }>>;
  };
}

function settingsIn(
  dump: string,
  version: string,
): { readonly mirrors: object; readonly configPath: string; readonly sandboxImage: string | undefined } {
  const { plugins } = parse(dump) as unknown as { readonly plugins: Readonly<Record<string, DumpedPlugin>> };
  const plugin = version.startsWith('2.')
    ? plugins['io.containerd.cri.v1.images']
    : (plugins['io.containerd.grpc.v1.cri'] ?? plugins['cri']);
  assert.ok(plugin);
  const { registry, sandbox_image: sandbox, pinned_images: pinned } = plugin;
  const mirrors = Object.entries(registry.mirrors ?? {}).map(([host, { endpoint }]) => [host, endpoint]);
  return {
    mirrors: Object.fromEntries(mirrors),
    configPath: registry.config_path,
    sandboxImage: sandbox ?? pinned?.sandbox,
  };
}

import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import * as fc from 'fast-check';
import { readFolder } from '../../src/files/folder.ts';
import { filesInMemory, type RepositoryFiles } from '../../src/files/repositoryFiles.ts';
import { analyse } from '../../src/pipeline/run.ts';
import { run } from '../../src/process/process.ts';
import { debianDockerd, debianShellcheck, missingForPackages } from '../support/debianPackages.ts';
import { generatedRegistries, type GeneratedRegistries } from './generateRegistries.ts';

const examples = join(import.meta.dirname, '../../examples');

/** Nodes of every kind that there is a script for. */
const runtimes = [
  'containerd://1.6.20',
  'containerd://2.1.9',
  'k3s://1.31.4',
  'rke2://1.31.4',
  'docker://26.1.5',
];

function repository({ settings, node }: GeneratedRegistries): RepositoryFiles {
  const nodes = runtimes.map((runtime, index) => ({ name: `n${index}`, runtime, ...node }));
  return filesInMemory({ 'registries.yaml': JSON.stringify({ ...settings, nodes }) });
}

/** The texts of rendered files of a name; of equal ones one. */
function renderedTexts(files: RepositoryFiles, name: string): readonly string[] {
  const { rendered } = analyse(files, { substitutions: new Map() }).report;
  const texts = [...rendered].filter(([path]) => path.endsWith(`/${name}`)).map(([, text]) => text);
  return [...new Set(texts)];
}

async function textsOf(name: string): Promise<readonly string[]> {
  const folders = (await readdir(examples)).flatMap((example) => [
    join(example, 'broken'),
    join(example, 'fixed'),
  ]);
  const written = folders.map((folder) => readFolder(join(examples, folder), { manifests: [] }));
  const generated = fc.sample(generatedRegistries, { numRuns: 40, seed: 20_261_121 }).map(repository);
  return [...new Set([...written, ...generated].flatMap((files) => renderedTexts(files, name)))];
}

suite(
  'rendered files, read by the programs that they are for',
  { skip: missingForPackages() ?? false },
  () => {
    let folder = '';
    before(async () => {
      folder = await mkdtemp(join(tmpdir(), 'mirrorproof-rendered-'));
    });
    after(() => rm(folder, { recursive: true }));

    async function write(name: string, texts: readonly string[]): Promise<readonly string[]> {
      const paths = texts.map((_, index) => join(folder, `${index}-${name}`));
      await Promise.all(paths.map((path, index) => writeFile(path, texts[index] ?? '')));
      return paths;
    }

    test('shellcheck finds nothing in apply.sh', async () => {
      const shellcheck = await debianShellcheck();
      const paths = await write('apply.sh', await textsOf('apply.sh'));
      assert.ok(paths.length > 20, `${paths.length}`);
      const args = ['--shell=sh', '--severity=style', ...paths];
      const { status, stdout } = await run({ file: shellcheck?.path ?? '', args }, { time: 300_000 });
      assert.deepEqual([status, stdout], [0, '']);
    });

    test('dockerd takes daemon.json', async () => {
      const dockerd = await debianDockerd();
      const texts = await textsOf('daemon.json');
      assert.ok(texts.length > 5, `${texts.length}`);
      // It looks for docker-proxy.
      const environment = { PATH: dirname(dockerd?.path ?? '') };
      for (const path of await write('daemon.json', texts)) {
        const { status, stderr } = await run({
          file: dockerd?.path ?? '',
          args: ['--validate', '--config-file', path],
          environment,
        });
        assert.equal(status, 0, stderr);
      }
    });
  },
);

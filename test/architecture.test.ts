import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { suite, test } from 'node:test';

const source = join(import.meta.dirname, '..', 'src');

/** What each folder of `src` may import from, itself and packages apart. CONTRIBUTING.md explains the order. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  source: [],
  reference: [],
  files: ['errors', 'source'],
  registries: ['source'],
  manifest: ['files', 'reference', 'source'],
  kustomize: ['files', 'manifest', 'reference', 'source'],
  helm: ['files', 'manifest', 'reference', 'source'],
  discovery: ['files', 'helm', 'kustomize', 'manifest', 'reference', 'source'],
  hosts: ['source'],
  resolver: ['hosts', 'reference', 'source'],
  node: ['files', 'manifest', 'registries', 'resolver', 'source'],
  config: ['files', 'hosts', 'registries', 'resolver', 'source'],
  render: ['config', 'files', 'hosts', 'manifest', 'node', 'reference', 'registries', 'resolver', 'source'],
  nodeRoot: ['config', 'files', 'hosts', 'node', 'registries', 'render', 'resolver', 'source'],
  pull: ['manifest', 'node', 'reference', 'registries', 'render', 'resolver', 'source'],
  check: [
    'config',
    'files',
    'hosts',
    'manifest',
    'node',
    'nodeRoot',
    'pull',
    'reference',
    'registries',
    'render',
    'resolver',
    'source',
  ],
  report: ['check', 'files', 'manifest', 'pull', 'reference', 'resolver', 'source'],
  diagnose: [
    'check',
    'files',
    'hosts',
    'manifest',
    'pull',
    'reference',
    'registries',
    'render',
    'report',
    'resolver',
    'source',
  ],
  diff: ['check', 'files', 'manifest', 'pull', 'reference', 'report', 'resolver', 'source'],
  import: [
    'config',
    'files',
    'hosts',
    'node',
    'nodeRoot',
    'registries',
    'render',
    'report',
    'resolver',
    'source',
  ],
  pipeline: [
    'check',
    'build',
    'diff',
    'discovery',
    'errors',
    'files',
    'git',
    'manifest',
    'node',
    'nodeRoot',
    'pull',
    'reference',
    'registries',
    'render',
    'report',
    'source',
    'version',
  ],
  process: [],
  build: ['errors', 'files', 'manifest', 'process', 'source'],
  git: ['files', 'process'],
  proof: [
    'check',
    'config',
    'diagnose',
    'errors',
    'files',
    'hosts',
    'manifest',
    'nodeRoot',
    'process',
    'pull',
    'reference',
    'registries',
    'render',
    'report',
    'resolver',
    'source',
    'transport',
    'version',
  ],
  transport: ['hosts', 'resolver'],
  github: ['check', 'report', 'source'],
  action: [
    'check',
    'diff',
    'errors',
    'exitCodes',
    'files',
    'git',
    'github',
    'pipeline',
    'process',
    'proof',
    'registries',
    'report',
    'source',
    'version',
  ],
  cli: [
    'diagnose',
    'diff',
    'errors',
    'exitCodes',
    'files',
    'git',
    'github',
    'import',
    'manifest',
    'nodeRoot',
    'pipeline',
    'proof',
    'pull',
    'reference',
    'render',
    'report',
    'resolver',
    'source',
    'transport',
    'version',
  ],
};

/** Folders without side effects: everything they know is handed to them. */
const pure = [
  'source',
  'reference',
  'registries',
  'manifest',
  'kustomize',
  'helm',
  'discovery',
  'hosts',
  'resolver',
  'node',
  'config',
  'render',
  'nodeRoot',
  'pull',
  'check',
  'report',
  'diagnose',
  'diff',
  'import',
];

interface Import {
  readonly file: string;
  readonly folder: string;
  readonly specifier: string;
}

const imports: readonly Import[] = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && file.includes('/'))
  .flatMap((file) => {
    const text = readFileSync(join(source, file), 'utf8');
    const specifiers = [
      ...text.matchAll(
        /^(?:import|export)\b[^;]*?\bfrom '([^']+)'|^import '([^']+)'|\bimport\('([^']+)'\)/gm,
      ),
    ];
    return specifiers.map(([, from, bare, dynamic]) => ({
      file,
      folder: file.split('/')[0] ?? '',
      specifier: from ?? bare ?? dynamic ?? '',
    }));
  });

/** The folder, or the file right below `src`, that a relative import reaches. */
function targetOf({ file, specifier }: Import): string {
  const path = posix.join(posix.dirname(file), specifier);
  return (path.split('/')[0] ?? '').replace(/\.ts$/, '');
}

suite('architecture', () => {
  test('imports were found, and every folder is in the table', () => {
    assert.ok(imports.length > 100);
    assert.deepEqual([...new Set(imports.map(({ folder }) => folder))].sort(), Object.keys(mayImport).sort());
  });

  test('folders import only from those below them', () => {
    const offences = imports
      .filter(({ specifier }) => specifier.startsWith('.'))
      .map((found) => ({ ...found, target: targetOf(found) }))
      // The schemas and package.json lie outside of src.
      .filter(
        ({ target, folder }) => target !== '..' && target !== folder && !mayImport[folder]?.includes(target),
      );
    assert.deepEqual(offences, []);
  });

  test('pure folders use nothing of Node.js but posix paths', () => {
    const offences = imports.filter(
      ({ folder, specifier }) =>
        pure.includes(folder) && specifier.startsWith('node:') && specifier !== 'node:path/posix',
    );
    assert.deepEqual(offences, []);
  });

  test('only the Action imports the packages of GitHub', () => {
    const offences = imports.filter(
      ({ folder, specifier }) =>
        specifier.startsWith('@actions/') && folder !== 'action' && folder !== 'github',
    );
    assert.deepEqual(offences, []);
  });
});

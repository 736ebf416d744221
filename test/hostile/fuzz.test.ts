import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import * as fc from 'fast-check';
import { UserError } from '../../src/errors.ts';
import { decodeText } from '../../src/files/decodeText.ts';
import { filesInMemory } from '../../src/files/repositoryFiles.ts';
import { analyse } from '../../src/pipeline/run.ts';
import { formatGithub } from '../../src/report/github.ts';
import { formatJson } from '../../src/report/json.ts';
import { formatMarkdown } from '../../src/report/markdown.ts';
import { formatText } from '../../src/report/text.ts';

const examples = join(import.meta.dirname, '../../examples');
const seed = 20_261_121;

/** Every example, its broken and its fixed state, as path to text. */
const repositories: readonly Readonly<Record<string, string>>[] = readdirSync(examples).flatMap((name) =>
  ['broken', 'fixed'].map((state) => readTexts(join(examples, name, state))),
);

function readTexts(folder: string): Record<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const paths = entries.map(({ parentPath, name }) => join(parentPath, name));
  return Object.fromEntries(paths.map((path) => [path.slice(folder.length + 1), readFileSync(path, 'utf8')]));
}

/** Everything that a run does with a repository; nothing but a `UserError` may come of it. */
function runAll(repository: Readonly<Record<string, string>>): void {
  const files = filesInMemory(repository);
  try {
    const { report } = analyse(files, { substitutions: new Map([['TAG', '1.0']]) });
    formatText(report, files, (_style, text) => text);
    formatJson(report);
    formatGithub(report);
    formatMarkdown(report);
  } catch (error) {
    assert.ok(error instanceof UserError, error instanceof Error ? error.stack : String(error));
  }
}

/** Words that mean something somewhere. */
const words = [
  'apiVersion kind metadata name spec containers image template items mirrors configs endpoint rewrite auth tls password',
  'ca_file cert_file key_file insecure_skip_verify nodes from match runtime configPath containerdConfig resolves labels',
  'taints images checks ignore reason severity off Pod Deployment List Secret Service Node v1 apps/v1 docker.io',
  'http://a:5000 a.b/c:1 containerd://1.6.20 k3s://v1.31 docker:// registries.yaml nodes.yaml config.toml * _default',
  'true 1 1e999 -0 null ~ __proto__ constructor <<',
];

/** What has a meaning in YAML, in templates, or nowhere. */
const yamlSigns =
  '\n|\n  |\n    |: |- | |[|]|{|}|,|"|\'|&a |*a|!!map |!!binary |? |> |#|---\n|...\n|%YAML 1.1\n|\t|\r\n'.split(
    '|',
  );
const oddSigns = ['{{ x }}', '${X}', '\\', '|', '| ', '\ufeff', '\u2028', '\u0000', '\ud800'];

const tomlSigns = [
  '\n| = |[|]|"|\'|[[|]]|.|,|{|}|"""|#|version|plugins|registry|host|server|capabilities|config_path|pull|resolve',
  '"io.containerd.grpc.v1.cri"|"io.containerd.cri.v1.images"|\n[host."http://a"]\n',
  '\n[plugins."io.containerd.grpc.v1.cri".registry.mirrors."a.b"]\nendpoint = ["http://a"]\n',
].flatMap((signs) => signs.split('|'));

const word = fc.constantFrom(...words.flatMap((line) => line.split(' ')));
const sign = fc.constantFrom(...yamlSigns, ...oddSigns);

const yamlLike = fc
  .array(fc.oneof(word, sign, sign, fc.string({ maxLength: 3 })), { maxLength: 60 })
  .map((parts) => parts.join(''));

const tomlLike = fc
  .array(fc.oneof(word, fc.constantFrom(...tomlSigns)), { maxLength: 40 })
  .map((parts) => parts.join(''));

suite('nothing but a UserError comes of', () => {
  test('random bytes', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 200 }),
        fc.constantFrom('a.yaml', 'registries.yaml', 'a.json', 'a.tpl'),
        (bytes, path) => {
          const content = decodeText(Buffer.from(bytes));
          runAll({ [path]: 'text' in content ? content.text : Buffer.from(bytes).toString('latin1') });
        },
      ),
      { numRuns: 150, seed },
    );
  });

  test('texts that look like YAML and TOML', () => {
    fc.assert(
      fc.property(
        yamlLike,
        yamlLike,
        yamlLike,
        tomlLike,
        tomlLike,
        (registries, manifest, inventory, config, hosts) => {
          runAll({
            'registries.yaml': registries,
            'a.yaml': `apiVersion: v1\nkind: Pod\n${manifest}`,
            'a.tpl': `kind: Pod\nimage: x\n${manifest}`,
          });
          runAll({
            'registries.yaml':
              'nodes: [{from: nodes.yaml}, {name: a, runtime: "containerd://1.7.22", containerdConfig: config.toml}]',
            'nodes.yaml': inventory,
            'config.toml': config,
            'certs.d/a.b/hosts.toml': hosts,
            'a.yaml': 'apiVersion: v1\nkind: Pod\nspec: {containers: [{image: "a.b/c:1"}]}',
          });
        },
      ),
      { numRuns: 250, seed },
    );
  });

  test('examples with mistakes in them', () => {
    const mutation = fc.record({
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      length: fc.nat(12),
      text: fc.oneof(word, sign, fc.string()),
    });
    fc.assert(
      fc.property(
        fc.constantFrom(...repositories),
        fc.array(mutation, { minLength: 1, maxLength: 6 }),
        fc.nat(),
        (repository, mutations, which) => {
          const paths = Object.keys(repository);
          const path = paths[which % paths.length] ?? '';
          let text = repository[path] ?? '';
          for (const { at, length, text: inserted } of mutations) {
            const offset = Math.floor(at * text.length);
            text = text.slice(0, offset) + inserted + text.slice(offset + length);
          }
          runAll({ ...repository, [path]: text });
        },
      ),
      { numRuns: 300, seed },
    );
  });
});

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import * as fc from 'fast-check';
import { discover, planBuilds } from '../../src/discovery/discover.ts';
import { readFolder } from '../../src/files/folder.ts';
import { filesInMemory, type RepositoryFiles } from '../../src/files/repositoryFiles.ts';
import { fixtures } from './fixtures.ts';

const pod = `apiVersion: v1
kind: Pod
metadata: {name: web}
spec: {containers: [{name: web, image: nginx:1.27}]}
`;

/** What is said about a repository: kind, place and words, one thing a line. */
function problemsOf(files: RepositoryFiles): readonly string[] {
  return discover(files).buildProblems.map(
    ({ kind, location, message }) => `${kind} ${location.file}:${location.start.line} ${message}`,
  );
}

function inMemory(files: Readonly<Record<string, string>>): readonly string[] {
  const repository = filesInMemory(files);
  assert.deepEqual(planBuilds(repository), [], 'what cannot be built is not built');
  return problemsOf(repository);
}

suite('kustomizations that somebody wrote to do harm', () => {
  test('one that includes itself', () => {
    assert.deepEqual(inMemory({ 'kustomization.yaml': 'resources: [.]\n' }), [
      'failed kustomization.yaml:1 kustomize refuses `.`: it leads back to where it comes from, without end',
    ]);
  });

  test('some that include each other in a circle, of which the manifests count as they stand', () => {
    const files = {
      'a/kustomization.yaml': 'resources: [../b, web.yaml]\nimages: [{name: nginx, newTag: "9"}]\n',
      'a/web.yaml': pod,
      'b/kustomization.yaml': 'resources: [../c]\n',
      'c/kustomization.yaml': 'resources: [../a]\n',
    };
    assert.deepEqual(inMemory(files), [
      'failed c/kustomization.yaml:1 kustomize refuses `../a`: it leads back to where it comes from, without end',
    ]);
    const [use] = discover(filesInMemory(files)).uses.filter(({ pulledBy }) => pulledBy.length > 0);
    assert.equal(use?.text, 'nginx:1.27');
  });

  test('components that include each other', () => {
    const component = 'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n';
    const files = {
      'kustomization.yaml': 'components: [a]\n',
      'a/kustomization.yaml': `${component}components: [../b]\n`,
      'b/kustomization.yaml': `${component}components: [../a]\n`,
    };
    assert.equal(inMemory(files).length, 1);
  });

  test('bases outside of the repository', () => {
    const path = '../../../../etc';
    assert.deepEqual(inMemory({ 'kustomization.yaml': `resources: ["${path}", /etc/passwd]\n` }), [
      `failed kustomization.yaml:1 kustomize refuses \`${path}\`: it is outside of the repository`,
      'failed kustomization.yaml:1 kustomize refuses `/etc/passwd`: it is outside of the repository',
    ]);
  });

  test('bases on the network', () => {
    const remotes = [
      'https://example.net/install.yaml',
      'https://github.com/example/app//deploy?ref=v1',
      'git@github.com:example/app.git//deploy',
      'ssh://git@example.net/app',
      'github.com/example/app/deploy?ref=v1',
      'oci://registry.example.com/app',
    ];
    const text = `resources:\n${remotes.map((remote) => `  - ${remote}\n`).join('')}`;
    assert.deepEqual(
      inMemory({ 'kustomization.yaml': text }),
      remotes.map(
        (remote, index) =>
          `remote kustomization.yaml:${index + 2} \`${remote}\` is on the network and not followed: its images are not known`,
      ),
    );
  });

  test('what stands for a base on the network in a build', () => {
    const files = {
      'kustomization.yaml':
        'resources:\n- https://example.net/install.yaml\n- web.yaml\nimages: [{name: nginx, newTag: "9"}]\n',
      'web.yaml': pod,
    };
    for (const { overrides } of planBuilds(filesInMemory(files)))
      assert.doesNotMatch([...overrides.values()].join(), /example\.net/);
  });

  test('files for generators and transformers from the network, or from the machine that builds', () => {
    const url = 'http://127.0.0.1:8080/secret';
    const encoded = Buffer.from(`a=${url}`).toString('base64');
    const patch = (path: string): string => `{kind: PatchTransformer, metadata: {name: p}, path: ${path}}`;
    const escaped = JSON.stringify(url).replaceAll('/', String.raw`\x2f`);
    for (const field of [
      `configMapGenerator: [{name: a, files: ["a=${url}"]}]`,
      `secretGenerator: [{name: a, envs: [${escaped}]}]`,
      `configMapGenerator: [{name: a, files: [!!binary ${encoded}]}]`,
      `crds: ["HTTP://localhost/x"]`,
      `transformers: ['${patch(escaped)}']`,
      'transformers: [patch.yaml]',
      `Resources: ["${url}"]`,
      `patches: [{Path: "${url}"}]`,
      `<<: {crds: ["${url}"]}`,
    ]) {
      const files = {
        'kustomization.yaml': `resources: [web.yaml]\nimages: [{name: nginx, newTag: "2"}]\n${field}\n`,
        'web.yaml': pod,
        'patch.yaml': patch(url),
      };
      assert.deepEqual(planBuilds(filesInMemory(files)), [], field);
    }
    const harmless = `images: [{name: nginx, newTag: "2"}]\nconfigMapGenerator: [{name: a, literals: ["A=${url}"]}]\n`;
    assert.equal(planBuilds(filesInMemory({ 'kustomization.yaml': harmless })).length, 1);
  });

  test('aliases that unfold without end', () => {
    const bomb = ['a: &a [x,x,x,x,x,x,x,x,x]'];
    for (const [index, letter] of Array.from('bcdefghi').entries())
      bomb.push(`${letter}: &${letter} [${`*${'abcdefgh'.charAt(index)},`.repeat(9)}]`);
    const [problem = ''] = inMemory({
      'kustomization.yaml': `${bomb.join('\n')}\nresources: [web.yaml]\n`,
      'web.yaml': pod,
    });
    assert.match(problem, /^failed .* cannot be read: unfolds to more than 1000000 values/);
  });

  test('diamonds of bases, each of which doubles what there is', () => {
    const files: Record<string, string> = {
      'k0/kustomization.yaml': 'resources: [web.yaml]\n',
      'k0/web.yaml': pod,
    };
    for (let level = 1; level <= 60; level++)
      files[`k${level}/kustomization.yaml`] = `resources: [../k${level - 1}, ../k${level - 1}]\n`;
    assert.ok(discover(filesInMemory(files)).uses.length < 10);
  });

  test('a hundred thousand documents, and rules for them', () => {
    const widget = 'apiVersion: example.com/v1\nkind: Widget\nmetadata: {name: widget}\n---\n';
    const rules = Array.from({ length: 100 }, (_, index) => `- {name: image${index}, newTag: "1"}\n`).join(
      '',
    );
    const { uses } = discover(
      filesInMemory({
        'kustomization.yaml': `resources: [many.yaml]\nimages:\n- {name: nginx, newTag: "9"}\n${rules}`,
        'many.yaml': widget.repeat(99_999) + pod,
      }),
    );
    const [use] = uses.filter(({ pulledBy }) => pulledBy.length > 0);
    assert.equal(use?.text, 'nginx:9');
  });

  test('expressions as names that take long or a lot of memory', () => {
    const names = [
      '(a+)+$',
      '(((((a{1000}){1000}){1000}){1000}){1000})',
      '('.repeat(5000),
      '[',
      'a'.repeat(100_000),
    ];
    const rules = names.map((name) => `- name: '${name}'\n  newTag: "9"\n`).join('');
    const image = `${'a'.repeat(200)}!`;
    const { uses } = discover(
      filesInMemory({
        'kustomization.yaml': `resources: [web.yaml]\nimages:\n${rules}`,
        'web.yaml': pod.replace('nginx:1.27', image),
      }),
    );
    assert.ok(uses.some(({ text, pulledBy }) => text === image && pulledBy.length > 0));
  });

  test('links that lead nowhere, in a circle, and out of the repository', (context) => {
    const root = mkdtempSync(join(tmpdir(), 'mirrorproof-test-'));
    context.after(() => rmSync(root, { recursive: true, force: true }));
    mkdirSync(join(root, 'base'));
    symlinkSync('loop', join(root, 'loop'));
    symlinkSync('..', join(root, 'base/up'));
    symlinkSync('/etc', join(root, 'etc'));
    symlinkSync('/etc/hostname', join(root, 'hostname.yaml'));
    writeFileSync(join(root, 'base/kustomization.yaml'), 'resources: [up]\n');
    writeFileSync(join(root, 'kustomization.yaml'), 'resources: [loop, etc, hostname.yaml, base]\n');
    const problems = problemsOf(readFolder(root));
    assert.equal(problems.length, 4, problems.join('\n'));
    for (const problem of problems) assert.match(problem, /^(?:failed|unbuilt) /);
  });

  test('any change of a kustomization ends in images or in a problem', () => {
    const all = Object.values(fixtures);
    const changed = fc
      .record({
        fixture: fc.nat(all.length - 1),
        file: fc.nat(20),
        at: fc.nat(600),
        length: fc.nat(12),
        text: fc.oneof(
          fc.string({ maxLength: 8 }),
          fc.constantFrom('\n', '- ', ': ', '[', '{', '|\n', '&a ', '*a'),
        ),
      })
      .map(({ fixture, file, at, length, text }) => {
        const files = Object.entries(all[fixture] ?? {});
        const target = file % files.length;
        return Object.fromEntries(
          files.map(([path, content], index) => [
            path,
            index === target ? content.slice(0, at) + text + content.slice(at + length) : content,
          ]),
        );
      });
    fc.assert(
      fc.property(changed, (files) => {
        const repository = filesInMemory(files);
        for (const { overrides } of planBuilds(repository)) assert.ok(overrides);
        assert.ok(discover(repository).uses);
      }),
      { numRuns: 300 },
    );
  });
});

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, describe, it } from 'node:test';
import type { BuildSettings } from '../../src/build/runBuilds.ts';
import { helmVersions, missingHelm } from './helmPrograms.ts';
import { discoverWithHelm } from './render.ts';

const scratch = mkdtempSync(join(tmpdir(), 'mirrorproof-helm-'));
after(() => rmSync(scratch, { recursive: true }));

const chartFile = 'apiVersion: v2\nname: app\nversion: 0.1.0\n';
const values = 'image:\n  repository: registry.example.com/app\n  tag: v1\n';
const pod = (image: string): string =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: app}\nspec:\n  containers:\n    - image: ${image}\n`;
const template = pod('{{ .Values.image.repository }}:{{ .Values.image.tag }}');

// All at once, before the first suite: what comes after it has ended would run without its folders.
const versions = await Promise.all(
  helmVersions.map(async (version) => ({ version, skip: await missingHelm(version) })),
);

for (const { version, skip } of versions) {
  describe(`hostile charts with helm ${version}`, { skip, timeout: 300_000 }, () => {
    const render = async (
      files: Readonly<Record<string, string>>,
      settings: Partial<BuildSettings> = {},
      prepare: (folder: string) => void = () => {},
    ): Promise<readonly string[]> => {
      const folder = mkdtempSync(join(scratch, 'chart-'));
      for (const [path, text] of Object.entries({
        'Chart.yaml': chartFile,
        'values.yaml': values,
        ...files,
      })) {
        mkdirSync(dirname(join(folder, path)), { recursive: true });
        writeFileSync(join(folder, path), text);
      }
      prepare(folder);
      const { uses, buildProblems } = await discoverWithHelm(folder, version, settings);
      return [
        ...uses.filter(({ builtBy, from }) => builtBy ?? from === 'chartValues').map(({ text }) => text),
        ...buildProblems.map(({ kind, message }) => `${kind}: ${message}`),
      ];
    };
    const written = 'registry.example.com/app:v1';
    const onlyConvention = 'Only the images that its values name by convention are known';

    it('end when a template has no end', async () => {
      const endless =
        '{{ range until 100000 }}{{ range until 100000 }}{{ range until 100000 }}{{ end }}{{ end }}{{ end }}';
      const [image, problem, ...more] = await render(
        { 'templates/a.yaml': endless + template },
        { jobTime: 1500 },
      );
      assert.equal(image, written);
      assert.match(problem ?? '', /^failed: the chart app cannot be rendered: .*took longer than 1\.5 s/);
      assert.deepEqual(more, []);
    });

    it('end when a template calls itself', async () => {
      const helper = '{{ define "a" }}{{ include "a" . }}{{ end }}';
      const [image, problem] = await render({
        'templates/_a.tpl': helper,
        'templates/a.yaml': '{{ include "a" . }}',
      });
      assert.equal(image, written);
      assert.match(problem ?? '', /^failed: the chart app cannot be rendered: /);
    });

    it('end when they make too much', async () => {
      const large = `{{ range until 3000 }}\n---\n${pod('example.com/{{ . }}:v1')}{{ end }}`;
      const lines = await render({ 'templates/a.yaml': large }, { maxOutput: 100_000 });
      assert.deepEqual(lines, [
        written,
        `failed: the chart app cannot be rendered: it makes more than 100000 characters of manifests. ${onlyConvention}`,
      ]);
    });

    it('fetch nothing', async () => {
      const dependencies = [
        '{name: far, version: 1.0.0, repository: "oci://registry.example.com/charts"}',
        '{name: farther, version: ">=1", repository: "https://charts.example.com"}',
      ];
      const files = {
        'Chart.yaml': `${chartFile}dependencies: [${dependencies.join()}]\n`,
        'templates/a.yaml': template,
      };
      assert.deepEqual(await render(files), [
        written,
        'remote: the chart app is rendered without far, which would come from oci://registry.example.com/charts: its images are not known',
        'remote: the chart app is rendered without farther, which would come from https://charts.example.com: its images are not known',
      ]);
    });

    it('see nothing outside of the repository', async () => {
      const outside = mkdtempSync(join(scratch, 'outside-'));
      writeFileSync(
        join(outside, 'secret.yaml'),
        pod('secret.example.com/secret:v1').replace('name: app', 'name: secret'),
      );
      const lines = await render(
        { 'templates/a.yaml': `${template}# {{ .Files.Get "secret.yaml" | len }}\n` },
        {},
        (folder) => {
          symlinkSync(outside, join(folder, 'templates', 'outside'));
          symlinkSync(join(outside, 'secret.yaml'), join(folder, 'templates', 'secret.yaml'));
          symlinkSync(join(outside, 'secret.yaml'), join(folder, 'secret.yaml'));
        },
      );
      assert.deepEqual(lines, [written]);
    });

    it('may have values that unfold without end, or 100,000 keys', async () => {
      const laughs = [
        'a: &a [x,x,x,x,x,x,x,x,x,x]',
        ...Array.from('bcdefghij', (name, index) => {
          const before = 'abcdefghij'.charAt(index);
          return `${name}: &${name} [${Array.from({ length: 10 }, () => `*${before}`).join()}]`;
        }),
      ];
      const [unread, problem] = await render({
        'values.yaml': `${laughs.join('\n')}\nimage: a/b:1\n`,
        'templates/a.yaml': template,
      });
      assert.match(unread ?? '', /^unbuilt: these values of a chart are no YAML, or too large/);
      assert.match(problem ?? '', /^failed: the chart app cannot be rendered: /);
      const keys = Array.from({ length: 100_000 }, (_, index) => `k${index}: 1\n`).join('');
      assert.deepEqual(await render({ 'values.yaml': values + keys, 'templates/a.yaml': template }), [
        written,
      ]);
    });

    it('say which value is required', async () => {
      const required = pod('{{ required "set image.name" .Values.image.name }}');
      const [image, problem] = await render({ 'templates/a.yaml': required });
      assert.equal(image, written);
      assert.match(problem ?? '', /^failed: the chart app cannot be rendered: .*set image\.name/);
    });

    it('may have names and texts that mean something elsewhere', async () => {
      const chart = 'apiVersion: v2\nname: $(touch x)\nversion: 0.1.0\n';
      const lines = await render({
        'Chart.yaml': chart,
        'templates/a b,c.yaml': template,
        'values-a,b.yaml': 'image: {tag: v2}\n',
      });
      assert.deepEqual(lines, [written, 'registry.example.com/app:v2']);
    });
  });
}

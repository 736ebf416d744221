import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import type { Finding } from '../../src/check/finding.ts';
import { isPrivateHost } from '../../src/check/privateHost.ts';
import { readFolder } from '../../src/files/folder.ts';
import { filesInMemory, type RepositoryFiles } from '../../src/files/repositoryFiles.ts';
import { analyse } from '../../src/pipeline/run.ts';

/** A folder with `repos`, `truth`, `configs` and `score.mjs`: real repositories, and where their images stand. */
const corpus = process.env['MIRRORPROOF_CORPUS'] ?? '';
const skip = corpus === '' && 'MIRRORPROOF_CORPUS names no corpus of real repositories';
const cli = join(import.meta.dirname, '..', '..', 'dist', 'cli', 'index.js');

function findingsOf(files: RepositoryFiles): readonly Finding[] {
  return analyse(files, { substitutions: new Map() }).report.findings;
}

/** What the scorer's last line has to say at least. */
const wanted = { recall: 0.97, 'macro recall': 0.95, exact: 0.95, precision: 0.97 };

suite('corpus: images', { skip }, () => {
  for (const build of ['off', 'auto']) {
    test(`next to every image is found, and next to nothing else, with --build ${build}`, () => {
      const images = [cli, 'images', '--format', 'json', '--build', build];
      const score = execFileSync(
        process.execPath,
        [join(corpus, 'score.mjs'), corpus, '--', process.execPath, ...images],
        { encoding: 'utf8' },
      );
      for (const [name, least] of Object.entries(wanted)) {
        const [, found = ''] = new RegExp(`^total: (?:.*, )?${name} ([\\d.]+)`, 'm').exec(score) ?? [];
        assert.ok(Number(found) >= least, `${name}\n${score}`);
      }
      for (const place of ['container', 'initContainer']) {
        const [, found, all] = new RegExp(`^  ${place}: (\\d+)/(\\d+)`, 'm').exec(score) ?? [];
        assert.ok(all !== undefined && Number(all) > 0, score);
        assert.equal(found, all, `${place}\n${score}`);
      }
    });
  }
});

const dockerHubOnly = 'mirrors:\n  docker.io:\n    endpoint: ["https://mirror.example.net"]\n';

suite('corpus: a mirror for Docker Hub only', { skip }, () => {
  for (const name of corpus === '' ? [] : readdirSync(join(corpus, 'repos'))) {
    test(`${name}: every image that leaves the mirrors is named`, () => {
      const folder = readFolder(join(corpus, 'repos', name), { manifests: [] });
      const files: RepositoryFiles = {
        ...folder,
        paths: [...folder.paths, 'registries.yaml'].sort(),
        read: (path) => (path === 'registries.yaml' ? { text: dockerHubOnly } : folder.read(path)),
      };
      const { report } = analyse(files, { substitutions: new Map() });
      const named = new Set(
        report.findings.map(
          ({ location }) => `${location.file}:${location.start.line}:${location.start.column}`,
        ),
      );
      const leaving = report.images.filter(
        ({ reference, confidence, pulledBy }) =>
          reference &&
          confidence !== 'possible' &&
          pulledBy.includes('node') &&
          reference.domain !== 'docker.io' &&
          !reference.domain.startsWith('localhost'),
      );
      const unnamed = leaving.filter(
        ({ location }) => !named.has(`${location.file}:${location.start.line}:${location.start.column}`),
      );
      assert.deepEqual(
        unnamed.map(({ text }) => text),
        [],
      );
      assert.ok(
        report.findings.every(
          ({ check, image }) => check !== 'leaves-mirrors' || !isPrivateHost(image ?? ''),
        ),
      );
    });
  }
});

interface Verdict {
  readonly valid: boolean;
  readonly template: boolean;
  readonly problems: readonly unknown[];
}

suite('corpus: registries.yaml files that people wrote', { skip }, () => {
  if (corpus === '') return;
  const folder = join(corpus, 'configs', 'registries.yaml');
  const verdicts = JSON.parse(readFileSync(join(folder, 'verdicts.json'), 'utf8')) as Record<string, Verdict>;
  for (const [name, { valid, problems }] of Object.entries(verdicts)) {
    test(`${name} is ${valid ? 'read' : 'found to be broken'}`, () => {
      const findings = findingsOf(
        filesInMemory({ 'registries.yaml': readFileSync(join(folder, name), 'utf8') }),
      );
      const errors = findings.filter(({ severity }) => severity === 'error');
      if (!valid) assert.notDeepEqual(errors, []);
      if (problems.length === 0) assert.deepEqual(errors, []);
    });
  }
});

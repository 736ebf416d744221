import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GoTomlRelease } from '../../../../src/hosts/goToml/goTomlRelease.ts';
import type { Answer, Vector } from '../vectors.ts';

// Writes what each release says about the texts of vectors.json. Needs Go, and its module proxy.

const modules: Readonly<Record<GoTomlRelease, string>> = {
  '1.8.1': 'github.com/pelletier/go-toml v1.8.1',
  '1.9.3': 'github.com/pelletier/go-toml v1.9.3',
  '1.9.5': 'github.com/pelletier/go-toml v1.9.5',
  '2.2': 'github.com/pelletier/go-toml/v2 v2.2.4',
  '2.3.0': 'github.com/pelletier/go-toml/v2 v2.3.0',
  '2.4': 'github.com/pelletier/go-toml/v2 v2.4.3',
};

function ask(module: string, texts: readonly string[]): readonly Answer[] {
  const folder = mkdtempSync(join(tmpdir(), 'go-toml-'));
  try {
    cpSync(join(import.meta.dirname, module.includes('/v2 ') ? 'v2' : 'v1'), folder, { recursive: true });
    writeFileSync(join(folder, 'go.mod'), `module oracle\n\ngo 1.22\n\nrequire ${module}\n`);
    const env = { ...process.env, GOFLAGS: '-mod=mod' };
    execFileSync('go', ['build', '-o', 'oracle', '.'], { cwd: folder, env });
    const input = texts.map((text) => JSON.stringify(text)).join('\n');
    const output = execFileSync(join(folder, 'oracle'), { input, encoding: 'utf8', maxBuffer: 2 ** 26 });
    return output
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Answer);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const path = join(import.meta.dirname, '..', 'fixtures', 'vectors.json');
const texts = (JSON.parse(readFileSync(path, 'utf8')) as readonly Vector[]).map(({ text }) => text);
const answers = Object.entries(modules).map(([release, module]) => ({ release, list: ask(module, texts) }));
const vectors = texts.map((text, index) => ({
  text,
  answers: Object.fromEntries(answers.map(({ release, list }) => [release, list[index]])),
}));
writeFileSync(path, `[\n${vectors.map((vector) => JSON.stringify(vector)).join(',\n')}\n]\n`);

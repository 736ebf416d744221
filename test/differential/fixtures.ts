import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Case, Observation } from './case.ts';

/**
 * A case as a folder: `case.json` with all but the node's files, which are below `node`, and what containerd did with it, by
 * version, as `observed-1.6.20.json`.
 */
export interface Fixture {
  readonly name: string;
  readonly folder: string;
  readonly case: Case;
  readonly observations: ReadonlyMap<string, Observation>;
}

/** Writes a case and what one version did with it. Observations of other versions stay. */
export async function writeFixture(
  folder: string,
  given: Case,
  version: string,
  observation: Observation,
): Promise<void> {
  const { files, ...rest } = given;
  await writeText(join(folder, 'case.json'), json(rest));
  for (const [path, text] of Object.entries(files)) await writeText(join(folder, 'node', path), text);
  await writeText(join(folder, `observed-${version}.json`), json(observation));
}

const root = join(import.meta.dirname, 'fixtures');

/** Every kept case. */
export const fixtures: readonly Fixture[] = readdirSync(root)
  .sort()
  .map((name) => readFixture(name, join(root, name)));

function readFixture(name: string, folder: string): Fixture {
  const rest: Omit<Case, 'files'> = JSON.parse(readFileSync(join(folder, 'case.json'), 'utf8'));
  const observations = new Map<string, Observation>();
  for (const file of readdirSync(folder)) {
    const [, version] = /^observed-(.+)\.json$/.exec(file) ?? [];
    if (version !== undefined)
      observations.set(version, JSON.parse(readFileSync(join(folder, file), 'utf8')));
  }
  return { name, folder, case: { files: readFiles(join(folder, 'node')), ...rest }, observations };
}

function readFiles(node: string): Readonly<Record<string, string>> {
  if (!existsSync(node)) return {};
  const entries = readdirSync(node, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const paths = entries.map((entry) => join(entry.parentPath, entry.name)).sort();
  return Object.fromEntries(paths.map((path) => [path.slice(node.length), readFileSync(path, 'utf8')]));
}

async function writeText(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Case, Observation } from './case.ts';

/**
 * A case as a folder: `case.json` with all but the node's files, which are below `node`, and what containerd did with it, by
 * version, as `observed-1.6.20.json`.
 */
export interface Fixture {
  readonly name: string;
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

export async function readFixture(folder: string): Promise<Omit<Fixture, 'name'>> {
  const rest: Omit<Case, 'files'> = JSON.parse(await readFile(join(folder, 'case.json'), 'utf8'));
  const files = await readFiles(join(folder, 'node'));
  const observations = new Map<string, Observation>();
  for (const name of await readdir(folder)) {
    const [, version] = /^observed-(.+)\.json$/.exec(name) ?? [];
    if (version === undefined) continue;
    observations.set(version, JSON.parse(await readFile(join(folder, name), 'utf8')));
  }
  return { case: { files, ...rest }, observations };
}

async function readFiles(root: string): Promise<Readonly<Record<string, string>>> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true }).catch(() => []);
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const files = paths.map(async (path) => [path.slice(root.length), await readFile(path, 'utf8')] as const);
  return Object.fromEntries(await Promise.all(files));
}

async function writeText(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

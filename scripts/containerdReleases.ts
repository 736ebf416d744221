/**
 * Writes the table of containerd's official releases anew, from the lists of checksums that Kubespray keeps:
 *
 *     node scripts/containerdReleases.ts roles/kubespray_defaults/vars/main/checksums.yml [OLDER-LIST...]
 *
 * A newer list has no versions that are out of support: those come from an older one. Where two lists disagree nothing is written.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

const architectures = ['amd64', 'arm64'] as const;
/** What is emulated of older ones differs too much. */
const oldest = [1, 6] as const;

type Checksums = ReadonlyMap<string, string>;

/** The checksums of the archives of one architecture in a list of Kubespray. */
function readList(text: string, architecture: string): Checksums {
  const list: unknown = parse(text);
  const archives = property(property(list, 'containerd_archive_checksums'), architecture);
  if (typeof archives !== 'object' || archives === null) throw new Error(`no archives for ${architecture}`);
  return new Map(Object.entries(archives).flatMap(([version, value]) => readEntry(version, value)));
}

/** None where there is no archive of that version, which older lists write as 0. */
function readEntry(version: string, value: unknown): [string, string][] {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isWanted = /^\d+\.\d+\.\d+$/.test(version) && compare([major, minor], oldest) >= 0;
  if (!isWanted || value === 0) return [];
  const [, checksum] = /^(?:sha256:)?([0-9a-f]{64})$/.exec(String(value)) ?? [];
  if (checksum === undefined) throw new Error(`${version} has no SHA-256: ${String(value)}`);
  return [[version, checksum]];
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function merge(lists: readonly Checksums[]): Checksums {
  const merged = new Map<string, string>();
  for (const [version, checksum] of lists.flatMap((list) => [...list])) {
    const known = merged.get(version) ?? checksum;
    if (known !== checksum) throw new Error(`the lists disagree about ${version}: ${known} and ${checksum}`);
    merged.set(version, checksum);
  }
  const newestFirst = [...merged].sort(([a], [b]) => compare(numbersOf(b), numbersOf(a)));
  return new Map(newestFirst);
}

function numbersOf(version: string): readonly number[] {
  return version.split('.').map(Number);
}

function compare(a: readonly number[], b: readonly number[]): number {
  const index = a.findIndex((part, at) => part !== b[at]);
  return index < 0 ? 0 : (a[index] ?? 0) - (b[index] ?? 0);
}

const files = process.argv.slice(2);
if (files.length === 0) throw new Error('name a checksums.yml of Kubespray');
const texts = files.map((file) => readFileSync(file, 'utf8'));
const table = architectures.map((architecture) => {
  const lines = [...merge(texts.map((text) => readList(text, architecture)))].map(
    ([version, checksum]) => `    '${version}': '${checksum}',\n`,
  );
  return `  ${architecture}: {\n${lines.join('')}  },\n`;
});
const file = join(import.meta.dirname, '../src/proof/containerd/officialReleases.ts');
const source = readFileSync(file, 'utf8');
const head = /^[^]*?export const officialReleases[^{]*\{\n/.exec(source)?.[0];
if (head === undefined) throw new Error(`${file} has no table to replace`);
writeFileSync(file, `${head}${table.join('')}};\n`);

/**
 * Writes the generated parts of the documentation, those between `<!-- start NAME -->` and `<!-- end NAME -->`.
 *
 *     node scripts/generateDocs.ts            writes them
 *     node scripts/generateDocs.ts --check    exits with 1 when something is out of date
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { actionTables } from './docs/actionTables.ts';
import { causeSections } from './docs/causesPage.ts';
import { checkSections, checksTable } from './docs/checksPage.ts';
import { commandsHelp } from './docs/commandsHelp.ts';
import { containerdTable } from './docs/containerdPage.ts';
import { replaceSection } from './docs/markdown.ts';
import { catalogueTable } from './docs/discoveryPage.ts';
import { registriesKeys } from './docs/registriesKeys.ts';

/** A part of a document, and what belongs there. */
interface Section {
  readonly file: string;
  readonly name: string;
  readonly generate: (root: string) => string | Promise<string>;
}

const sections: readonly Section[] = [
  { file: 'README.md', name: 'inputs', generate: actionTables },
  { file: 'docs/inputs.md', name: 'inputs', generate: actionTables },
  { file: 'docs/registries-yaml.md', name: 'keys', generate: registriesKeys },
  { file: 'docs/cli.md', name: 'commands', generate: commandsHelp },
  { file: 'docs/containerd.md', name: 'features', generate: containerdTable },
  { file: 'docs/checks.md', name: 'table', generate: checksTable },
  { file: 'docs/checks.md', name: 'checks', generate: checkSections },
  { file: 'docs/discovery.md', name: 'catalogue', generate: catalogueTable },
  { file: 'docs/diagnose.md', name: 'causes', generate: causeSections },
];

/** The documents with generated parts, by path: as they are and as they have to be. */
export async function generateDocs(
  root: string,
): Promise<Map<string, { current: string; generated: string }>> {
  const documents = new Map<string, { current: string; generated: string }>();
  for (const { file, name, generate } of sections) {
    const current = documents.get(file)?.current ?? readFileSync(join(root, file), 'utf8');
    const before = documents.get(file)?.generated ?? current;
    documents.set(file, { current, generated: replaceSection(before, name, await generate(root)) });
  }
  return documents;
}

if (import.meta.main) {
  const root = join(import.meta.dirname, '..');
  const documents = await generateDocs(root);
  const stale = [...documents].filter(([, { current, generated }]) => current !== generated);
  if (process.argv.includes('--check')) {
    for (const [file] of stale) console.error(`${file} is out of date: run \`npm run docs\``);
    process.exitCode = stale.length > 0 ? 1 : 0;
  } else {
    for (const [file, { generated }] of stale) writeFileSync(join(root, file), generated);
  }
}

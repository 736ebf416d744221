import { mkdirSync, mkdtempSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { writeFolder } from '../files/writeFolder.ts';
import { formatJson } from '../report/json.ts';
import type { Report } from '../report/report.ts';
import type { EngineRun } from './proofs.ts';

/** Where the files of a run are: absolute paths, for the artifact and for the steps that follow. */
export interface OutputFiles {
  /** Holds all the others. */
  readonly folder: string;
  /** The report as JSON. */
  readonly report: string;
  /** Folder with the rendered files of each node. */
  readonly rendered: string;
  /** Every file in the folder. */
  readonly all: readonly string[];
}

/** Makes a new folder in `temporary` for the files of a run. */
export function makeOutputFolder(temporary: string): string {
  mkdirSync(temporary, { recursive: true });
  return mkdtempSync(join(temporary, 'mirrorproof-'));
}

/** Writes the report, the rendered files and what the engines printed into the folder of the run, where engines have put files, too. */
export function writeOutputFiles(folder: string, report: Report, proofs: readonly EngineRun[]): OutputFiles {
  const rendered = join(folder, 'rendered');
  mkdirSync(rendered);
  const files = new Map([['report.json', formatJson(report)]]);
  for (const { result, output } of proofs)
    if (result.kind === 'proved') files.set(`proof-${result.document.engine}.json`, output);
  for (const [path, text] of report.rendered) files.set(`rendered/${path}`, text);
  writeFolder(folder, files);
  const all = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  return { folder, report: join(folder, 'report.json'), rendered, all };
}

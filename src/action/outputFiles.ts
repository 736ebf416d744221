import { mkdirSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { writeFolder } from '../files/writeFolder.ts';
import { formatJson } from '../report/json.ts';
import type { Report } from '../report/report.ts';

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

/** Writes the report and the rendered files into a new folder in `temporary`. */
export function writeOutputFiles(report: Report, temporary: string): OutputFiles {
  mkdirSync(temporary, { recursive: true });
  const folder = mkdtempSync(join(temporary, 'mirrorproof-'));
  const rendered = join(folder, 'rendered');
  mkdirSync(rendered);
  const files = new Map([['report.json', formatJson(report)]]);
  for (const [path, text] of report.rendered) files.set(`rendered/${path}`, text);
  writeFolder(folder, files);
  const all = [...files.keys()].map((path) => join(folder, path));
  return { folder, report: join(folder, 'report.json'), rendered, all };
}

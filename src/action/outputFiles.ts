import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
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
export async function writeOutputFiles(report: Report, temporary: string): Promise<OutputFiles> {
  await mkdir(temporary, { recursive: true });
  const folder = await mkdtemp(join(temporary, 'mirrorproof-'));
  const reportFile = join(folder, 'report.json');
  await writeFile(reportFile, formatJson(report));
  const rendered = join(folder, 'rendered');
  await mkdir(rendered);
  const renderedFiles = await writeTree(rendered, report.rendered);
  return { folder, report: reportFile, rendered, all: [reportFile, ...renderedFiles] };
}

/** Writes files by their paths in `folder`; shell scripts become executable. Returns the paths of the files. */
async function writeTree(folder: string, files: ReadonlyMap<string, string>): Promise<string[]> {
  const written: string[] = [];
  for (const [path, text] of files) {
    // Parts of a path are names that somebody wrote into the repository; the renderer is to have made them harmless.
    if (path.split('/').includes('..')) throw new Error(`the rendered path ${path} leads out of its folder`);
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text, { mode: path.endsWith('.sh') ? 0o755 : 0o644 });
    written.push(file);
  }
  return written;
}

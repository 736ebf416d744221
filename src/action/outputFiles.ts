import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { gzipSync } from 'node:zlib';
import { tarArchive } from '../github/tarArchive.ts';
import { formatJson } from '../report/json.ts';
import type { Report } from '../report/report.ts';

/** Where the files of a run are: absolute paths, for the steps that follow. */
export interface OutputFiles {
  /** Holds all the others. */
  readonly folder: string;
  /** The report as JSON. */
  readonly report: string;
  /** Folder with the rendered files of each node. */
  readonly rendered: string;
  /** The same files as one archive. */
  readonly archive: string;
}

/** Writes the report and the rendered files into a new folder in `temporary`. */
export async function writeOutputFiles(report: Report, temporary: string): Promise<OutputFiles> {
  await mkdir(temporary, { recursive: true });
  const folder = await mkdtemp(join(temporary, 'mirrorproof-'));
  const files: OutputFiles = {
    folder,
    report: join(folder, 'report.json'),
    rendered: join(folder, 'rendered'),
    archive: join(folder, 'rendered.tar.gz'),
  };
  await writeFile(files.report, formatJson(report));
  await writeFile(files.archive, gzipSync(tarArchive(report.rendered)));
  await mkdir(files.rendered);
  for (const [path, text] of report.rendered) await writeRendered(files.rendered, path, text);
  return files;
}

async function writeRendered(folder: string, path: string, text: string): Promise<void> {
  const file = join(folder, path);
  // Parts of the path are names of hosts and nodes that somebody wrote into the repository.
  if (relative(folder, file).split(sep).includes('..'))
    throw new Error('a rendered file lies outside of its folder');
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text, { mode: path.endsWith('.sh') ? 0o755 : 0o644 });
}

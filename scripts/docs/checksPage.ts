import { extname, join } from 'node:path';
import type { Check } from '../../src/check/check.ts';
import { checks } from '../../src/check/index.ts';
import { readFolder } from '../../src/files/folder.ts';
import type { RepositoryFiles } from '../../src/files/repositoryFiles.ts';
import { analyse } from '../../src/pipeline/run.ts';
import { formatText } from '../../src/report/text.ts';
import { codeBlock, table } from './markdown.ts';

/** A longer `ok` fixture is not shown: it would say more about the test than about the fix. */
const maxFixLines = 30;

/** The table of all checks. */
export function checksTable(): string {
  const rows = checks.map(({ id, severity, summary }) => [`[${id}](#${id})`, severity, summary]);
  return table(['check', 'severity', 'what it finds'], rows);
}

/** One section for each check; what the examples print is what mirrorproof prints for the fixtures. */
export function checkSections(root: string): string {
  return checks.map((check) => section(root, check)).join('\n');
}

function section(root: string, { id, severity, summary, documentation }: Check): string {
  const fixtures = join(root, 'test/check/rules', id);
  const bad = readFolder(join(fixtures, 'bad'));
  const fix = shownFix(bad, readFolder(join(fixtures, 'ok')));
  return [
    `## ${id}\n`,
    `Finds ${summary}. Severity: ${severity}.\n`,
    `${documentation}\n`,
    ...listFiles(bad, bad.paths),
    'What it prints:\n',
    codeBlock('text', printedFindings(id, bad)),
    ...(fix.length > 0 ? ['Nothing is found here:\n', ...fix] : []),
  ].join('\n');
}

function printedFindings(id: string, files: RepositoryFiles): string {
  const { report } = analyse(files, { substitutions: new Map() });
  const findings = report.findings.filter(({ check }) => check === id);
  return formatText({ ...report, findings }, files, (_style, text) => text);
}

/** The files of the `ok` fixture that stand for those in which something is found, where they are short. */
function shownFix(bad: RepositoryFiles, ok: RepositoryFiles): readonly string[] {
  const shown = ok.paths.filter((path) => bad.paths.includes(path) && textOf(ok, path) !== textOf(bad, path));
  const lines = shown.reduce((sum, path) => sum + (textOf(ok, path) ?? '').split('\n').length, 0);
  return lines > maxFixLines ? [] : listFiles(ok, shown);
}

function listFiles(files: RepositoryFiles, paths: readonly string[]): readonly string[] {
  return paths.flatMap((path) => {
    const text = textOf(files, path);
    return text === undefined ? [] : [`\`${path}\`:\n`, codeBlock(extname(path).slice(1), text)];
  });
}

function textOf(files: RepositoryFiles, path: string): string | undefined {
  const content = files.read(path);
  return content && 'text' in content ? content.text : undefined;
}

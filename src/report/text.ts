import type { Finding } from '../check/finding.ts';
import type { RepositoryFiles } from '../files/repositoryFiles.ts';
import { formatPlace, type Location } from '../source/location.ts';
import { hideLogins } from '../source/logins.ts';
import type { Report } from './report.ts';
import { describeVerdict } from './verdict.ts';
import { visibleText } from './visibleText.ts';
import { inertLine } from './workflowCommand.ts';

/** What a text is, which decides how it looks. */
export type Style = 'error' | 'warning' | 'notice' | 'place' | 'quiet' | 'added' | 'removed' | 'plain';

/** Gives a text the look of what it is, where colours can be seen. */
export type Paint = (style: Style, text: string) => string;

/** Longer lines are cut around the place that matters. */
const frameWidth = 100;

/**
 * The report for a person at a terminal: each finding with its line of text, then the verdict. No line shows a login, and none
 * is a command to the GitHub Actions runner.
 */
export function formatText(report: Report, files: RepositoryFiles, paint: Paint): string {
  const lines = new LineReader(files);
  const findings = report.findings.map((finding) => formatFinding(finding, lines, paint));
  const hint = describeRegistries(report);
  const text = `${findings.join('\n')}${findings.length > 0 ? '\n' : ''}${hint === undefined ? '' : `${hint}\n`}${describeVerdict(report)}\n`;
  return text.split('\n').map(inertLine).join('\n');
}

/** Which registries.yaml counts, where that is not plain. */
function describeRegistries({ registriesFile, otherRegistriesFiles }: Report): string | undefined {
  if (registriesFile === undefined) {
    return 'There is no registries.yaml here, so every node is taken as containerd comes: without mirrors.';
  }
  if (otherRegistriesFiles.length === 0) return undefined;
  const others = `${visibleText(otherRegistriesFiles[0] ?? '')}${otherRegistriesFiles.length > 1 ? ' and others' : ''}`;
  return `All of this is judged by ${visibleText(registriesFile)}, and not by ${others}: --registries chooses.`;
}

/** One finding with its line of text, and an empty line behind it. */
export function formatFinding(finding: Finding, lines: LineReader, paint: Paint): string {
  const { severity, check, message, location, fix, related } = finding;
  return [
    `${paint('place', place(location))} ${paint(severity, severity)} ${visibleText(message)} ${paint('quiet', `[${check}]`)}`,
    ...codeFrame(location, lines, paint),
    ...(related ?? []).map(
      (other) => `    ${paint('quiet', 'see:')} ${place(other.location)} ${visibleText(other.message)}`,
    ),
    ...(fix ? [`    ${paint('quiet', 'fix:')} ${visibleText(fix.message)}`] : []),
    '',
  ].join('\n');
}

/** A place as reports name it, with nothing hidden. */
export function place(location: Location): string {
  return visibleText(formatPlace(location));
}

/** The line of a place, with a mark below it; nothing where there is no such line. */
export function codeFrame(location: Location, lines: LineReader, paint: Paint): string[] {
  const { start, end } = location;
  const line = lines.read(location.file, start.line);
  if (line === undefined || line.trim() === '') return [];
  const from = start.column <= frameWidth * 0.8 ? 0 : start.column - Math.floor(frameWidth / 2);
  const shown = line.slice(from, from + frameWidth);
  const before = visibleText(shown.slice(0, start.column - 1 - from)).length;
  const lastColumn = end.line === start.line ? end.column : line.length + 1;
  const marked = visibleText(shown.slice(start.column - 1 - from, lastColumn - 1 - from)).length;
  const margin = String(start.line).length;
  return [
    `    ${paint('quiet', `${start.line} |`)} ${visibleText(shown)}`,
    `    ${' '.repeat(margin)} ${paint('quiet', '|')} ${' '.repeat(before)}${paint('error', '^'.repeat(Math.max(marked, 1)))}`,
  ];
}

/** Files whose lines are kept: findings come file by file, and name few others. */
const maxKeptFiles = 50;

/** Lines of files without the logins in them. A file that is asked for again and again is taken apart once. */
export class LineReader {
  readonly #files: RepositoryFiles;
  readonly #lines = new Map<string, readonly string[]>();

  constructor(files: RepositoryFiles) {
    this.#files = files;
  }

  read(file: string, line: number): string | undefined {
    const lines = this.#lines.get(file) ?? this.#takeApart(file);
    // The one that was asked for last is the last to be forgotten.
    this.#lines.delete(file);
    this.#lines.set(file, lines);
    return lines[line - 1];
  }

  #takeApart(file: string): readonly string[] {
    const [oldest] = this.#lines.keys();
    if (oldest !== undefined && this.#lines.size >= maxKeptFiles) this.#lines.delete(oldest);
    const content = this.#files.read(file);
    return hideLogins(content && 'text' in content ? content.text.split(/\r\n|\r|\n/) : []);
  }
}

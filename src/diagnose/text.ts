import type { RepositoryFiles } from '../files/repositoryFiles.ts';
import { plural } from '../report/plural.ts';
import { codeFrame, LineReader, place, type Paint } from '../report/text.ts';
import { visibleText } from '../report/visibleText.ts';
import { inertLine } from '../report/workflowCommand.ts';
import { listNames } from '../check/people.ts';
import { causes } from './causes.ts';
import { plainText } from './errorText.ts';
import type { ExplainedError, ExplainedReport } from './explainReport.ts';

/** UTF-16 code units of an error that are printed. */
const maxShown = 700;

/** The explained errors for a person at a terminal. No line shows a login, and none is a command to the GitHub Actions runner. */
export function formatText(report: ExplainedReport, files: RepositoryFiles, paint: Paint): string {
  const lines = new LineReader(files);
  const blocks = report.errors.map((error) => `${formatError(error, lines, paint)}\n`);
  return [...blocks, verdict(report)].join('\n').split('\n').map(inertLine).join('\n');
}

function formatError(error: ExplainedError, lines: LineReader, paint: Paint): string {
  const { cause, message, location, reason, check, related, fix } = error;
  const severity = remarks.has(cause) ? 'notice' : 'error';
  const subject = location ? place(location) : visibleText(error.image ?? error.url ?? '');
  const because = check === undefined ? '' : ` ${paint('quiet', `[${check}]`)}`;
  const row = (name: string, text: string): string => `    ${paint('quiet', `${name}:`)} ${text}`;
  return [
    `${subject === '' ? '' : `${paint('place', subject)} `}${paint(severity, severity)} ${visibleText(message)} ${paint('quiet', `[${cause}]`)}`,
    ...(location ? codeFrame(location, lines, paint) : []),
    ...(reason === undefined ? [] : [row('why', `${visibleText(reason)}${because}`)]),
    ...(related ?? []).map((other) => row('see', `${place(other.location)} ${visibleText(other.message)}`)),
    ...(fix ? [row('fix', visibleText(fix.message))] : []),
    row('said', `${visibleText(shorten(error.text))}${occurrences(error)}`),
  ].join('\n');
}

const remarks: ReadonlySet<string> = new Set(causes.filter(({ isRemark }) => isRemark).map(({ id }) => id));

/** The error without what a log writes around it. */
function shorten(text: string): string {
  const plain = plainText(text).trim();
  const quoted = /\b(?:err|error)="/.exec(plain);
  const shown = quoted ? plain.slice(quoted.index + quoted[0].length) : plain;
  return shown.length <= maxShown ? shown : `${shown.slice(0, maxShown)} ...`;
}

function occurrences({ count, nodes, pods }: ExplainedError): string {
  const parts = [
    ...(count > 1 ? [`${count} times`] : []),
    ...(nodes.length > 0 ? [`on ${visibleText(listNames(nodes))}`] : []),
    ...(pods.length > 0 ? [`for ${visibleText(listNames(pods))}`] : []),
  ];
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`;
}

function verdict({ errors, leftOut }: ExplainedReport): string {
  if (errors.length === 0) return 'No pull error was found in the input.\n';
  const unknown = errors.filter(({ cause }) => cause === 'unknown').length;
  const known = errors.length - unknown;
  const parts = [
    ...(known > 0 ? [`${plural(known, 'error')} explained`] : []),
    ...(unknown > 0 ? [`${plural(unknown, 'error')} not known`] : []),
    ...(leftOut > 0 ? [`${leftOut} more left out`] : []),
  ];
  return `${parts.join(', ')}.\n`;
}

import type { Finding } from '../check/finding.ts';
import { groupBy } from '../source/groupBy.ts';
import type { Location } from '../source/location.ts';
import { severities } from '../source/severity.ts';
import { byteLength, rowsThatFit } from './byteBudget.ts';
import { collectFailingPaths, failingImages } from './failingPaths.ts';
import { writeMatrix } from './markdownMatrix.ts';
import { escapeMarkdown, markdownCode, markdownLink, markdownSentence } from './markdownText.ts';
import { drawFailingPaths } from './mermaid.ts';
import { plural } from './plural.ts';
import type { Report } from './report.ts';
import { describeVerdict, listCounts } from './verdict.ts';

/** How a report is written as Markdown. */
export interface MarkdownOptions {
  /** Address of the checked folder's files, to which a path and a line are added: `https://github.com/o/r/blob/<commit>`. */
  readonly filesUrl?: string;
  /** Address at which the rendered configuration can be downloaded. */
  readonly artifactUrl?: string;
  /** Markdown that says what a change does, of no more than {@link changeBytes} bytes. */
  readonly change?: string;
  /** Markdown that says what was proved, of no more than {@link proofBytes} bytes. */
  readonly proof?: string;
}

// GitHub drops a job summary of more than 1 MiB, and may lose one that comes close (actions/runner issue 4337).
const maxBytes = 1000 * 1024;
/** Bytes that are kept for what is said of a change. */
export const changeBytes = 150 * 1024;
/** Bytes that are kept for what is said of proofs. */
export const proofBytes = 100 * 1024;
/** Part of the whole that the findings may take; the matrix takes what is left. */
const findingsShare = 0.6;
/** Room for headings, the flowchart, and what is said of cuts. */
const reservedShare = 0.3;
/** Other places that one finding lists. */
const maxRelated = 5;

/**
 * The report as a GitHub job summary: the verdict, the findings by check, the images against the nodes, and the pull paths
 * that fail. Whatever does not fit into a summary is left out from the end of its table, and the text says so.
 */
export function formatMarkdown(report: Report, options: MarkdownOptions = {}): string {
  const { change = '', proof = '' } = options;
  const changed = byteLength(change) + byteLength(proof);
  const findings = writeFindings(report.findings, options.filesUrl, maxBytes * findingsShare - changed);
  const left = maxBytes * (1 - reservedShare) - byteLength(findings) - changed;
  const sections = [
    '## mirrorproof',
    `**${escapeMarkdown(describeVerdict(report))}**`,
    ...(options.artifactUrl === undefined ? [] : [describeArtifact(options.artifactUrl)]),
    proof,
    findings,
    change,
    writeFailingPaths(report, maxBytes * reservedShare * 0.8),
    writeMatrix(report, left),
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

function describeArtifact(url: string): string {
  return `The files for each node are in ${markdownLink('the artifact of this run', url)}.`;
}

function writeFindings(findings: readonly Finding[], filesUrl: string | undefined, bytes: number): string {
  const tables: string[] = [];
  let left = bytes;
  let leftOut = 0;
  for (const group of groupByCheck(findings)) {
    const rows = group.map((finding) => writeFinding(finding, filesUrl));
    const head = `### ${markdownCode(group[0].check)} (${listCounts(group)})\n\n| Severity | Where | What |\n| --- | --- | --- |`;
    const fitting = rowsThatFit(rows, left - byteLength(head));
    leftOut += rows.length - fitting.length;
    if (fitting.length === 0) continue;
    const table = [head, ...fitting].join('\n');
    tables.push(table);
    left -= byteLength(table) + 2;
  }
  if (leftOut > 0)
    tables.push(`_${plural(leftOut, 'finding')} left out here for want of room: report.json has them all._`);
  return tables.join('\n\n');
}

/** Findings of one check together; the check with the worst and most findings first. */
function groupByCheck(findings: readonly Finding[]): (readonly [Finding, ...Finding[]])[] {
  const groups = groupBy(findings.toSorted(bySeverity), ({ check }) => check);
  return [...groups.values()].sort((a, b) => bySeverity(a[0], b[0]) || b.length - a.length);
}

function bySeverity(a: Finding, b: Finding): number {
  return severities.indexOf(a.severity) - severities.indexOf(b.severity);
}

function writeFinding(finding: Finding, filesUrl: string | undefined): string {
  const related = finding.related ?? [];
  const lines = [
    markdownSentence(finding.message),
    ...related
      .slice(0, maxRelated)
      .map((place) => `${writePlace(place.location, filesUrl)}: ${markdownSentence(place.message)}`),
    ...(related.length > maxRelated ? [`and ${plural(related.length - maxRelated, 'other place')}`] : []),
    ...(finding.fix === undefined ? [] : [`Fix: ${markdownSentence(finding.fix.message)}`]),
  ];
  return `| ${finding.severity} | ${writePlace(finding.location, filesUrl)} | ${lines.join('<br>')} |`;
}

function writePlace({ file, start }: Location, filesUrl: string | undefined): string {
  const place = markdownCode(`${file}:${start.line}`);
  if (filesUrl === undefined) return place;
  const path = file.split('/').map(encodePathSegment).join('/');
  return markdownLink(place, `${filesUrl}/${path}#L${start.line}`);
}

function encodePathSegment(segment: string): string {
  return encodeURIComponent(segment.replaceAll(/\p{Cs}/gu, '\uFFFD'));
}

function writeFailingPaths({ matrix, findings }: Report, bytes: number): string {
  const paths = collectFailingPaths(matrix, failingImages(findings));
  if (paths.length === 0) return '';
  const { text, leftOut } = drawFailingPaths(paths);
  const note =
    leftOut > 0 ? `\n\n_The diagram leaves out ${plural(leftOut, 'pull path')} that fail too._` : '';
  const section = `### Pull paths that fail\n\n\`\`\`mermaid\n${text}\n\`\`\`${note}`;
  if (byteLength(section) <= bytes) return section;
  return '_The diagram of the pull paths that fail is left out for want of room._';
}

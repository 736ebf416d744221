import type { Finding } from '../check/finding.ts';
import { plural } from './plural.ts';
import type { Report } from './report.ts';
import { visibleText } from './visibleText.ts';

/** How many findings there are of each severity. */
export interface SeverityCounts {
  readonly errors: number;
  readonly warnings: number;
  readonly notices: number;
}

/** Counts findings by their severity. */
export function countBySeverity(findings: readonly Finding[]): SeverityCounts {
  const count = (severity: Finding['severity']): number =>
    findings.filter((finding) => finding.severity === severity).length;
  return { errors: count('error'), warnings: count('warning'), notices: count('notice') };
}

/** How many findings there are of each severity that there is: `2 errors, 1 notice`; empty without any. */
export function listCounts(findings: readonly Finding[]): string {
  const { errors, warnings, notices } = countBySeverity(findings);
  return [
    ...(errors > 0 ? [plural(errors, 'error')] : []),
    ...(warnings > 0 ? [plural(warnings, 'warning')] : []),
    ...(notices > 0 ? [plural(notices, 'notice')] : []),
  ].join(', ');
}

/** The outcome of a run in one sentence: what was found, and in how much. */
export function describeVerdict(report: Report): string {
  const found = listCounts(report.findings);
  if (report.images.length === 0 && found === '') return nothingChecked;
  const ignored = report.ignored > 0 ? `, ${plural(report.ignored, 'finding')} ignored` : '';
  const { changedSince } = report;
  const cause = changedSince ? ` caused by the change since ${visibleText(changedSince.revision)}` : '';
  const older = changedSince?.olderFindings ?? 0;
  const hidden =
    older > 0 ? ` ${plural(older, 'older finding')} ${older === 1 ? 'is' : 'are'} not shown.` : '';
  return `${found || 'No findings'}${cause} in ${describeScope(report)}${ignored}.${hidden}`;
}

const nothingChecked = 'No image was found in manifests, kustomizations or charts, so nothing was checked.';

function describeScope({ nodes, statistics }: Report): string {
  const configurations =
    statistics.nodeConfigurations === nodes.length
      ? ''
      : ` (${plural(statistics.nodeConfigurations, 'configuration')})`;
  return `${plural(statistics.references, 'image')} on ${plural(nodes.length, 'node')}${configurations}`;
}

import { compareFindings, type Finding } from '../check/finding.ts';
import { compareDocuments, type Disagreement } from '../proof/compareDocuments.ts';
import { documentFindings } from '../proof/document.ts';
import type { EngineResult } from '../proof/formatMarkdown.ts';
import type { Report } from '../report/report.ts';
import { startOfFile } from '../source/location.ts';
import { isAtLeast } from '../source/severity.ts';

/** A report with what engines found out about it. */
export interface ProvedReport {
  readonly report: Report;
  readonly disagreements: readonly Disagreement[];
}

/**
 * Adds to a report what is not proved. A pull that fails where an error is reported already is no second finding on the same line:
 * it is what the first one said.
 *
 * @param isAskedFor - Somebody named the engines: then one that cannot work is an error.
 */
export function withProofs(
  report: Report,
  results: readonly EngineResult[],
  isAskedFor: boolean,
): ProvedReport {
  const documents = results.flatMap((result) => (result.kind === 'proved' ? [result.document] : []));
  const disagreements = compareDocuments(documents);
  const found = distinct(documents.flatMap(documentFindings)).filter(
    (finding) => !isSaid(finding, report.findings),
  );
  const findings = [
    ...report.findings,
    ...found,
    ...disagreements.map((disagreement) => disagreementFinding(disagreement, report)),
    ...(isAskedFor ? results.flatMap((result) => unavailableFinding(result, report)) : []),
  ];
  return { report: { ...report, findings: findings.sort(compareFindings) }, disagreements };
}

/** Two engines that say the same of a line. */
function distinct(findings: readonly Finding[]): readonly Finding[] {
  const byKey = new Map(
    findings.map((finding) => [
      JSON.stringify([finding.check, finding.location, finding.nodes, finding.image]),
      finding,
    ]),
  );
  return [...byKey.values()];
}

function isSaid({ check, location }: Finding, known: readonly Finding[]): boolean {
  if (check !== 'refuted-pull') return false;
  return known.some(
    (finding) =>
      isAtLeast(finding.severity, 'error') &&
      finding.location.file === location.file &&
      finding.location.start.line === location.start.line,
  );
}

function disagreementFinding(
  { reference, node, provedBy, refutedBy, error }: Disagreement,
  report: Report,
): Finding {
  const message =
    `${provedBy} pulls \`${reference}\` on ${node}, and ${refutedBy} does not, so that one of them is wrong, which is a bug of ` +
    `mirrorproof: please report it. ${refutedBy} said: ${error}`;
  return { check: 'proofs-disagree', severity: 'error', message, location: anywhere(report), nodes: [node] };
}

function unavailableFinding(result: EngineResult, report: Report): readonly Finding[] {
  if (result.kind === 'proved') return [];
  const message = `nothing was proved with ${result.engine}, which the input \`prove\` asks for: ${result.reason}`;
  return [{ check: 'not-proved', severity: 'error', message, location: anywhere(report) }];
}

function anywhere({ registriesFile, images }: Report): Finding['location'] {
  return startOfFile(registriesFile ?? images[0]?.location.file ?? 'registries.yaml');
}

import { compareFindings, isSaid, type Finding } from '../check/finding.ts';
import type { CheckResult } from '../check/runChecks.ts';
import { compareDocuments, explainDisagreement, type Disagreement } from '../proof/compareDocuments.ts';
import { documentFindings } from '../proof/document.ts';
import type { EngineResult } from '../proof/formatMarkdown.ts';
import type { Report } from '../report/report.ts';
import { startOfFile } from '../source/location.ts';

/** A report with what engines found out about it. */
export interface ProvedReport {
  readonly report: Report;
  readonly disagreements: readonly Disagreement[];
}

/** What the checks of the same files have found. */
export type Checked = Pick<CheckResult, 'findings' | 'isLeftAlone'>;

/**
 * Adds to a report what is not proved. A pull that fails where an error is reported already is no second finding on the same line:
 * it is what the first one said. What the user says to leave alone is counted.
 *
 * @param isAskedFor - Somebody named the engines: then one that cannot work is an error.
 * @param checked - All that is wrong, also what the report leaves out because the pull request does not cause it.
 */
export function withProofs(
  report: Report,
  results: readonly EngineResult[],
  isAskedFor: boolean,
  { findings: known, isLeftAlone }: Checked = { findings: report.findings, isLeftAlone: () => false },
): ProvedReport {
  const documents = results.flatMap((result) => (result.kind === 'proved' ? [result.document] : []));
  const disagreements = compareDocuments(documents);
  const unsaid = distinct(documents.map(documentFindings)).filter(
    (finding) => finding.check !== 'refuted-pull' || !isSaid(finding, known),
  );
  const found = unsaid.filter((finding) => !isAboutPull(finding) || !isLeftAlone(finding));
  const findings = [
    ...report.findings,
    ...found,
    ...disagreements.map((disagreement) => disagreementFinding(disagreement, report)),
    ...results.flatMap((result) => unavailableFinding(result, isAskedFor, report)),
  ];
  const ignored = report.ignored + unsaid.length - found.length;
  return { report: { ...report, findings: findings.sort(compareFindings), ignored }, disagreements };
}

/** False for what is said of the proof itself. */
function isAboutPull({ check }: Finding): boolean {
  return check === 'refuted-pull' || check === 'inconclusive-pull';
}

/** Without what a second engine says of the same line. One engine may say several things of it. */
function distinct(byEngine: readonly (readonly Finding[])[]): readonly Finding[] {
  const keyOf = ({ check, location, nodes, image }: Finding): string =>
    JSON.stringify([check, location, nodes, image]);
  const known = new Set<string>();
  return byEngine.flatMap((findings) => {
    const others = findings.filter((finding) => !known.has(keyOf(finding)));
    for (const finding of others) known.add(keyOf(finding));
    return others;
  });
}

function disagreementFinding(disagreement: Disagreement, report: Report): Finding {
  const { reference, node, provedBy, refutedBy, error } = disagreement;
  const message =
    `${provedBy} pulls \`${reference}\` on ${node}, and ${refutedBy} does not, so that ${explainDisagreement(disagreement)}. ` +
    `${refutedBy} said: ${error}`;
  return { check: 'proofs-disagree', severity: 'error', message, location: anywhere(report), nodes: [node] };
}

function unavailableFinding(result: EngineResult, isAskedFor: boolean, report: Report): readonly Finding[] {
  const { engine, reason, isFault } = describeNothing(result);
  if (reason === undefined || (!isAskedFor && !isFault)) return [];
  const message = `nothing was proved with ${engine}${isAskedFor ? ', which the input `prove` asks for' : ''}: ${reason}`;
  return [{ check: 'not-proved', severity: 'error', message, location: anywhere(report) }];
}

/** Why an engine has not judged a single pull; without a reason where it has. */
function describeNothing(result: EngineResult): {
  readonly engine: string;
  readonly reason?: string;
  readonly isFault: boolean;
} {
  if (result.kind === 'unavailable') return result;
  const { engine, summary } = result.document;
  if (summary.proved + summary.refuted > 0) return { engine, isFault: false };
  return { engine, reason: 'all pulls are inconclusive', isFault: false };
}

function anywhere({ registriesFile, images }: Report): Finding['location'] {
  return startOfFile(registriesFile ?? images[0]?.location.file ?? 'registries.yaml');
}

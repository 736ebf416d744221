import type { RepositoryFiles } from '../files/repositoryFiles.ts';
import { plural } from '../report/plural.ts';
import { formatFinding, LineReader, type Paint } from '../report/text.ts';
import { visibleText } from '../report/visibleText.ts';
import { inertLine } from '../report/workflowCommand.ts';
import { proofFindings, shorten, type ProofFinding } from './findings.ts';
import type { Proof } from './proof.ts';
import { countOutcomes, verdictOf, type ProofRun } from './summary.ts';

/** A run for people: what is not proved with the line that it comes from, what is proved in one line. */
export function formatText(run: ProofRun, files: RepositoryFiles, paint: Paint): string {
  const lines = new LineReader(files);
  const blocks = proofFindings(run).map((found) => describe(found, lines, paint));
  const text = [...blocks, ...summary(run, paint), ''].join('\n');
  return text.split('\n').map(inertLine).join('\n');
}

function describe({ finding, proofs }: ProofFinding, lines: LineReader, paint: Paint): string {
  const [first] = proofs;
  const row = (name: string, text: string): string =>
    `    ${paint('quiet', `${name}:`)} ${visibleText(text)}`;
  return [
    formatFinding(finding, lines, paint).trimEnd(),
    ...whyNot(first).map((line) => row('why', line)),
    ...(first?.outcome.status === 'refuted' ? [row('said', shorten(first.outcome.error))] : []),
    ...lastRequests(first?.evidence ?? []).map((line) => row('asked', line)),
    ...(first?.assumptions ?? []).map((line) => row('but', line)),
    '',
  ].join('\n');
}

/** The reason that a check gives is in the finding already. */
function whyNot(proof: Proof | undefined): readonly string[] {
  const { reason, check } = proof?.diagnosis ?? {};
  return reason === undefined || check !== undefined ? [] : [reason];
}

/** More of them are in the JSON. */
const maxRequests = 5;
function lastRequests(evidence: Proof['evidence']): readonly string[] {
  return evidence.slice(-maxRequests).map(({ method, url, status }) => `${method} ${url} -> ${status}`);
}

function summary(run: ProofRun, paint: Paint): readonly string[] {
  const { proved, refuted, inconclusive } = countOutcomes(run);
  const upstream = run.proofs.filter(
    ({ outcome }) => outcome.status === 'proved' && outcome.isUpstream,
  ).length;
  const parts = [
    ...(refuted > 0 ? [paint('error', `${refuted} refuted`)] : []),
    ...(inconclusive > 0 ? [paint('warning', `${inconclusive} inconclusive`)] : []),
    `${proved} proved${upstream > 0 ? ` (${upstream} by the registry itself, without a mirror)` : ''}`,
  ];
  const assumed = new Set(
    run.proofs.flatMap(({ outcome, assumptions }) => (outcome.status === 'proved' ? assumptions : [])),
  );
  return [
    `${plural(run.proofs.length, 'pull')} by ${run.engine}: ${parts.join(', ')}`,
    ...[...assumed].map((line) => `  ${paint('quiet', `provided that ${visibleText(line)}`)}`),
    ...describeControls(run),
  ];
}

function describeControls(run: ProofRun): readonly string[] {
  if (verdictOf(run) === 'worthless' || run.controls.length === 0) return [];
  return [`${plural(run.controls.length, 'control')} failed, as it must be`];
}

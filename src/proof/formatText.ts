import { plural } from '../report/plural.ts';
import { place, type Paint } from '../report/text.ts';
import { visibleText } from '../report/visibleText.ts';
import type { Proof } from './proof.ts';
import { countOutcomes, verdictOf, type ProofRun } from './summary.ts';

/** A run for people: what is not proved in full, what is in one line. */
export function formatText(run: ProofRun, paint: Paint): string {
  const open = run.proofs.filter(({ outcome }) => outcome.status !== 'proved');
  return [...open.flatMap((proof) => [...describe(proof, paint), '']), ...summary(run, paint), ''].join('\n');
}

function describe({ pull, outcome, evidence, assumptions, runtime }: Proof, paint: Paint): readonly string[] {
  const isRefuted = outcome.status === 'refuted';
  const [first] = pull.uses;
  const others = pull.uses.length - 1;
  const where = first
    ? `${visibleText(place(first.location))}${others > 0 ? ` and ${others} more` : ''}`
    : '';
  const text =
    outcome.status === 'refuted' ? outcome.error : outcome.status === 'inconclusive' ? outcome.reason : '';
  return [
    `${paint(isRefuted ? 'error' : 'warning', outcome.status)} ${visibleText(pull.image)} on ${visibleText(listNodes(pull.nodes))}`,
    `  ${paint('place', where)}`,
    `  ${runtime === undefined ? '' : `${runtime}: `}${visibleText(text)}`,
    ...lastRequests(evidence).map((line) => `  ${paint('quiet', visibleText(line))}`),
    ...assumptions.map((line) => `  ${paint('quiet', `but ${visibleText(line)}`)}`),
  ];
}

/** More of them are in the JSON. */
const maxRequests = 5;
const maxNodes = 5;

function lastRequests(evidence: Proof['evidence']): readonly string[] {
  return evidence.slice(-maxRequests).map(({ method, url, status }) => `${method} ${url} -> ${status}`);
}

function listNodes(nodes: readonly string[]): string {
  const more = nodes.length - maxNodes;
  return nodes.slice(0, maxNodes).join(', ') + (more > 0 ? ` and ${more} more` : '');
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
    ...describeControls(run, paint),
  ];
}

function describeControls(run: ProofRun, paint: Paint): readonly string[] {
  const { controls } = run;
  const failed = controls.filter(({ isSound }) => !isSound);
  if (verdictOf(run) !== 'worthless') {
    return controls.length === 0
      ? []
      : [`${plural(controls.length, 'control')} without any registry failed, as it must be`];
  }
  return failed.map(({ pull, text }) => {
    const what = `the control with ${visibleText(pull.image)} on ${visibleText(listNodes(pull.nodes))}`;
    return paint('error', `${what}: ${visibleText(text)}: nothing that is proved here means anything`);
  });
}

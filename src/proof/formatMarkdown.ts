import { listNames } from '../check/people.ts';
import { byteLength, rowsThatFit } from '../report/byteBudget.ts';
import { proofBytes } from '../report/markdown.ts';
import { escapeMarkdown, markdownCode } from '../report/markdownText.ts';
import { plural } from '../report/plural.ts';
import { explainDisagreement, type Disagreement } from './compareDocuments.ts';
import type { ProofDocument, ProofEntry } from './document.ts';

/** What became of an engine that was asked to prove the pulls. */
export type EngineResult =
  | { readonly kind: 'proved'; readonly document: ProofDocument }
  /** Nothing was tried. */
  | {
      readonly kind: 'unavailable';
      readonly engine: string;
      readonly reason: string;
      /** It is no matter of the machine: something in the repository or the inputs cannot be used, or mirrorproof has a bug. */
      readonly isFault: boolean;
    };

/** What came of an engine, in one sentence for a log. */
export function describeEngineResult(result: EngineResult): string {
  if (result.kind === 'unavailable') return `Nothing was proved with ${result.engine}: ${result.reason}.`;
  const { engine, verdict, summary } = result.document;
  const { proved, refuted, inconclusive } = summary;
  const counts = `${proved} proved, ${refuted} refuted, ${inconclusive} inconclusive`;
  return `Pulls with ${engine}: ${counts}${verdict === 'worthless' ? ', all of it worthless: a control did not fail' : ''}.`;
}

/** What the engines found out, for a job summary: how many pulls came out how, and the error of each that was refuted. */
export function formatProofMarkdown(
  results: readonly EngineResult[],
  disagreements: readonly Disagreement[],
): string {
  if (results.length === 0) return '';
  const head = '### Proof';
  const texts = [
    writeCounts(results),
    ...results.flatMap((result) => (result.kind === 'unavailable' ? [describeUnavailable(result)] : [])),
    ...disagreements.slice(0, maxDisagreements).map(describeDisagreement),
    writeRefuted(results),
  ];
  return [head, ...texts.filter((text) => text !== '')].join('\n\n');
}

const maxDisagreements = 10;

function writeCounts(results: readonly EngineResult[]): string {
  const rows = results.flatMap((result) => {
    if (result.kind === 'unavailable') return [];
    const { engine, summary, verdict } = result.document;
    const worth = verdict === 'worthless' ? ' (worthless: a control did not fail)' : '';
    return [
      `| ${markdownCode(engine)}${worth} | ${summary.proved} | ${summary.refuted} | ${summary.inconclusive} |`,
    ];
  });
  if (rows.length === 0) return '';
  return ['| Engine | Proved | Refuted | Inconclusive |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

function describeUnavailable({ engine, reason }: { engine: string; reason: string }): string {
  return `Nothing was proved with ${markdownCode(engine)}: ${escapeMarkdown(reason)}.`;
}

function describeDisagreement(disagreement: Disagreement): string {
  const { reference, node, provedBy, refutedBy, error } = disagreement;
  return (
    `${markdownCode(reference)} on ${escapeMarkdown(node)} is pulled by ${escapeMarkdown(provedBy)} and not by ${escapeMarkdown(refutedBy)}, ` +
    `so that ${escapeMarkdown(explainDisagreement(disagreement))}: ${markdownCode(error)}`
  );
}

function writeRefuted(results: readonly EngineResult[]): string {
  const refuted = results.flatMap((result) =>
    result.kind === 'proved' ? result.document.proofs.filter(({ status }) => status === 'refuted') : [],
  );
  if (refuted.length === 0) return '';
  const head = '| Refuted | On | By | What it said |\n| --- | --- | --- | --- |';
  const rows = refuted.map(writeRow);
  const fitting = rowsThatFit(rows, proofBytes - byteLength(head) - reserved);
  const leftOut = rows.length - fitting.length;
  const note = leftOut === 0 ? '' : `\n\n_${plural(leftOut, 'refuted pull')} left out for want of room._`;
  return `${[head, ...fitting].join('\n')}${note}`;
}

/** Bytes for what stands around the table. */
const reserved = 20 * 1024;

function writeRow({ reference, nodes, runtime = '', error = '' }: ProofEntry): string {
  return `| ${markdownCode(reference)} | ${escapeMarkdown(listNames(nodes))} | ${escapeMarkdown(runtime)} | ${markdownCode(error)} |`;
}

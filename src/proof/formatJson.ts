import type { Diagnosis } from '../diagnose/diagnose.ts';
import { describeFinding, describeFix, describeImageUse, describeRange } from '../report/json.ts';
import { writeJson } from '../report/writeJson.ts';
import { version } from '../version.ts';
import { proofFindings } from './findings.ts';
import type { Proof } from './proof.ts';
import { countOutcomes, verdictOf, type ProofRun } from './summary.ts';
import { formatReference } from '../reference/parseReference.ts';

/** Grows when a reader of an older version could misread the text; new properties alone do not change it. */
const schemaVersion = 1;

/** A run as JSON, as `schema/proof.schema.json` describes it. Ends with a line break. */
export function formatJson(run: ProofRun): string {
  return writeJson({
    schemaVersion,
    tool: { name: 'mirrorproof', version },
    engine: run.engine,
    verdict: verdictOf(run),
    summary: countOutcomes(run),
    findings: proofFindings(run).map(({ finding }) => describeFinding(finding)),
    proofs: run.proofs.map(describeProof),
    controls: run.controls.map(({ pull, isSound, text }) => ({
      image: pull.image,
      nodes: pull.nodes,
      isSound,
      text,
    })),
  });
}

function describeProof({ pull, outcome, evidence, assumptions, runtime, diagnosis }: Proof): unknown {
  return {
    image: pull.image,
    reference: formatReference(pull.reference),
    nodes: pull.nodes,
    ...outcome,
    ...(runtime === undefined ? {} : { runtime }),
    ...(diagnosis === undefined ? {} : { diagnosis: describeDiagnosis(diagnosis) }),
    assumptions,
    evidence,
    uses: pull.uses.map(describeImageUse),
  };
}

/** Without its text, which is the error of the outcome. */
function describeDiagnosis({ cause, message, location, reason, check, fix }: Diagnosis): unknown {
  return {
    cause,
    message,
    ...(location && describeRange(location)),
    ...(reason !== undefined && { reason }),
    ...(check !== undefined && { check }),
    ...(fix && { fix: describeFix(fix) }),
  };
}

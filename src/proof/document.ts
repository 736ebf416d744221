import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import proofSchema from '../../schema/proof.schema.json' with { type: 'json' };
import reportSchema from '../../schema/report.schema.json' with { type: 'json' };
import type { Finding } from '../check/finding.ts';
import type { Location } from '../source/location.ts';
import type { Outcome } from './proof.ts';
import type { ProofVerdict } from './summary.ts';

/** What `prove --format json` printed, as far as others read it: schema/proof.schema.json says all of it. */
export interface ProofDocument {
  readonly engine: string;
  readonly verdict: ProofVerdict;
  readonly summary: Readonly<Record<Outcome['status'], number>>;
  readonly findings: readonly FindingEntry[];
  readonly proofs: readonly ProofEntry[];
}

/** A proof of a {@link ProofDocument}. */
export interface ProofEntry {
  readonly reference: string;
  readonly nodes: readonly string[];
  readonly status: Outcome['status'];
  readonly runtime?: string;
  /** Of a refuted pull. */
  readonly error?: string;
  /** Of one that is inconclusive. */
  readonly reason?: string;
  readonly assumptions?: readonly string[];
}

interface RangeEntry {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

interface FindingEntry extends RangeEntry, Omit<Finding, 'location' | 'related' | 'fix'> {
  readonly related?: readonly (RangeEntry & { readonly message: string })[];
  readonly fix?: { readonly message: string };
}

/**
 * Reads what `prove --format json` printed.
 *
 * @throws Error where it is something else: the program that printed it is ours, so that is a bug.
 */
export function readProofDocument(text: string): ProofDocument {
  const document: unknown = JSON.parse(text);
  const isProofDocument: ValidateFunction<ProofDocument> = new Ajv2020({ strict: false })
    .addSchema(reportSchema)
    .compile(proofSchema);
  if (isProofDocument(document)) return document;
  throw new Error(`prove printed something else than proofs: ${JSON.stringify(isProofDocument.errors?.[0])}`);
}

/** The findings of a document, with their places. Edits are left out: who wants them reads the document. */
export function documentFindings({ findings }: ProofDocument): readonly Finding[] {
  return findings.map(({ check, severity, message, nodes, image, related, fix, ...range }) => ({
    check,
    severity,
    message,
    location: readRange(range),
    ...(nodes && { nodes }),
    ...(image !== undefined && { image }),
    ...(related && {
      related: related.map((other) => ({ message: other.message, location: readRange(other) })),
    }),
    ...(fix && { fix: { message: fix.message } }),
  }));
}

function readRange({ file, line, column, endLine, endColumn }: RangeEntry): Location {
  return { file, start: { line, column }, end: { line: endLine, column: endColumn } };
}

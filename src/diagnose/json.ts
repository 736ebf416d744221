import { describeFix, describeRange } from '../report/json.ts';
import { writeJson } from '../report/writeJson.ts';
import type { ExplainedError, ExplainedReport } from './explainReport.ts';

/** Grows when a reader of an older version could misread the report. */
const schemaVersion = 1;

/** The explained errors as JSON. Ends with a line break. */
export function formatJson({ errors, leftOut }: ExplainedReport): string {
  return writeJson({ schemaVersion, errors: errors.map(describeError), leftOut });
}

function describeError(error: ExplainedError): unknown {
  const { cause, message, text, count, nodes, pods, image, url, reason, check, location, related, fix } =
    error;
  return {
    cause,
    message,
    ...(image !== undefined && { image }),
    ...(url !== undefined && { url }),
    ...(location && describeRange(location)),
    ...(reason !== undefined && { reason }),
    ...(check !== undefined && { check }),
    ...(related && {
      related: related.map((other) => ({ message: other.message, ...describeRange(other.location) })),
    }),
    ...(fix && { fix: describeFix(fix) }),
    nodes,
    pods,
    count,
    text,
  };
}

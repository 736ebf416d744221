import { newFindings } from '../diff/newFindings.ts';
import type { Report } from '../report/report.ts';
import type { Analysis } from './run.ts';

/**
 * The report of what was analysed with only those findings that an older state does not have, whichever file they are caused in: the
 * manifests that an edited registries.yaml affects are among them.
 *
 * @param revision - what the user calls the older state
 */
export function onlyNewFindings(head: Analysis, base: Analysis, revision: string): Report {
  const findings = newFindings(stateOf(base), stateOf(head));
  const olderFindings = head.report.findings.length - findings.length;
  return { ...head.report, findings, changedSince: { revision, olderFindings } };
}

function stateOf({ report, files }: Analysis): Parameters<typeof newFindings>[0] {
  return { findings: report.findings, files };
}

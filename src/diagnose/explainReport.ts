import { formatReference, parseReference } from '../reference/parseReference.ts';
import { causes } from './causes.ts';
import { diagnose, type Diagnosis } from './diagnose.ts';
import { readReportLines } from './reportLines.ts';
import { readReportObjects } from './reportObjects.ts';
import type { ReportedError } from './reportedError.ts';
import type { DiagnosedRepository } from './repository.ts';

/** A pull error with all that a report says of it. */
export interface ExplainedError extends Diagnosis {
  /** How often it came, all its repetitions together. */
  readonly count: number;
  readonly nodes: readonly string[];
  readonly pods: readonly string[];
}

export interface ExplainedReport {
  readonly errors: readonly ExplainedError[];
  /** Further distinct errors, for which no line was looked for. */
  readonly leftOut: number;
}

/** UTF-16 code units of an error; those of real ones are a few hundred. */
const maxText = 20_000;

/** More distinct errors are not explained: somebody reads this. */
const maxErrors = 200;

/**
 * Explains the pull errors of a report: `kubectl describe pod`, `kubectl get events` in any format, a journal of containerd or
 * the kubelet, or what crictl and docker print. Each error is explained once, however often it came.
 *
 * @param node - the node that the whole report is from
 */
export function explainReport(
  report: string,
  repository?: DiagnosedRepository,
  node?: string,
): ExplainedReport {
  const reported = readReportObjects(report) ?? readReportLines(report);
  const distinct = groupEqual(reported.map((error) => ({ ...error, ...(node !== undefined && { node }) })));
  const explained = distinct.slice(0, maxErrors).map((group) => explain(group, repository));
  const merged = mergeEqual(explained);
  return {
    errors: merged.filter((error) => !isSaidBetter(error, merged)),
    leftOut: Math.max(distinct.length - maxErrors, 0),
  };
}

/** The same text from the same node, from whichever Pod. */
interface Group {
  readonly error: ReportedError;
  readonly pods: Set<string>;
  count: number;
}

function groupEqual(errors: readonly ReportedError[]): readonly Group[] {
  const groups = new Map<string, Group>();
  for (const error of errors) {
    const key = JSON.stringify([error.node, error.image, error.text]);
    const group = groups.get(key) ?? { error, pods: new Set<string>(), count: 0 };
    groups.set(key, group);
    group.count += error.count;
    if (error.pod !== undefined) group.pods.add(error.pod);
  }
  return [...groups.values()];
}

function explain({ error, pods, count }: Group, repository: DiagnosedRepository | undefined): ExplainedError {
  const { node, image } = error;
  const text = error.text.slice(0, maxText);
  const diagnosis = diagnose(text, repository, {
    ...(node !== undefined && { node }),
    ...(image !== undefined && { image }),
  });
  return { ...diagnosis, count, nodes: node === undefined ? [] : [node], pods: [...pods] };
}

/** What differs only in the words around the error, or in a time or an address, is one error. */
function mergeEqual(errors: readonly ExplainedError[]): readonly ExplainedError[] {
  const byKey = new Map<string, ExplainedError>();
  for (const error of errors) {
    const { cause, image, url, location, text } = error;
    const key = JSON.stringify([
      cause,
      image === undefined ? null : keyOf(image),
      url,
      location,
      cause === 'unknown' ? text : '',
    ]);
    const known = byKey.get(key);
    byKey.set(key, known ? mergeTwo(known, error) : error);
  }
  return [...byKey.values()];
}

function mergeTwo(first: ExplainedError, second: ExplainedError): ExplainedError {
  return {
    ...first,
    count: first.count + second.count,
    nodes: [...new Set([...first.nodes, ...second.nodes])],
    pods: [...new Set([...first.pods, ...second.pods])],
  };
}

const wrapperIds: ReadonlySet<string> = new Set(
  causes.filter(({ isWrapper }) => isWrapper).map(({ id }) => id),
);

/** True for `ErrImagePull` and the like where another error says why, and for a second mention that says less. */
function isSaidBetter(error: ExplainedError, all: readonly ExplainedError[]): boolean {
  const isBare = error.image === undefined && error.url === undefined;
  if (!isBare && !isWrapper(error)) return false;
  return all.some((other) => other !== error && isAboutSame(error, other) && saysMore(other, error));
}

function isWrapper({ cause }: ExplainedError): boolean {
  return wrapperIds.has(cause);
}

function isAboutSame(error: ExplainedError, other: ExplainedError): boolean {
  if (error.image !== undefined)
    return other.image !== undefined && keyOf(other.image) === keyOf(error.image);
  return error.pods.length === 0 || error.pods.some((pod) => other.pods.includes(pod));
}

function saysMore(other: ExplainedError, error: ExplainedError): boolean {
  if (isWrapper(error)) return !isWrapper(other) || (error.image === undefined && other.image !== undefined);
  return other.cause === error.cause && (other.image ?? other.url) !== undefined;
}

/** The kubelet names an image as the Pod has it, containerd in full. */
function keyOf(image: string): string {
  const result = parseReference(image);
  return result.ok ? formatReference(result.reference) : image;
}

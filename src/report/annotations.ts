import { compareFindings, type Finding } from '../check/finding.ts';
import { groupBy } from '../source/groupBy.ts';
import type { Location } from '../source/location.ts';
import { severities, type Severity } from '../source/severity.ts';
import { plural } from './plural.ts';

/** What GitHub shows of the annotations of one step. */
export interface AnnotationLimits {
  /** Annotations of one severity; the runner drops what comes after them. */
  readonly perSeverity: number;
  /** UTF-16 code units of a message; the runner cuts what is longer. */
  readonly messageLength: number;
}

// actions/runner src/Runner.Worker/ExecutionContext.cs _maxCountPerIssueType, _maxIssueMessageLength
export const stepLimits: AnnotationLimits = { perSeverity: 10, messageLength: 4096 };

/** Lines from `first` to `last`, both included. */
export interface LineRange {
  readonly first: number;
  readonly last: number;
}

/** The files that a pull request changes, each with the lines that it adds or changes. */
export type ChangedLines = ReadonlyMap<string, readonly LineRange[]>;

/** A remark on a line of a file, as GitHub shows it in a pull request. */
export interface Annotation {
  readonly severity: Severity;
  /** Id of the check. */
  readonly check: string;
  readonly message: string;
  readonly location: Location;
  /** How many findings it stands for. */
  readonly findings: number;
}

/** The annotations to make, worst first, and how many findings none of them stands for. */
export interface AnnotationBudget {
  readonly annotations: readonly Annotation[];
  readonly leftOut: Readonly<Record<Severity, number>>;
}

/** Lines that an annotation lists of the findings that it stands for. */
const maxListedLines = 20;

/** Findings that one annotation stands for: the first is the one that it shows. */
type Group = readonly [Finding, ...Finding[]];

/**
 * Chooses the annotations for findings within the limits. What the pull request changes comes first. While everything fits,
 * each finding has its own annotation; beyond that, findings of one check in one file share one, then those of one check
 * in all files. When findings of a severity are left out even so, the milder severities are left out altogether: nobody
 * should read a notice instead of an error.
 */
export function budgetAnnotations(
  findings: readonly Finding[],
  limits: AnnotationLimits = stepLimits,
  changes: ChangedLines = new Map(),
): AnnotationBudget {
  const annotations: Annotation[] = [];
  const leftOut: Record<Severity, number> = { error: 0, warning: 0, notice: 0 };
  let room = limits.perSeverity;
  for (const severity of severities) {
    const ranked = rank(
      findings.filter((finding) => finding.severity === severity),
      changes,
    );
    const groups = room === 0 ? [] : share(ranked, room);
    leftOut[severity] = ranked.length - groups.reduce((sum, group) => sum + group.length, 0);
    if (leftOut[severity] > 0) room = 0;
    annotations.push(...groups.map((group) => annotate(group, limits.messageLength)));
  }
  return { annotations: sayWhatIsLeftOut(annotations, leftOut, limits.messageLength), leftOut };
}

/** True when some findings cannot have an annotation of their own, so that it matters which of them come first. */
export function needsRanking(findings: readonly Finding[], limits: AnnotationLimits): boolean {
  return severities.some(
    (severity) => findings.filter((finding) => finding.severity === severity).length > limits.perSeverity,
  );
}

/** Findings on changed lines, then in changed files, then the others; among equals in the order of the report. */
function rank(findings: readonly Finding[], changes: ChangedLines): Finding[] {
  return findings
    .map((finding) => ({ finding, distance: distanceToChange(finding.location, changes) }))
    .sort((a, b) => a.distance - b.distance || compareFindings(a.finding, b.finding))
    .map(({ finding }) => finding);
}

function distanceToChange(location: Location, changes: ChangedLines): number {
  const ranges = changes.get(location.file);
  if (ranges === undefined) return 2;
  return ranges.some((range) => range.first <= location.end.line && location.start.line <= range.last)
    ? 0
    : 1;
}

/** Brings ranked findings into at most `room` groups; findings for which no group is left are in none. */
function share(ranked: readonly Finding[], room: number): Group[] {
  if (ranked.length <= room) return ranked.map((finding) => [finding]);
  const groups = [
    ...groupBy(ranked, ({ check, location }) => JSON.stringify([check, location.file])).values(),
  ];
  if (groups.length <= room) return groups;
  const leaders = [...groupBy(groups, ([finding]) => finding.check).values()].map(([leader]) => leader);
  const others = groups.filter((group) => !leaders.includes(group));
  const kept = new Set([...leaders, ...others].slice(0, room));
  const keptLeaders = leaders.filter((leader) => kept.has(leader));
  return groups
    .filter((group) => kept.has(group))
    .map((group) => (keptLeaders.includes(group) ? withOthersOfCheck(group, groups, kept) : group));
}

/** A group together with the groups of its check that are not kept. */
function withOthersOfCheck(leader: Group, groups: readonly Group[], kept: ReadonlySet<Group>): Group {
  const folded = groups.filter((group) => group[0].check === leader[0].check && !kept.has(group));
  return [...leader, ...folded.flat()];
}

function annotate(group: Group, messageLength: number): Annotation {
  const [shown, ...others] = group;
  const fix = shown.fix === undefined ? '' : `\nFix: ${shown.fix.message}`;
  return {
    severity: shown.severity,
    check: shown.check,
    message: cutBefore(`${shown.message}${fix}`, describeOthers(shown, others), messageLength),
    location: shown.location,
    findings: group.length,
  };
}

function describeOthers(shown: Finding, others: readonly Finding[]): string {
  if (others.length === 0) return '';
  const here = others.filter((finding) => finding.location.file === shown.location.file);
  const lines = [...new Set(here.map((finding) => finding.location.start.line))];
  const listed = lines.slice(0, maxListedLines).join(', ') + (lines.length > maxListedLines ? ', ...' : '');
  const places = [
    ...(here.length > 0 ? [`${plural(here.length, 'time')} in this file (line ${listed})`] : []),
    ...(others.length > here.length ? [`${plural(others.length - here.length, 'time')} in other files`] : []),
  ];
  return `\n${shown.check} is reported another ${places.join(' and ')}.`;
}

function sayWhatIsLeftOut(
  annotations: readonly Annotation[],
  leftOut: Readonly<Record<Severity, number>>,
  messageLength: number,
): Annotation[] {
  const counts = severities
    .filter((severity) => leftOut[severity] > 0)
    .map((severity) => plural(leftOut[severity], severity));
  const last = annotations.at(-1);
  if (counts.length === 0 || last === undefined) return [...annotations];
  const message = cutBefore(
    last.message,
    `\nNot annotated, but in the full report: ${counts.join(', ')}.`,
    messageLength,
  );
  return [...annotations.slice(0, -1), { ...last, message }];
}

/** A text and an ending that is always there in full. */
function cutBefore(text: string, ending: string, length: number): string {
  if (text.length + ending.length <= length) return text + ending;
  const mark = ' ...';
  return text.slice(0, Math.max(0, length - ending.length - mark.length)) + mark + ending;
}

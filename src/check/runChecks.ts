import type { CheckSettings } from '../registries/registries.ts';
import { hideUrlLogins } from '../source/logins.ts';
import type { Check, CheckContext, Problem } from './check.ts';
import { compareFindings, isSaid, type Finding } from './finding.ts';
import { readHostsFiles } from './hostsFiles.ts';
import type { IgnoreComment } from './ignoreComments.ts';
import { Ignores } from './ignores.ts';
import { checks } from './index.ts';

/** What the checks have found, and how much of it the user says to leave alone. */
export interface CheckResult {
  /** Sorted by `compareFindings`. */
  readonly findings: readonly Finding[];
  readonly ignored: number;
  /**
   * True for a finding about a pull, made after the checks, that the user says to leave alone: by a comment that is for everything
   * on its line, or because an error there is left alone, which is what the pull fails of.
   */
  readonly isLeftAlone: (finding: Finding) => boolean;
}

/** What is known before the first check runs. */
type CheckInput = Omit<
  CheckContext,
  'writtenMirrors' | 'writtenConfigs' | 'checkIds' | 'hostsFiles' | 'ignoreComments' | 'unusedIgnores'
>;

/**
 * Runs every check that is not switched off.
 *
 * @param readComments - the comments in all files that were read until it is called
 */
export function runChecks(input: CheckInput, readComments: () => readonly IgnoreComment[]): CheckResult {
  const context = completeInput(input);
  const [first, last] = [checks.filter(({ isLast }) => !isLast), checks.filter(({ isLast }) => isLast)];
  const found = first.flatMap((check) => findingsOf(check, context));
  const ignoreComments = readComments();
  const complete = ignoreComments.filter((comment) => isComplete(comment, context.checkIds));
  const ignores = new Ignores(settingsOf(first, context), complete);
  const left = new Set(found.filter((finding) => ignores.takes(finding)));
  const kept = found.filter((finding) => !left.has(finding));
  const lastContext = { ...context, ignoreComments, unusedIgnores: ignores.unused() };
  // No comment ignores what is said about itself.
  const lastIgnores = new Ignores(settingsOf(last, context), []);
  const lastFound = last.flatMap((check) => findingsOf(check, lastContext));
  const findings = [...kept, ...lastFound.filter((finding) => !lastIgnores.takes(finding))];
  return {
    findings: mergeEqual(findings).sort(compareFindings),
    ignored: ignores.count + lastIgnores.count,
    isLeftAlone: (finding) => ignores.takes(finding) || isSaid(finding, [...left]),
  };
}

function completeInput(input: CheckInput): CheckContext {
  const { files, registries, nodes, ownConfigs } = input;
  const written = [registries, ...registries.nodes, ...ownConfigs.map(({ config }) => config)];
  return {
    ...input,
    writtenMirrors: written.flatMap(({ mirrors }) => [...mirrors.values()]),
    writtenConfigs: written.flatMap(({ configs }) => [...configs.values()]),
    checkIds: checks.map(({ id }) => id),
    hostsFiles: [...readHostsFiles(files, nodes)],
    ignoreComments: [],
    unusedIgnores: [],
  };
}

/** The settings of checks that are not switched off. */
function settingsOf(some: readonly Check[], { registries }: CheckContext): CheckSettings[] {
  return some
    .flatMap(({ id }) => registries.checks.get(id) ?? [])
    .filter(({ severity }) => severity !== 'off');
}

function isComplete({ checks: named, reason }: IgnoreComment, checkIds: readonly string[]): boolean {
  return reason !== '' && (named ?? []).every((id) => checkIds.includes(id));
}

/** One mistake that several nodes share is one finding: two versions may read the same config.toml. */
function mergeEqual(findings: readonly Finding[]): Finding[] {
  const byText = new Map<string, Finding>();
  for (const finding of findings) {
    const { nodes, ...rest } = finding;
    const key = JSON.stringify(rest);
    const earlier = byText.get(key);
    const allNodes = earlier?.nodes && nodes ? [...new Set([...earlier.nodes, ...nodes])] : nodes;
    byText.set(key, { ...rest, ...(allNodes && { nodes: allNodes }) });
  }
  return [...byText.values()];
}

function findingsOf(check: Check, context: CheckContext): Finding[] {
  const chosen = context.registries.checks.get(check.id)?.severity;
  if (chosen === 'off') return [];
  return Array.from(check.run(context), (problem): Finding => {
    const severity = chosen ?? problem.severity ?? check.severity;
    return { ...presentable(problem), check: check.id, severity };
  });
}

/** UTF-16 code units of a message. Real ones have a few hundred; what they quote may be of any length. */
const maxMessageLength = 2000;

/** What stands between backticks, with its beginning as the only group. */
const longQuotation = /`([^`]{300})[^`]{20,}`/g;

/** Messages quote what is wrong: a URL with a login in it, or a name without end. */
function presentable(problem: Problem): Problem {
  const { message, fix, related } = problem;
  return {
    ...problem,
    message: presentableText(message),
    ...(fix && { fix: { ...fix, message: presentableText(fix.message) } }),
    ...(related && {
      related: related.map((other) => ({ ...other, message: presentableText(other.message) })),
    }),
  };
}

function presentableText(text: string): string {
  const quoted = text.replaceAll(longQuotation, '`$1 ...`');
  const shown = quoted.length <= maxMessageLength ? quoted : `${quoted.slice(0, maxMessageLength)} ...`;
  return hideUrlLogins(shown);
}

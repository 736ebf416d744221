import type { CheckSettings, IgnoreEntry } from '../registries/registries.ts';
import { hideUrlLogins } from '../source/logins.ts';
import type { Check, CheckContext, Problem } from './check.ts';
import { compareFindings, type Finding } from './finding.ts';
import { readHostsFiles } from './hostsFiles.ts';
import { checks } from './index.ts';

/** What the checks have found, and how much of it registries.yaml says to leave alone. */
export interface CheckResult {
  /** Sorted by `compareFindings`. */
  readonly findings: readonly Finding[];
  readonly ignored: number;
}

/** Runs every check that is not switched off. */
export function runChecks(context: Omit<CheckContext, 'checkIds' | 'hostsFiles'>): CheckResult {
  const complete: CheckContext = {
    ...context,
    checkIds: checks.map(({ id }) => id),
    hostsFiles: [...readHostsFiles(context.files, context.nodes)],
  };
  const findings: Finding[] = [];
  let ignored = 0;
  for (const check of checks) {
    const settings = context.registries.checks.get(check.id);
    const rules = (settings?.ignore ?? []).map(compileIgnoreEntry);
    for (const finding of findingsOf(check, complete, settings)) {
      if (rules.some((rule) => isIgnored(finding, rule))) ignored += 1;
      else findings.push(finding);
    }
  }
  return { findings: mergeEqual(findings).sort(compareFindings), ignored };
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

function* findingsOf(
  check: Check,
  context: CheckContext,
  settings: CheckSettings | undefined,
): Generator<Finding> {
  if (settings?.severity === 'off') return;
  for (const problem of check.run(context)) {
    const severity = settings?.severity ?? problem.severity ?? check.severity;
    yield { ...presentable(problem), check: check.id, severity };
  }
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

/** A pattern of an {@link IgnoreEntry}, cut at its stars. */
type Pattern = readonly string[];

type IgnoreRule = Readonly<Record<'file' | 'image' | 'node', Pattern | undefined>>;

function compileIgnoreEntry({ file, image, node }: IgnoreEntry): IgnoreRule {
  return { file: file?.split('*'), image: image?.split('*'), node: node?.split('*') };
}

function isIgnored(finding: Finding, { file, image, node }: IgnoreRule): boolean {
  return (
    matches(file, [finding.location.file]) &&
    matches(image, finding.image === undefined ? [] : [finding.image]) &&
    matches(node, finding.nodes ?? [])
  );
}

/** True when the pattern is absent, or some text fits it; `*` stands for any text. */
function matches(pattern: Pattern | undefined, texts: readonly string[]): boolean {
  return pattern === undefined || texts.some((text) => fits(text, pattern));
}

/** Wildcard matching without backtracking: each part is taken at its first place. */
function fits(text: string, parts: Pattern): boolean {
  const [first = '', ...rest] = parts;
  if (rest.length === 0) return text === first;
  const last = rest.at(-1) ?? '';
  if (!text.startsWith(first) || !text.endsWith(last) || text.length < first.length + last.length)
    return false;
  let position = first.length;
  for (const part of rest.slice(0, -1)) {
    const found = text.indexOf(part, position);
    if (found < 0) return false;
    position = found + part.length;
  }
  return position <= text.length - last.length;
}

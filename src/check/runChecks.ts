import type { CheckSettings, IgnoreEntry } from '../registries/registries.ts';
import { hideUrlLogins } from '../source/logins.ts';
import type { Check, CheckContext, Problem } from './check.ts';
import { compareFindings, type Finding } from './finding.ts';
import { checks } from './index.ts';

/** What the checks have found, and how much of it registries.yaml says to leave alone. */
export interface CheckResult {
  /** Sorted by `compareFindings`. */
  readonly findings: readonly Finding[];
  readonly ignored: number;
}

/** Runs every check that is not switched off. */
export function runChecks(context: Omit<CheckContext, 'checkIds'>): CheckResult {
  const complete: CheckContext = { ...context, checkIds: checks.map(({ id }) => id) };
  const findings: Finding[] = [];
  let ignored = 0;
  for (const check of checks) {
    const settings = context.registries.checks.get(check.id);
    for (const finding of findingsOf(check, complete, settings)) {
      if (settings?.ignore.some((entry) => isIgnored(finding, entry))) ignored += 1;
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
    yield { ...withoutLogins(problem), check: check.id, severity };
  }
}

/** Messages quote what is wrong, and a URL that is wrong may have a login in it. */
function withoutLogins(problem: Problem): Problem {
  const { message, fix, related } = problem;
  return {
    ...problem,
    message: hideUrlLogins(message),
    ...(fix && { fix: { ...fix, message: hideUrlLogins(fix.message) } }),
    ...(related && {
      related: related.map((other) => ({ ...other, message: hideUrlLogins(other.message) })),
    }),
  };
}

function isIgnored(finding: Finding, { file, image, node }: IgnoreEntry): boolean {
  return (
    matches(file, [finding.location.file]) &&
    matches(image, finding.image === undefined ? [] : [finding.image]) &&
    matches(node, finding.nodes ?? [])
  );
}

/** True when the pattern is absent, or some text fits it; `*` stands for any text. */
function matches(pattern: string | undefined, texts: readonly string[]): boolean {
  if (pattern === undefined) return true;
  const parts = pattern.split('*');
  return texts.some((text) => fits(text, parts));
}

/** Wildcard matching without backtracking: each part is taken at its first place. */
function fits(text: string, parts: readonly string[]): boolean {
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

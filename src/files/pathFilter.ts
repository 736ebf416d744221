import { compilePattern, matchesPattern, type PathPattern } from './glob.ts';

/** More alternatives than this are not spelled out. */
const maxAlternatives = 1000;

/** Which paths a user asked for. */
export interface PathFilter {
  matches(path: readonly string[]): boolean;
  /** True when a pattern spells out this name between two slashes. */
  names(segment: string): boolean;
}

/**
 * Patterns relative to the root: `*`, `?`, `[a-z]`, `**` for any number of folders, `{a,b}` for alternatives. A pattern that
 * matches a folder takes all that is in it. One with `!` in front takes paths away again; the last pattern that matches counts.
 *
 * @throws RangeError when the braces of a pattern stand for more than 1000 patterns
 */
export function compilePathFilter(patterns: readonly string[]): PathFilter {
  const rules = patterns.flatMap(compileRules);
  // With nothing but exceptions, all the rest is wanted.
  const otherwise = rules.every((rule) => rule.isNegated);
  return {
    matches: (path) => {
      const rule = rules.findLast(({ forms }) => forms.some((form) => matchesPattern(form, path)));
      return rule ? !rule.isNegated : otherwise;
    },
    names: (segment) => rules.some((rule) => !rule.isNegated && rule.segments.has(segment)),
  };
}

interface FilterRule {
  readonly isNegated: boolean;
  readonly forms: readonly PathPattern[];
  readonly segments: ReadonlySet<string>;
}

function compileRules(written: string): FilterRule[] {
  const isNegated = written.startsWith('!');
  const pattern = isNegated ? written.slice(1) : written;
  return expandBraces(pattern).map((alternative) => {
    const path = alternative.replace(/^(?:\.?\/)+/, '').replace(/\/+$/, '');
    const forms = [compilePattern(path), compilePattern(path === '' || path === '.' ? '**' : `${path}/**`)];
    return {
      isNegated,
      forms: forms.filter((form) => form !== undefined),
      segments: new Set(path.split('/')),
    };
  });
}

function expandBraces(pattern: string): readonly string[] {
  let pending = [pattern];
  const expanded: string[] = [];
  while (pending.length > 0) {
    if (pending.length + expanded.length > maxAlternatives) {
      throw new RangeError(
        `the braces of the pattern \`${pattern}\` stand for more than ${maxAlternatives} patterns`,
      );
    }
    const alternatives = pending.map(expandInnermost);
    expanded.push(...alternatives.filter((one) => typeof one === 'string'));
    pending = alternatives.filter((one) => typeof one !== 'string').flat();
  }
  return expanded;
}

/** Spells out the first pair of braces that holds no other; the text itself when there is none. */
function expandInnermost(pattern: string): string | readonly string[] {
  const braces = /\{([^{}]*,[^{}]*)\}/.exec(pattern);
  if (!braces) return pattern;
  const before = pattern.slice(0, braces.index);
  const after = pattern.slice(braces.index + braces[0].length);
  return (braces[1] ?? '').split(',').map((choice) => before + choice + after);
}

import { RE2JS } from 're2js';
import type { Rewrite } from '../hosts/hostsFile.ts';

/** A compiled pattern, or null where it is none that Go's regular expressions know. */
const compiled = new WeakMap<Rewrite, RE2JS | null>();

/** The repository that a registry host is asked for: the first rewrite that changes it counts. */
// k3s-io/containerd core/remotes/docker/resolver.go: an invalid pattern is logged and skipped
export function rewriteRepository(repository: string, rewrites: readonly Rewrite[]): string {
  for (const rewrite of rewrites) {
    const pattern = compile(rewrite);
    const rewritten = pattern ? replaceAllString(pattern, repository, rewrite.replacement) : repository;
    if (rewritten !== repository) return rewritten;
  }
  return repository;
}

/** True where Go's regular expressions know the pattern of a rewrite. */
export function isValidRewrite(rewrite: Rewrite): boolean {
  return compile(rewrite) !== null;
}

/** True where an expression, or what replaces its match, is larger than anybody writes it, and therefore not evaluated. */
export function isOversized({ pattern, replacement }: Pick<Rewrite, 'pattern' | 'replacement'>): boolean {
  let size = pattern.length;
  for (const [, least = '', most = ''] of pattern.matchAll(/\{(\d{1,4})(?:,(\d{0,4}))?\}/g)) {
    size *= Math.max(Number(least), Number(most), 1);
  }
  return size > maxSize || replacement.length > maxSize;
}

/** Characters, where a counted repetition stands for all that it repeats: what is compiled grows with them. */
const maxSize = 5000;

function compile(rewrite: Rewrite): RE2JS | null {
  const known = compiled.get(rewrite);
  if (known !== undefined) return known;
  const pattern = isOversized(rewrite) ? null : tryCompile(rewrite.pattern);
  compiled.set(rewrite, pattern);
  return pattern;
}

function tryCompile(pattern: string): RE2JS | null {
  try {
    return RE2JS.compile(pattern);
  } catch {
    // Whatever the parser says: containerd logs such a pattern and goes on without it.
    return null;
  }
}

// Go regexp ReplaceAllString: an empty match right behind a match does not count
function replaceAllString(pattern: RE2JS, text: string, replacement: string): string {
  const matcher = pattern.matcher(text);
  const group = (name: string): string => {
    const isNumber = /^\d+$/.test(name);
    if (isNumber ? Number(name) > matcher.groupCount() : !(name in pattern.namedGroups())) return '';
    return matcher.group(isNumber ? Number(name) : name) ?? '';
  };
  let result = '';
  let copied = 0;
  let from = 0;
  while (from <= text.length && matcher.find(from)) {
    const start = matcher.start();
    const end = matcher.end();
    result += text.slice(copied, start);
    if (end > copied || start === 0) result += expand(replacement, group);
    copied = end;
    from = Math.max(end, from + 1);
  }
  return result + text.slice(copied);
}

/** Fills `$1`, `${1}` and `$name`; `$$` is a dollar sign. */
// Go regexp Expand
function expand(template: string, group: (name: string) => string): string {
  return template.replaceAll(/\$(?:\$|\{(\w+)\}|(\w+))/g, (found, braced?: string, bare?: string) =>
    found === '$$' ? '$' : group(braced ?? bare ?? ''),
  );
}

import type { CheckSettings, IgnoreEntry } from '../registries/registries.ts';
import type { SourceProblem } from '../source/location.ts';
import type { Finding } from './finding.ts';
import type { IgnoreComment } from './ignoreComments.ts';

/** What the user says to leave alone, in registries.yaml and in comments, and how much of it there is. */
export class Ignores {
  readonly #rules = new Map<string, readonly Rule[]>();
  /** By file and line, then by check. */
  readonly #comments = new Map<string, Map<string, CommentGroup>>();
  #count = 0;

  /** @param comments - only those that say what they mean, and why */
  constructor(settings: readonly CheckSettings[], comments: readonly IgnoreComment[]) {
    for (const { id, ignore } of settings) this.#rules.set(id.value, ignore.map(compileEntry));
    for (const comment of comments) this.#addComment(comment);
  }

  /** How many findings are ignored so far. */
  get count(): number {
    return this.#count;
  }

  /** True for a finding that is to be left alone. */
  takes(finding: Finding): boolean {
    const rules = (this.#rules.get(finding.check) ?? []).filter((rule) => fitsEntry(finding, rule));
    const { file, start } = finding.location;
    const byCheck = this.#comments.get(placeKey(file, start.line));
    const comments = [finding.check, everyCheck].flatMap((id) => byCheck?.get(id) ?? []);
    for (const used of [...rules, ...comments]) used.isUsed = true;
    if (rules.length + comments.length === 0) return false;
    this.#count += 1;
    return true;
  }

  /** What took none of the findings that were asked about. */
  unused(): readonly SourceProblem[] {
    const rules = [...this.#rules].flatMap(([id, list]) =>
      list
        .filter(({ isUsed }) => !isUsed)
        .map(({ entry }) => ({
          message: `no finding of \`${id}\` is like this one, which is to be ignored`,
          location: entry.location,
        })),
    );
    const used = new Set<IgnoreComment>();
    const all = new Set<IgnoreComment>();
    for (const group of [...this.#comments.values()].flatMap((byCheck) => [...byCheck.values()])) {
      for (const comment of group.comments) {
        all.add(comment);
        if (group.isUsed) used.add(comment);
      }
    }
    const comments = [...all].filter((comment) => !used.has(comment));
    return [
      ...rules,
      ...comments.map(({ location }) => ({ message: 'there is no finding here to be ignored', location })),
    ];
  }

  #addComment(comment: IgnoreComment): void {
    for (const line of comment.lines) {
      const key = placeKey(comment.location.file, line);
      const byCheck = this.#comments.get(key) ?? new Map<string, CommentGroup>();
      this.#comments.set(key, byCheck);
      for (const id of comment.checks ?? [everyCheck]) {
        const group = byCheck.get(id);
        if (group) group.comments.push(comment);
        else byCheck.set(id, { isUsed: false, comments: [comment] });
      }
    }
  }
}

/** No check has an empty id. */
const everyCheck = '';

/** Comments that say the same: what takes a finding for one of them does so for all. */
interface CommentGroup {
  isUsed: boolean;
  readonly comments: IgnoreComment[];
}

function placeKey(file: string, line: number): string {
  return `${line}:${file}`;
}

/** A pattern of an {@link IgnoreEntry}, cut at its stars. */
type Pattern = readonly string[];

interface Rule {
  isUsed: boolean;
  readonly entry: IgnoreEntry;
  readonly patterns: Readonly<Record<'file' | 'image' | 'node', Pattern | undefined>>;
}

function compileEntry(entry: IgnoreEntry): Rule {
  const { file, image, node } = entry;
  const patterns = { file: file?.split('*'), image: image?.split('*'), node: node?.split('*') };
  return { isUsed: false, entry, patterns };
}

function fitsEntry(finding: Finding, { patterns: { file, image, node } }: Rule): boolean {
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

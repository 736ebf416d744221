import type { Finding } from '../check/finding.ts';
import { listNames, onNodes } from '../check/people.ts';
import type { RepositoryFiles } from '../files/repositoryFiles.ts';
import type { Location } from '../source/location.ts';

/** What was found in one state of a repository. */
export interface FindingsOfState {
  readonly findings: readonly Finding[];
  readonly files: RepositoryFiles;
}

/**
 * The findings that a state has and an older one had not, in their order. A finding is the same when it says the same about the
 * same text, on no more nodes than before: on which line it stands does not matter, nor in which file where it is gone from the old
 * one. Of equal findings, so many are new as there are more.
 */
export function newFindings(before: FindingsOfState, after: FindingsOfState): readonly Finding[] {
  const old = new OldFindings(describeAll(before));
  const unmatched = describeAll(after).filter((described) => !old.take(described, described.hereKey));
  const isNew = new Set(
    unmatched.filter((described) => !old.take(described, described.key)).map(({ finding }) => finding),
  );
  return after.findings.filter((finding) => isNew.has(finding));
}

interface DescribedFinding {
  readonly finding: Finding;
  /** What it says about which text, but for lines and nodes. */
  readonly key: string;
  /** The same together with its file. */
  readonly hereKey: string;
}

function describeAll({ findings, files }: FindingsOfState): readonly DescribedFinding[] {
  const texts = new LocatedTexts(files);
  return findings.map((finding) => {
    const { check, severity, message, location, image, nodes } = finding;
    const key = JSON.stringify([check, severity, withoutPlaces(message, nodes), image, texts.at(location)]);
    return { finding, key, hereKey: `${location.file}\n${key}` };
  });
}

/** Nodes are compared by themselves, and a line that is named in a message moves as well. */
function withoutPlaces(message: string, nodes: readonly string[] = []): string {
  const isListed = nodes.length > 0 && listNames(nodes).length < message.length;
  const text = isListed ? message.replaceAll(namesPattern(nodes), '') : message;
  return text.replaceAll(/\bline \d+\b|(?<=\S):\d+:\d+\b/g, '');
}

/** Node names as messages list them; a node that is named `a` is no letter of another word. */
function namesPattern(nodes: readonly string[]): RegExp {
  const [sentence, names] = [onNodes(nodes), listNames(nodes)].map(escapePattern);
  return new RegExp(`(?:${sentence}|(?<![\\w.-])${names})(?![\\w-])`, 'g');
}

function escapePattern(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}

/** The findings of the older state that no finding of the newer one was compared with. */
class OldFindings {
  readonly #groups = new Map<string, DescribedFinding[]>();
  readonly #taken = new Set<DescribedFinding>();

  constructor(described: readonly DescribedFinding[]) {
    for (const old of described) {
      for (const name of [old.key, old.hereKey]) {
        const group = this.#groups.get(name);
        if (group) group.push(old);
        else this.#groups.set(name, [old]);
      }
    }
  }

  /** Takes one away that is like this one; false where there is none. */
  take({ finding }: DescribedFinding, name: string): boolean {
    const group = this.#groups.get(name) ?? [];
    while (this.#isTaken(group.at(-1))) group.pop();
    const found = group.findLast((old) => !this.#taken.has(old) && coversNodes(old.finding, finding));
    if (found) this.#taken.add(found);
    return found !== undefined;
  }

  #isTaken(old: DescribedFinding | undefined): boolean {
    return old !== undefined && this.#taken.has(old);
  }
}

/** True where the old finding was about every node that the new one is about. */
function coversNodes(old: Finding, now: Finding): boolean {
  if (old.nodes === undefined || now.nodes === undefined) return old.nodes === now.nodes;
  const known = new Set(old.nodes);
  return now.nodes.every((node) => known.has(node));
}

/** The texts at places; those of one file have to be asked for together. */
class LocatedTexts {
  readonly #files: RepositoryFiles;
  #file: string | undefined;
  #lines: readonly string[] = [];

  constructor(files: RepositoryFiles) {
    this.#files = files;
  }

  /** What stands at a place, or the first line of it; empty where there is no such text. */
  at({ file, start, end }: Location): string {
    if (file !== this.#file) {
      const content = this.#files.read(file);
      this.#file = file;
      this.#lines = content && 'text' in content ? content.text.split('\n') : [];
    }
    const line = this.#lines[start.line - 1] ?? '';
    return line.slice(start.column - 1, end.line === start.line ? end.column - 1 : undefined).trim();
  }
}

import type { Reference } from '../reference/reference.ts';
import { attemptNotes } from '../report/attemptNotes.ts';
import type { Attempt, AttemptsResult } from '../resolver/attempts.ts';

/** One endpoint that a pull asks. */
export interface PathStep {
  /** `http://10.10.1.106:5000`, or with a path where that is not the usual `/v2`. */
  readonly endpoint: string;
  /** What else matters of it, in a few words each: trust, login, a rewritten repository. */
  readonly notes: readonly string[];
}

/** Whom a pull asks, in order, or why it asks nobody. */
export type PullPath =
  { readonly ok: true; readonly steps: readonly PathStep[] } | { readonly ok: false; readonly error: string };

/** The path of a pull without what depends on the image alone, so that images from one registry share it. */
export function pullPathOf(reference: Reference, result: AttemptsResult): PullPath {
  if (!result.ok) return result;
  const steps = new Map<string, PathStep>();
  for (const attempt of result.attempts) {
    const step = stepOf(reference, attempt);
    steps.set(JSON.stringify(step), step);
  }
  return { ok: true, steps: [...steps.values()] };
}

function stepOf({ path: repository }: Reference, attempt: Attempt): PathStep {
  const { host, url } = attempt;
  const path = host.path === '/v2' ? '' : host.path;
  const isRewritten = host.rewrites.length > 0 && !url.includes(`/${repository}/`);
  const headers = host.header.map(({ name }) => name);
  return {
    endpoint: `${host.scheme}://${host.host}${path}`,
    notes: [
      ...attemptNotes(attempt),
      ...(headers.length > 0 ? [`header ${headers.join(', ')}`] : []),
      ...(isRewritten ? [`rewritten to ${repositoryIn(url, host.path)}`] : []),
    ],
  };
}

function repositoryIn(url: string, root: string): string {
  const path = url.replace(/^[^:]*:\/\/[^/]*/, '').replace(/\/(?:manifests|blobs)\/[^/]*$/, '');
  return path.startsWith(`${root}/`) ? path.slice(root.length + 1) : path;
}

import type { NodeReading } from '../nodeRoot/nodeReading.ts';
import { formatReference } from '../reference/parseReference.ts';
import type { Reference } from '../reference/reference.ts';
import { attemptNotes } from '../report/attemptNotes.ts';
import { describeStart } from '../report/json.ts';
import { logLine } from '../report/workflowCommand.ts';
import { writeJson } from '../report/writeJson.ts';
import type { Attempt, AttemptsResult } from '../resolver/attempts.ts';
import type { PullOutcome } from '../resolver/pullImage.ts';
import type { Profile } from '../resolver/profile.ts';
import type { FixableProblem } from '../source/fix.ts';
import { formatPlace } from '../source/location.ts';

import type { LiveAnswers } from './liveAnswers.ts';

/** What one node does for an image. */
export interface Explanation {
  readonly node: string;
  readonly runtime: string;
  /** The version is not known: the newest that was examined stands for it. */
  readonly assumedVersion: boolean;
  readonly attempts: readonly Attempt[];
  /** Why it makes no request. */
  readonly error?: string;
  /** What the registries answered, where they were asked. */
  readonly live?: LiveAnswers;
}

/** What is said besides about a node that is explained from its own files. */
export type OwnFilesRemarks = Pick<NodeReading, 'startupError' | 'ignored'>;

export function explanationOf(
  node: string,
  { runtime, version, assumed }: Profile,
  result: AttemptsResult,
): Explanation {
  const outcome = result.ok ? { attempts: result.attempts } : { attempts: [], error: result.error };
  // A runtime that nobody named, or that is not emulated, is taken for containerd.
  const kind = runtime === 'unknown' || runtime === 'other' ? 'containerd' : runtime;
  return { node, runtime: `${kind}://${version}`, assumedVersion: assumed, ...outcome };
}

/** @param remarks - given where a node is explained from its own files */
export function formatJson(
  image: string,
  reference: Reference,
  explanations: readonly Explanation[],
  remarks?: OwnFilesRemarks,
): string {
  const { domain, path, tag = null, digest = null } = reference;
  const nodes = explanations.map((explanation) => ({
    ...explanation,
    attempts: explanation.attempts.map(describeAttempt),
    ...(explanation.live && { live: describeLive(explanation.live) }),
  }));
  return writeJson({
    image,
    reference: { domain, path, tag, digest },
    nodes,
    ...(remarks && describeRemarks(remarks)),
  });
}

function describeLive({ requests, outcome }: LiveAnswers): object {
  if (outcome.kind === 'pulled') return { requests, digest: outcome.descriptor.digest, error: null };
  return { requests, digest: null, error: describeFailure(outcome) };
}

function describeFailure(outcome: Exclude<PullOutcome, { kind: 'pulled' }>): string {
  if (outcome.kind === 'failed') return outcome.message;
  return outcome.kind === 'crashed' ? `containerd crashes: ${outcome.panic}` : outcome.reason;
}

function describeRemarks({ startupError, ignored }: OwnFilesRemarks): object {
  return {
    ...(startupError && {
      startupError: startupError.error,
      startupErrorAt: describeStart(startupError.location),
    }),
    ignored: ignored.map(({ message, location }) => ({ ...describeStart(location), reason: message })),
  };
}

function describeAttempt({ method, url, host, source, tls, credentials, httpFallback }: Attempt): object {
  return {
    method,
    url,
    host: host.host,
    source: source ? describeStart(source) : null,
    tls: tls && { skipVerify: tls.skipVerify, ca: tls.ca },
    credentials,
    httpFallback,
  };
}

/** @param remarks - given where a node is explained from its own files */
export function formatText(
  reference: Reference,
  explanations: readonly Explanation[],
  remarks?: OwnFilesRemarks,
): string {
  const blocks = [...explanations.map(formatExplanation), ...(remarks ? formatRemarks(remarks) : [])];
  return `${formatReference(reference)}\n\n${blocks.join('\n')}`.split('\n').map(logLine).join('\n');
}

function formatExplanation({ node, runtime, assumedVersion, attempts, error, live }: Explanation): string {
  const lines = [
    ...(error === undefined ? attempts.map(formatAttempt) : [`  nothing: ${error}`]),
    ...(live ? formatLive(live) : []),
  ];
  const version = assumedVersion ? `${runtime}, as its version is not known` : runtime;
  return `${node} (${version})\n${lines.join('\n')}\n`;
}

function formatLive({ requests, outcome }: LiveAnswers): string[] {
  const end =
    outcome.kind === 'pulled'
      ? `it is there: ${outcome.descriptor.digest}`
      : `it cannot be pulled: ${describeFailure(outcome)}`;
  return [
    '  now',
    ...requests.map(({ method, url, answer }) => `     ${method} ${url} -> ${answer}`),
    `     ${end}`,
  ];
}

function formatAttempt(attempt: Attempt, index: number): string {
  const { method, url, source } = attempt;
  const place = source ? `${source.file}:${source.start.line}` : 'the registry itself';
  return `  ${index + 1}. ${method} ${url}\n     ${[place, ...attemptNotes(attempt)].join('; ')}`;
}

function formatRemarks({ startupError, ignored }: OwnFilesRemarks): string[] {
  const refused = startupError ? [`refused\n${formatRemark(startupError)}\n`] : [];
  return ignored.length > 0 ? [...refused, `ignored\n${ignored.map(formatRemark).join('\n')}\n`] : refused;
}

function formatRemark({ message, location, fix }: FixableProblem): string {
  const advice = fix ? `\n     ${fix.message}` : '';
  return `  ${formatPlace(location)} ${message}${advice}`;
}

import { hideUrlLogins } from '../source/logins.ts';
import type { NodePull, PlannedNode } from './plan.ts';
import { hostPortOfUrl, hostPortText } from './registryWorld.ts';
import { certificatePaths } from './standIn/nodeCertificates.ts';
import type { Control, Outcome, PlannedPull, Proof } from './proof.ts';

/**
 * What the machine lacks, or a node that is only played, and not the real one: room, rights, a service beside its containerd; or a proxy
 * that Docker's own settings give to all containers.
 */
export function isMachineText(text: string): boolean {
  return /no space left on device|ENOSPC|permission denied|operation not permitted|proxyconnect|transport is closing|connection error: desc|code = Unavailable/i.test(
    text,
  );
}

/** What became of the pull that is a control. */
export type ControlResult =
  /** With what that means, in place of the text for all pulls. */
  | { readonly kind: 'pulled'; readonly text?: string }
  /** By itself, and not by the machine. */
  | { readonly kind: 'failed'; readonly text: string }
  /** It came to no end, or could not be tried. */
  | { readonly kind: 'open'; readonly reason: string };

/** Sound is a control only where the pull failed by itself: what nobody knows is never taken for that. */
export function judgeControl(pull: PlannedPull, result: ControlResult): Control {
  switch (result.kind) {
    case 'pulled':
      return { pull, isSound: false, text: result.text ?? 'it was pulled although no registry answered' };
    case 'open':
      return { pull, isSound: false, text: `it has no outcome: ${hideUrlLogins(result.reason)}` };
    case 'failed':
      return { pull, isSound: true, text: hideUrlLogins(result.text) };
  }
}

/** True for the failure of a pull that a registry refused for want of a login. */
export function lacksLogin(error: string): boolean {
  return /\b401\b|no basic auth credentials|authorization failed/.test(error);
}

/** Where a login was missing that only a secret has which is not in the repository: nothing is shown by that. */
export function judgeMissingSecret({ missingSecrets }: NodePull, error: string): Outcome | undefined {
  if (missingSecrets.length === 0 || !lacksLogin(error)) return undefined;
  const names = missingSecrets.join(', ');
  return inconclusive(`the pull secret ${names} is not in the repository: ${error}`);
}

/** Where a certificate or key was missing that could not be put where the node has it. */
export function judgeMissingFile(
  { setting }: PlannedNode,
  error: string,
  isPlaced: (path: string) => boolean,
): Outcome | undefined {
  const paths = setting.ok ? certificatePaths(setting.surroundings) : [];
  const missing = paths.find((path) => error.includes(path) && !isPlaced(path));
  return missing === undefined
    ? undefined
    : inconclusive(`${missing} cannot be put on a node that is only played: ${error}`);
}

/** What a runtime showed of a pull. */
export interface Shown {
  readonly outcome: Outcome;
  readonly evidence: Proof['evidence'];
  /** What the engine itself took for granted. */
  readonly assumptions: readonly string[];
  readonly runtime: string | undefined;
}

/** The proof of a pull, without logins: a URL in a node's own files may have one in it, and containerd's texts may repeat it. */
export function makeProof(
  planned: PlannedNode,
  pull: NodePull,
  { outcome, evidence, assumptions, runtime }: Shown,
): Proof {
  return {
    pull,
    outcome: withoutLogins(outcome),
    evidence: evidence.map(({ method, url, status }) => ({ method, url: hideUrlLogins(url), status })),
    assumptions:
      outcome.status === 'inconclusive'
        ? []
        : allAssumptions(planned, pull, askedPlaces(outcome, evidence), assumptions),
    ...(runtime !== undefined && { runtime }),
  };
}

/** A pull that was not tried, or whose trial came to no end. */
export function leaveOpen(pull: PlannedPull, reason: string): Proof {
  return { pull, outcome: withoutLogins(inconclusive(reason)), evidence: [], assumptions: [] };
}

/** The places of the registries that were asked, as the requests and the error name them. */
function askedPlaces(outcome: Outcome, evidence: Proof['evidence']): ReadonlySet<string> {
  const error = outcome.status === 'refuted' ? outcome.error : '';
  const urls = [...evidence.map(({ url }) => url), ...(error.match(/\bhttps?:\/\/[^\s"'/?]+/g) ?? [])];
  return new Set(urls.map((url) => hostPortText(hostPortOfUrl(url))));
}

function allAssumptions(
  { setting, isVersionAssumed, architecture }: PlannedNode,
  { reference }: NodePull,
  asked: ReadonlySet<string>,
  ofEngine: readonly string[],
): readonly string[] {
  const surroundings = setting.ok ? setting.surroundings : undefined;
  const guesses = surroundings?.standIns.flatMap((standIn) =>
    standIn.assumption !== undefined && asked.has(hostPortText(standIn)) ? [standIn.assumption] : [],
  );
  const own = ownArchitecture();
  return [
    ...(surroundings?.assumptions ?? []),
    ...(guesses ?? []),
    ...ofEngine,
    ...(isVersionAssumed ? ['nothing says the version of the containerd of the node'] : []),
    ...(reference.digest === undefined
      ? []
      : [
          'the content of the digest was not pulled, which only its registry has: another digest stood in for it',
        ]),
    ...(architecture !== undefined && architecture !== own
      ? [`it was pulled on ${own}, and the node is ${architecture}`]
      : []),
  ];
}

function ownArchitecture(): string {
  return process.arch === 'x64' ? 'amd64' : process.arch;
}

function withoutLogins(outcome: Outcome): Outcome {
  switch (outcome.status) {
    case 'proved':
      return outcome;
    case 'refuted':
      return { ...outcome, error: hideUrlLogins(outcome.error) };
    case 'inconclusive':
      return inconclusive(hideUrlLogins(outcome.reason));
  }
}

export function inconclusive(reason: string): Outcome {
  return { status: 'inconclusive', reason };
}

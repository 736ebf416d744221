import type { ImageUse } from '../manifest/imageUse.ts';
import { resolve } from '../pull/planPulls.ts';
import type { NodeCase, Pull } from '../pull/pull.ts';
import { formatReference, parseReference } from '../reference/parseReference.ts';
import type { Reference } from '../reference/reference.ts';
import type { ConfiguredNode } from '../render/target.ts';
import type { Attempt } from '../resolver/attempts.ts';
import type { ErrorText } from './errorText.ts';
import type { DiagnosisHint, DiagnosedRepository } from './repository.ts';

/** What an error may be about. */
export interface Suspects {
  /** The pulls that may have ended so. */
  readonly pulls: readonly Pull[];
  /** The places that name the image. */
  readonly uses: readonly ImageUse[];
  readonly nodes: readonly ConfiguredNode[];
  /** The request that the error names, or that which is meant where there is but one. */
  readonly asked?: Attempt;
  /** Requests to mirrors that come before it. */
  readonly passedOver: readonly Attempt[];
  readonly reference?: Reference;
}

/** Finds what in the repository an error may be about. */
export function findSuspects(
  error: ErrorText,
  repository: DiagnosedRepository,
  hint: DiagnosisHint,
): Suspects {
  const reference = hint.reference ?? referenceOf(error.image);
  const cases = casesOf(repository, hint.node);
  const pulls = pullsOf(repository.pulls, cases, reference, error);
  const { likely, asked } = narrow(pulls, error);
  const named = likely.flatMap(({ nodes }) => nodes).filter(({ node }) => isMeant(node.name, cases, hint));
  const nodes = named.length > 0 ? [...new Set(named)] : likely.flatMap(({ nodes: all }) => all);
  const uses = [...new Set([...likely.flatMap((pull) => pull.uses), ...otherUses(error, repository)])];
  return {
    pulls: likely,
    uses,
    nodes: nodes.length > 0 ? nodes : membersOf(cases, hint.node),
    ...(asked && { asked: asked.attempt }),
    passedOver: asked ? asked.before : [],
    ...(reference && { reference }),
  };
}

function referenceOf(image: string | undefined): Reference | undefined {
  const result = image === undefined ? undefined : parseReference(image);
  return result?.ok ? result.reference : undefined;
}

/** The cases with the node, or all where no such node is known. */
function casesOf({ cases }: DiagnosedRepository, node: string | undefined): readonly NodeCase[] {
  const own = cases.filter(({ members }) => members.some((member) => member.node.name === node));
  return own.length > 0 ? own : cases;
}

function membersOf(cases: readonly NodeCase[], node: string | undefined): readonly ConfiguredNode[] {
  const members = cases.flatMap((nodeCase) => nodeCase.members);
  const own = members.filter((member) => member.node.name === node);
  return own.length > 0 ? own : members;
}

/** True for the node that the error is from, or for any where that one is not known. */
function isMeant(name: string, cases: readonly NodeCase[], { node }: DiagnosisHint): boolean {
  return node === name || !cases.some(({ members }) => members.some((member) => member.node.name === node));
}

/** The pulls of the image on these nodes; for an image of which the repository does not speak, what they would be. */
function pullsOf(
  pulls: readonly Pull[],
  cases: readonly NodeCase[],
  reference: Reference | undefined,
  error: ErrorText,
): readonly Pull[] {
  const here = new Set(cases);
  if (!reference) {
    const asks = pulls.filter((pull) => here.has(pull.nodeCase) && matchOf(pull, error) !== undefined);
    return asks;
  }
  const known = pulls.filter((pull) => isSame(pull.reference, reference));
  const own = known.filter(({ nodeCase }) => here.has(nodeCase));
  if (own.length > 0) return own;
  const uses = [...new Set(known.flatMap((pull) => pull.uses))];
  return cases.map((nodeCase) => ({
    reference,
    nodeCase,
    nodes: nodeCase.members,
    uses,
    result: resolve(nodeCase, reference),
  }));
}

function isSame(a: Reference, b: Reference): boolean {
  return a.path === b.path && a.domain === b.domain && formatReference(a) === formatReference(b);
}

/** Images that are no reference are compared as they are written; others are known by a pull secret. */
function otherUses({ image, pullSecrets }: ErrorText, { report }: DiagnosedRepository): readonly ImageUse[] {
  if (image !== undefined) return report.images.filter(({ text, reference }) => !reference && text === image);
  if (pullSecrets.length === 0) return [];
  return report.images.filter(({ workload }) =>
    workload?.imagePullSecrets.some(({ value }) => pullSecrets.includes(value)),
  );
}

/** How well an attempt fits what an error names; the whole URL best. */
type Fit = 'url' | 'origin' | 'host' | 'name';

const fits: readonly Fit[] = ['url', 'origin', 'host', 'name'];

interface Match {
  readonly attempt: Attempt;
  readonly before: readonly Attempt[];
  readonly fit: Fit;
}

/** The pulls in which the request comes that the error names, or all of them. */
function narrow(
  pulls: readonly Pull[],
  error: ErrorText,
): { readonly likely: readonly Pull[]; readonly asked?: Match } {
  const matches = pulls.flatMap((pull) => {
    const match = matchOf(pull, error);
    return match ? [{ pull, match }] : [];
  });
  const best = fits.find((fit) => matches.some(({ match }) => match.fit === fit));
  const closest = matches.filter(({ match }) => match.fit === best);
  const [first] = closest;
  return first ? { likely: closest.map(({ pull }) => pull), asked: first.match } : { likely: pulls };
}

function matchOf({ result }: Pull, error: ErrorText): Match | undefined {
  if (!result.ok) return undefined;
  const { attempts } = result;
  for (const fit of fits) {
    const index = attempts.findIndex((attempt) => isFit(attempt, error, fit));
    const attempt = attempts[index];
    if (!attempt) continue;
    const before = attempts.slice(0, index).filter(({ source, host }) => source && host !== attempt.host);
    return { attempt, before, fit };
  }
  return undefined;
}

function isFit(
  { url, host }: Attempt,
  { request, host: named, hostname, address }: ErrorText,
  fit: Fit,
): boolean {
  if (fit === 'url') return request !== undefined && url.split('?', 1)[0] === request.url;
  if (fit === 'origin') return request?.host === host.host && request.scheme === host.scheme;
  if (fit === 'host') return named === host.host;
  const isNamed = named !== undefined;
  return !isNamed && (hostname === host.host.replace(/:\d+$/, '') || address === host.host);
}

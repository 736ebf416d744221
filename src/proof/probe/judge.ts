import { upstreamHostOf } from '../../render/configuredMirror.ts';
import type { AttemptsResult } from '../../resolver/attempts.ts';
import { isIndexType } from '../../resolver/mediaTypes.ts';
import type { Platform } from '../../resolver/platform.ts';
import type { PullResult } from '../../resolver/pullImage.ts';
import type { TransportError } from '../../resolver/transport.ts';
import type { NodePull, PlannedNode } from '../plan.ts';
import type { Outcome } from '../proof.ts';
import { lastAnswers, originOf, type LastAnswer } from './answers.ts';
import { CutOffError, NotAskedError } from './network.ts';
import { NodeFileError } from './nodeFile.ts';
import type { NodeLogin } from './nodeLogins.ts';
import { formatPlatform } from './observer.ts';

/** A pull as it was played, and all that was seen of it. */
export interface PlayedPull {
  readonly planned: PlannedNode;
  readonly pull: NodePull;
  readonly attempts: AttemptsResult;
  readonly result: PullResult;
  readonly platform: Platform;
  /** What an index has; undefined where there was none. */
  readonly platforms: readonly string[] | undefined;
  /** The URLs that were answered with a web page. */
  readonly pages: ReadonlySet<string>;
  readonly loginFor: (host: string) => NodeLogin;
}

export interface Judgement {
  readonly outcome: Outcome;
  readonly assumptions: readonly string[];
}

/** What a pull comes to. It is refuted only where every registry that had a say gave an answer that holds for the node too. */
export function judge(played: PlayedPull): Judgement {
  const { result, attempts, planned } = played;
  const answers = lastAnswers(result.exchanges, attempts.ok ? attempts.attempts : []);
  const { outcome } = result;
  switch (outcome.kind) {
    case 'pulled':
      return judgeSuccess(played, answers, outcome.descriptor.mediaType);
    case 'crashed':
      return { outcome: refute(`containerd crashed: ${outcome.panic}`), assumptions: cautions(planned) };
    case 'not-emulated':
      return {
        outcome: {
          status: 'inconclusive',
          reason: `what containerd makes of it is not known: ${outcome.reason}`,
        },
        assumptions: [],
      };
    case 'failed':
      return judgeFailure(played, answers, outcome.message);
  }
}

function judgeSuccess(played: PlayedPull, answers: readonly LastAnswer[], mediaType: string): Judgement {
  const { planned, pull, platform } = played;
  const resolving = answers.filter(({ phase }) => phase === 'resolve');
  const served = resolving.at(-1);
  if (!served)
    return { outcome: { status: 'inconclusive', reason: 'no registry was asked' }, assumptions: [] };
  const { host, origin } = served;
  const isUpstream = host.role !== 'mirror' && host.host === upstreamHostOf(pull.reference.domain);
  const open = resolving.slice(0, -1).flatMap((answer) => whyOpen(answer, played) ?? []);
  const isIndex = isIndexType(mediaType);
  const secrets = secretNames(pull);
  return {
    outcome: { status: 'proved', via: origin, isUpstream },
    assumptions: [
      'the node reaches what this machine reaches, and the layers are where their manifest is',
      ...open.map((sentence) => `${sentence}, and the node asks it first`),
      ...(isIndex && planned.architecture === undefined
        ? [`the node is ${formatPlatform(platform)}: nothing says its architecture`]
        : []),
      ...(isIndex
        ? []
        : ['the image is for the architecture of the node: it has no index that would say so']),
      ...(secrets === undefined
        ? []
        : [`the login in the pull secret ${secrets} is good: it is not read here`]),
      ...cautions(planned),
    ],
  };
}

function judgeFailure(played: PlayedPull, answers: readonly LastAnswer[], message: string): Judgement {
  const { planned, platform, platforms } = played;
  const [open, ...others] = new Set(answers.flatMap((answer) => whyOpen(answer, played) ?? []));
  if (open !== undefined) {
    const reason = [open, ...others, ...whoHasNot(answers, played)].join('; ');
    return { outcome: { status: 'inconclusive', reason }, assumptions: [] };
  }
  if (!message.includes('no match for platform'))
    return { outcome: refute(message), assumptions: cautions(planned) };
  const has = platforms && platforms.length > 0 ? ` (its index has ${platforms.join(', ')})` : '';
  const text = `nothing says the architecture of the node, and the image is not for ${formatPlatform(platform)}${has}`;
  if (planned.architecture === undefined)
    return { outcome: { status: 'inconclusive', reason: text }, assumptions: [] };
  const error = `${message}: the node is ${formatPlatform(platform)}${has}`;
  return { outcome: refute(error), assumptions: cautions(planned) };
}

/** What is certain all the same: which registries do not have the image. */
function whoHasNot(answers: readonly LastAnswer[], played: PlayedPull): readonly string[] {
  const without = answers.filter(
    (last) =>
      last.answer.kind === 'answered' && last.answer.status === 404 && whyOpen(last, played) === undefined,
  );
  return [...new Set(without.map((last) => `${nameOf(last)} does not have it`))];
}

function refute(error: string): Outcome {
  return { status: 'refuted', error };
}

function cautions({ isVersionAssumed }: PlannedNode): readonly string[] {
  return isVersionAssumed ? ['nothing says the version of the containerd of the node'] : [];
}

/** Why an answer says nothing of what the node would get; undefined where it is the same for the node. */
function whyOpen(last: LastAnswer, played: PlayedPull): string | undefined {
  const { answer, url } = last;
  const origin = nameOf(last);
  if (answer.kind === 'failed') return whySilent(answer.error, origin);
  const { status } = answer;
  if (status === 401 || status === 403) return whyRefused(last, played, status);
  if (status === 404) return whyHidden(last, played);
  if (status === 408 || status === 429) return `${origin} wants to be asked less often (${status})`;
  if (status >= 500) return `${origin} has a fault of its own (${status})`;
  return played.pages.has(url) ? `${origin} answers with a web page, as no registry does` : undefined;
}

/** Who gave the answer: a registry may lead to a server for tokens or contents. */
function nameOf({ origin, url }: LastAnswer): string {
  const answering = originOf(url);
  return answering === origin ? origin : `${answering} (to which ${origin} leads)`;
}

function whySilent(error: TransportError, origin: string): string | undefined {
  const { kind, message, cause } = error;
  if (error instanceof CutOffError) return undefined;
  if (error instanceof NotAskedError) return `${origin} was not asked: ${message}`;
  if (cause instanceof NodeFileError)
    return `${origin} could not be asked: ${cause.message}, so put it at the same path on this machine`;
  if (message.startsWith('dial tcp: lookup '))
    return `this machine cannot look up the name of ${origin}, which the node may do`;
  switch (kind) {
    case 'http-response':
      return undefined;
    case 'certificate':
      return message.includes('unknown authority')
        ? `this machine does not trust the certificate of ${origin}, which the node may do`
        : undefined;
    case 'refused':
      return `${origin} refuses connections from this machine`;
    case 'timeout':
    case 'connect-timeout':
    case 'handshake-timeout':
    case 'header-timeout':
      return `${origin} did not answer this machine in time`;
    case 'eof':
    case 'no-such-host':
    case 'other':
      // The transport lost its patience.
      return message.startsWith('no answer within ')
        ? `${origin} did not answer this machine in time`
        : `${origin} gave no answer: ${message}`;
  }
}

/** A login that the registry refuses is refused on the node too. */
function whyRefused(last: LastAnswer, { pull, loginFor }: PlayedPull, status: number): string | undefined {
  const wants = `${nameOf(last)} wants a login (${status})`;
  const secrets = secretNames(pull);
  if (secrets !== undefined) return `${wants}, and that of the pull secret ${secrets} is not read here`;
  const login = loginFor(last.host.host);
  switch (login.kind) {
    case 'known':
      return undefined;
    case 'unset':
      return `${wants}, and the variable ${login.variable} of it is not set`;
    case 'none':
      return `${wants}, and there is none for it here; without one it does not say whether it has the image`;
  }
}

/** Some registries hide what they have from those without a login. */
function whyHidden(last: LastAnswer, { pull, loginFor }: PlayedPull): string | undefined {
  const hides = `${nameOf(last)} says 404 to a request without the login`;
  const secrets = secretNames(pull);
  if (secrets !== undefined) return `${hides} of the pull secret ${secrets}, which is not read here`;
  const login = loginFor(last.host.host);
  return login.kind === 'unset' ? `${hides} for it, whose variable ${login.variable} is not set` : undefined;
}

/** The pull secrets that are for the image, or may be: their values are never read. Undefined where there are none. */
function secretNames({ missingSecrets, secrets, logins }: NodePull): string | undefined {
  const passed = secrets.filter(({ login }) => logins.some(({ password }) => password === login.password));
  const names = [...passed.map(({ name }) => name), ...missingSecrets];
  return names.length === 0 ? undefined : names.join(', ');
}

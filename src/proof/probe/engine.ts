import { randomBytes } from 'node:crypto';
import { attempts, type AttemptsResult } from '../../resolver/attempts.ts';
import type { AuthConfig } from '../../resolver/credentials.ts';
import { defaultPlatform, type Platform } from '../../resolver/platform.ts';
import { pullManifests, resolveImage, type PullResult } from '../../resolver/pullImage.ts';
import type { Exchange } from '../../resolver/recordingTransport.ts';
import type { Reference } from '../../reference/reference.ts';
import { hideUrlLogins } from '../../source/logins.ts';
import { withoutSignature } from '../../source/signedUrl.ts';
import { atOnce } from '../atOnce.ts';
import type { Availability, ProofEngine, ProofEvent } from '../engine.ts';
import { EventQueue } from '../eventQueue.ts';
import { judgeControl, type ControlResult } from '../judgement.ts';
import type { NodePull, PlannedNode, ProofPlan } from '../plan.ts';
import type { Outcome, Proof, ProofRequest } from '../proof.ts';
import { lastAnswers } from './answers.ts';
import { judge, type Judgement } from './judge.ts';
import { ProbeNetwork, type NodeView, type ProbeLimits } from './network.ts';
import { nodeFileReader } from './nodeFile.ts';
import { nodeLogins, type Environment, type NodeLogin } from './nodeLogins.ts';
import { Observer } from './observer.ts';

export interface ProbeEngineOptions {
  /** Whoever wrote the repository is not to be trusted, as with a pull request from a fork: then nothing is asked. */
  readonly isUntrusted: boolean;
  /** This machine is the node: its own addresses (127.0.0.1, localhost) are the node's. */
  readonly isOnNode: boolean;
  /** Where `${NAME}` of a login is read. */
  readonly environment: Environment;
  readonly limits: ProbeRunLimits;
}

/** How far a run may go. All times are in milliseconds. */
export interface ProbeRunLimits extends ProbeLimits {
  readonly pullsAtOnce: number;
  /** For one image on one node. */
  readonly pullTime: number;
  /** For everything. */
  readonly runTime: number;
}

export const probeLimits: ProbeRunLimits = {
  hosts: 200,
  bytes: 256 * 1024 * 1024,
  // containerd reads no longer manifests either.
  answerBytes: 4 * 1048 * 1048,
  connectTime: 5000,
  answerTime: 10_000,
  pullsAtOnce: 6,
  pullTime: 30_000,
  runTime: 600_000,
};

const distrust =
  'the probe asks no registry that a pull request from a fork names: run it for branches of the repository itself';

/** Proves pulls by asking the real registries as each node would, for manifests only. */
export class ProbeEngine implements ProofEngine {
  readonly name = 'probe';
  readonly #options: ProbeEngineOptions;
  readonly #runs = new Set<AbortController>();

  constructor(options: ProbeEngineOptions) {
    this.#options = options;
  }

  async probe(): Promise<Availability> {
    return this.#options.isUntrusted ? { isAvailable: false, reason: distrust } : { isAvailable: true };
  }

  async *prove({ nodes }: ProofPlan, signal: AbortSignal): AsyncIterable<ProofEvent> {
    const own = new AbortController();
    this.#runs.add(own);
    const queue = new EventQueue<ProofEvent>();
    const run = new Run(this.#options, AbortSignal.any([signal, own.signal]), (event) => queue.add(event));
    const whole = run.prove(nodes);
    queue.endWith(whole);
    try {
      yield* queue;
    } finally {
      own.abort();
      this.#runs.delete(own);
      await whole.catch(() => undefined);
    }
  }

  async dispose(): Promise<void> {
    for (const run of this.#runs) run.abort();
  }
}

interface Task {
  readonly planned: PlannedNode;
  readonly pull: NodePull;
}

/** The requests for a pull, as they came out. */
interface Play {
  readonly attempts: AttemptsResult;
  readonly result: PullResult;
  readonly observer: Observer;
  readonly loginFor: (host: string) => NodeLogin;
}

/** One run over a plan. */
class Run {
  readonly #options: ProbeEngineOptions;
  readonly #signal: AbortSignal;
  readonly #emit: (event: ProofEvent) => void;
  readonly #network: ProbeNetwork;
  readonly #end: number;
  readonly #secrets = new Set<string>();
  /** A pull that was proved by each registry. */
  readonly #served = new Map<string, Task>();

  constructor(options: ProbeEngineOptions, signal: AbortSignal, emit: (event: ProofEvent) => void) {
    this.#options = options;
    this.#signal = signal;
    this.#emit = (event) => {
      if (!signal.aborted) emit(event);
    };
    this.#network = new ProbeNetwork(options.limits, options.isOnNode, signal);
    this.#end = Date.now() + options.limits.runTime;
  }

  async prove(nodes: readonly PlannedNode[]): Promise<void> {
    const tasks = nodes.flatMap((planned) => planned.pulls.map((pull): Task => ({ planned, pull })));
    await this.#each(tasks, (task) => this.#proveOne(task));
    await this.#each([...this.#served], ([origin, task]) => this.#control(origin, task));
  }

  async #each<T>(items: readonly T[], use: (item: T) => Promise<void>): Promise<void> {
    await atOnce(this.#options.limits.pullsAtOnce, items, async (item) => {
      if (!this.#signal.aborted) await use(item);
    });
  }

  async #proveOne(task: Task): Promise<void> {
    const { planned } = task;
    const { startupError } = planned.configured.own ?? {};
    if (this.#options.isUntrusted) return this.#conclude(task, inconclusive(distrust));
    if (!planned.setting.ok) return this.#conclude(task, inconclusive(planned.setting.reason));
    if (startupError) {
      const outcome: Outcome = { status: 'refuted', error: startupError.message };
      return this.#conclude(task, { outcome, assumptions: [] });
    }
    const platform = platformOf(planned);
    const {
      attempts: asked,
      result,
      observer,
      loginFor,
    } = await this.#play(task, task.pull.reference, platform);
    const { platforms, pages } = observer;
    const judgement = judge({ ...task, attempts: asked, result, platform, platforms, pages, loginFor });
    const { outcome } = judgement;
    if (outcome.status === 'proved' && !this.#served.has(outcome.via)) this.#served.set(outcome.via, task);
    this.#conclude(task, judgement, result.exchanges);
  }

  async #play({ planned }: Task, reference: Reference, platform: Platform | undefined): Promise<Play> {
    const { configured } = planned;
    const { configuration } = configured;
    const observer = new Observer(this.#network.seenFrom(this.#viewOf(planned)));
    const loginFor = nodeLogins(configured, this.#options.environment, (secret) => this.#secrets.add(secret));
    const configuredAuth = (host: string): AuthConfig | undefined => {
      const login = loginFor(host);
      return login.kind === 'known' ? login.auth : undefined;
    };
    const options = { transport: observer, configuredAuth, platform };
    const result = await (platform
      ? pullManifests(configuration, reference, options)
      : resolveImage(configuration, reference, options));
    return { attempts: attempts(configuration, reference), result, observer, loginFor };
  }

  #viewOf({ configured, cutOff, setting }: PlannedNode): NodeView {
    const hosts = setting.ok ? setting.surroundings.hosts : {};
    return {
      addresses: new Map(Object.entries(hosts)),
      cutOff: new Set(cutOff),
      readFile: nodeFileReader(configured.ownFiles),
      until: Math.min(Date.now() + this.#options.limits.pullTime, this.#end),
    };
  }

  /** A registry that has what nobody ever made says yes to everything. */
  async #control(origin: string, task: Task): Promise<void> {
    const { tag: _, digest, ...name } = task.pull.reference;
    const invented =
      digest === undefined
        ? { ...name, tag: `mirrorproof-control-${randomBytes(16).toString('hex')}` }
        : { ...name, digest: `sha256:${randomBytes(32).toString('hex')}` };
    let result = await this.#ask(origin, task, invented);
    if (result.kind === 'open') result = await this.#ask(origin, task, invented);
    const { pull, isSound, text } = judgeControl(task.pull, result);
    this.#emit({ kind: 'control', control: { pull, isSound, text: this.#hide(text) } });
  }

  /** What a registry says of an image that nobody has. */
  async #ask(origin: string, task: Task, reference: Reference): Promise<ControlResult> {
    const { attempts: planned, result } = await this.#play(task, reference, undefined);
    const what = reference.digest ?? reference.tag ?? '';
    if (result.outcome.kind === 'pulled')
      return { kind: 'pulled', text: `${what}, which nobody ever made, was found as well` };
    const last = lastAnswers(result.exchanges, planned.ok ? planned.attempts : []);
    const own = last.find((each) => each.origin === origin && each.answer.kind === 'answered');
    if (own?.answer.kind !== 'answered')
      return {
        kind: 'open',
        reason: `${origin} did not answer when it was asked for an image that does not exist`,
      };
    const { status, reason } = own.answer;
    return saysNo(status)
      ? { kind: 'failed', text: `${origin} does not have ${what}: ${status} ${reason}` }
      : { kind: 'open', reason: `${origin} does not say whether it has ${what}: ${status} ${reason}` };
  }

  #conclude(
    { planned, pull }: Task,
    { outcome, assumptions }: Judgement,
    exchanges: readonly Exchange[] = [],
  ): void {
    const wasPlayed = exchanges.length > 0 || outcome.status === 'refuted';
    const proof: Proof = {
      pull,
      outcome: this.#hideIn(outcome, exchanges),
      evidence: exchanges.map((exchange) => this.#describe(exchange)),
      assumptions: assumptions.map((text) => this.#hide(text)),
      ...(wasPlayed && { runtime: `containerd ${planned.version} (emulated)` }),
    };
    this.#emit({ kind: 'proof', proof });
  }

  #describe({ request: { method, url }, answer }: Exchange): ProofRequest {
    const status = answer.kind === 'answered' ? answer.status : 0;
    return { method, url: this.#hide(withoutSignature(url)), status };
  }

  #hideIn(outcome: Outcome, exchanges: readonly Exchange[]): Outcome {
    const urls = exchanges.map(({ request }) => request.url);
    const hide = (text: string): string =>
      this.#hide(urls.reduce((shown, url) => shown.replaceAll(url, withoutSignature(url)), text));
    switch (outcome.status) {
      case 'proved':
        return { ...outcome, via: hide(outcome.via) };
      case 'refuted':
        return { ...outcome, error: hide(outcome.error) };
      case 'inconclusive':
        return { ...outcome, reason: hide(outcome.reason) };
    }
  }

  /** A registry may repeat what it was shown. */
  #hide(text: string): string {
    const secrets = [...this.#secrets].filter(({ length }) => length >= shortestSecret);
    return secrets.reduce((shown, secret) => shown.replaceAll(secret, '***'), hideUrlLogins(text));
  }
}

/** Neither asks for patience nor has a fault of its own. */
function saysNo(status: number): boolean {
  return status >= 400 && status < 500 && status !== 408 && status !== 429;
}

/** Shorter ones would make every text unreadable. */
const shortestSecret = 4;

function inconclusive(reason: string): Judgement {
  return { outcome: { status: 'inconclusive', reason }, assumptions: [] };
}

function platformOf({ architecture }: PlannedNode): Platform {
  return architecture === undefined ? defaultPlatform : { os: 'linux', architecture };
}

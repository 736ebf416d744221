import {
  inconclusive,
  isMachineText,
  judgeControl,
  judgeMissingFile,
  judgeMissingSecret,
  lacksLogin,
  makeProof,
} from '../judgement.ts';
import { chooseNearest, type Near } from '../nearestVersion.ts';
import type { NodePull, PlannedNode } from '../plan.ts';
import type { Control, Outcome, Proof } from '../proof.ts';
import { hostPortOfUrl } from '../registryWorld.ts';
import type { CrictlResult } from './nodeScript.ts';
import { isSafePath } from './nodeConfig.ts';
import type { KubeletPull } from './pods.ts';
import { isForPods } from './pullKinds.ts';
import { isUpstream, requestsFor, type NodeRequest } from './requests.ts';

/** What is known of a kind node when its pulls are judged. */
export interface NodeFacts {
  readonly planned: PlannedNode;
  /** Of the containerd in it. */
  readonly version: string;
  /** Of the kubelet in it, as `v1.33.1`. */
  readonly kubelet: string;
  readonly assumptions: readonly string[];
  /** Why some registries, as those with TLS or a login, do not answer it, and their names. */
  readonly silent?: { readonly reason: string; readonly hostnames: ReadonlySet<string> };
}

/** What became of a pull on a kind node. */
export interface PullResults {
  /** Absent where crictl was not tried: it is not the one to bring the logins of Pods. */
  readonly crictl?: CrictlResult;
  /** Absent where no Pod asks for the image, as for the sandbox image. */
  readonly kubelet?: KubeletPull;
}

/** The proof of a pull, from what crictl and the kubelet said and what the registries saw. */
export function judgePull(
  facts: NodeFacts,
  pull: NodePull,
  results: PullResults,
  requests: readonly NodeRequest[],
): Proof {
  const own = requestsFor(pull, requests);
  return makeProof(facts.planned, pull, {
    outcome: judge(facts, pull, results, own),
    evidence: own,
    assumptions: ownAssumptions(facts),
    runtime: runtimeOf(facts, results),
  });
}

/** What the pull by crictl means that is a control. */
export function judgeCrictlControl(pull: NodePull, { isPulled, text }: CrictlResult): Control {
  if (isPulled) return judgeControl(pull, { kind: 'pulled' });
  // crictl brings no login, so that it would be refused where a registry answers, too.
  const isOpen = saysNothing(text) || lacksLogin(text);
  return judgeControl(pull, isOpen ? { kind: 'open', reason: text } : { kind: 'failed', text });
}

/** True for a failure that is none of the pull. */
function saysNothing(text: string): boolean {
  return isMachineText(text) || text.startsWith('crictl did not end');
}

function judge(
  facts: NodeFacts,
  pull: NodePull,
  { crictl, kubelet }: PullResults,
  requests: readonly NodeRequest[],
): Outcome {
  const last = kubelet ?? crictl;
  const isKubeletsWord = kubelet !== undefined || !isForPods(pull);
  if (!last || (last.isPulled && !isKubeletsWord))
    return inconclusive('the kubelet did not say what became of the pull');
  if (!last.isPulled) return judgeFailure(facts, pull, last.text);
  if (crictl && !crictl.isPulled)
    return inconclusive(`the kubelet pulled it, and crictl did not: ${crictl.text}`);
  const served = requests.findLast(({ isManifest, status }) => isManifest && status === 200);
  const { setting } = facts.planned;
  if (!served || !setting.ok)
    return inconclusive('it was pulled, and no registry of the cluster was asked for it');
  return {
    status: 'proved',
    via: served.origin,
    isUpstream: isUpstream(served, setting.surroundings.standIns),
  };
}

function judgeFailure(facts: NodeFacts, pull: NodePull, text: string): Outcome {
  const { version, silent } = facts;
  if (saysNothing(text)) return inconclusive(text);
  const missing = judgeMissingSecret(pull, text) ?? judgeMissingFile(facts.planned, text, isSafePath);
  if (missing) return missing;
  if (silent && hostnamesOf(pull).some((hostname) => silent.hostnames.has(hostname)))
    return inconclusive(`${silent.reason}: ${text}`);
  const sixth = sixthAddresses(facts).find((address) => text.includes(address));
  if (sixth !== undefined)
    return inconclusive(`a cluster in kind has no ${sixth} here, --engine containerd has: ${text}`);
  const { nearness } = nearest(facts);
  if (nearness !== 'other') return { status: 'refuted', error: text };
  return inconclusive(
    `containerd ${version} in kind, which reads other files than ${facts.planned.version}, failed: ${text}`,
  );
}

/** Whom it asks, also those that are not the last one and so not in the error. */
function hostnamesOf({ asked }: NodePull): readonly string[] {
  return asked.map((url) => hostPortOfUrl(url).hostname);
}

/** Addresses of registries that no translation of IPv4 leads to. */
function sixthAddresses({ planned: { setting } }: NodeFacts): readonly string[] {
  const all = setting.ok ? setting.surroundings.standIns.map(({ address }) => address) : [];
  return all.filter((address) => address.includes(':'));
}

function nearest({ planned, version }: NodeFacts): Near {
  return chooseNearest(planned.version, [{ version }]) ?? { nearness: 'other' };
}

function ownAssumptions(facts: NodeFacts): readonly string[] {
  const { planned, version, assumptions } = facts;
  const isOther = !planned.isVersionAssumed && nearest(facts).nearness !== 'same';
  return [
    ...(isOther ? [`containerd ${version}, which the kind node has, stands in for ${planned.version}`] : []),
    ...assumptions,
  ];
}

function runtimeOf({ kubelet, version }: NodeFacts, results: PullResults): string {
  return results.kubelet ? `kubelet ${kubelet} with containerd ${version}` : `containerd ${version}`;
}

import { isDeepStrictEqual } from 'node:util';
import {
  printRequest,
  printResult,
  type Case,
  type Observation,
  type ObservedRequest,
  type Result,
  type Startup,
} from './case.ts';

/** What is said beforehand about a case. */
export interface Prediction {
  readonly startup: Startup;
  readonly requests: readonly ObservedRequest[];
  /** Why the `hosts.toml` is dropped that counts for the reference: one of these. */
  readonly dropped?: readonly string[] | undefined;
  /** The pull ends in one of these; where this is absent, nothing is said about its end. */
  readonly results?: readonly Result[];
}

export type Predict = (given: Case, version: string) => Promise<Prediction>;

/** In what containerd did otherwise than was predicted; undefined where it did not. */
export function disagreement(
  { startup, requests, results, dropped }: Prediction,
  observed: Observation,
): string | undefined {
  if (!isSameStartup(startup, observed.startup)) return 'whether it starts, or why it does not';
  if (startup.kind !== 'ok') return undefined;
  if (!isDeepStrictEqual(requests, observed.requests)) return 'the requests';
  if (observed.dropped.some((reason) => !dropped?.includes(reason))) return 'why a hosts.toml is dropped';
  if (dropped !== undefined && observed.dropped.length === 0) return 'whether a hosts.toml is dropped';
  const isExpected = !results || results.some((result) => isDeepStrictEqual(result, observed.result));
  return isExpected ? undefined : 'the result';
}

/** Why a plugin that is disabled does not run containerd does not say. */
function isSameStartup(predicted: Startup, observed: Startup): boolean {
  const isSilent = observed.kind !== 'ok' && observed.text === '';
  return predicted.kind === observed.kind && (isSilent || isDeepStrictEqual(predicted, observed));
}

/** A case, what was predicted and what containerd did, for people. */
export function printDisagreement(
  given: Case,
  version: string,
  prediction: Prediction,
  observation: Observation,
  what: string,
): string {
  const lines = [
    `containerd ${version} does not do what was predicted: ${what}`,
    '',
    ...Object.entries(given.files).flatMap(([path, text]) => [`--- ${path}`, ...text.trimEnd().split('\n')]),
    ...(given.folders ?? []).map((folder) => `--- ${folder}/ (empty)`),
    '--- names',
    ...Object.entries(given.names).map(([name, answer]) => `${name} ${answer}`),
    '--- registries',
    ...given.registries.map((double) => JSON.stringify(double)),
    '--- pull',
    given.reference + (given.auth ? ` ${JSON.stringify(given.auth)}` : ''),
    '',
    'predicted:',
    ...(prediction.dropped ?? []).map((error) => `  dropped a hosts.toml: ${error}`),
    ...printEnd(prediction.startup, prediction.requests, prediction.results),
    'observed:',
    ...observation.dropped.map((error) => `  dropped a hosts.toml: ${error}`),
    ...printEnd(observation.startup, observation.requests, observation.result && [observation.result]),
  ];
  return `${lines.join('\n')}\n`;
}

function printEnd(
  startup: Startup,
  requests: readonly ObservedRequest[],
  results: readonly Result[] | undefined,
): readonly string[] {
  if (startup.kind !== 'ok') return [`  ${startup.kind}: ${startup.text}`];
  return [
    ...requests.map((request) => `  ${printRequest(request)}`),
    ...(results ?? []).map((result) => `  ${printResult(result)}`),
    ...(results ? [] : ['  nothing is said about the end']),
  ];
}

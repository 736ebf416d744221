import { printRequest, type Case, type Observation } from './case.ts';

/** What is said beforehand about a case. What is absent is not compared. */
export interface Prediction {
  /** `refused`: containerd does not start with the configuration, or starts without its CRI plugin. */
  readonly startup: 'ok' | 'refused';
  /** The HEAD requests that registries see, in order: `HEAD https://reg.test/v2/app/manifests/1`. */
  readonly heads?: readonly string[];
  /** Why, for people. */
  readonly reason?: string;
}

export type Predict = (given: Case, version: string) => Prediction;

/** In what containerd did otherwise than was predicted; undefined where it did not. */
export function disagreement(prediction: Prediction, { startup, requests }: Observation): string | undefined {
  const isRefused = startup.kind !== 'ok';
  if (isRefused !== (prediction.startup === 'refused')) return 'containerd starts, or does not';
  const heads = requests.filter(({ method }) => method === 'HEAD').map(({ method, url }) => `${method} ${url}`);
  if (!prediction.heads || heads.join('\n') === prediction.heads.join('\n')) return undefined;
  return 'the HEAD requests differ';
}

/** A case, what was predicted and what containerd did, for people. */
export function printDisagreement(given: Case, version: string, prediction: Prediction, observation: Observation, what: string): string {
  const { startup, result, requests, dropped } = observation;
  const lines = [
    `containerd ${version}: ${what}`,
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
    `predicted: ${prediction.startup}${prediction.reason === undefined ? '' : ` (${prediction.reason})`}`,
    ...(prediction.heads ?? []).map((head) => `  ${head}`),
    `observed: ${startup.kind}${startup.kind === 'ok' ? '' : ` (${startup.text})`}`,
    ...requests.map((request) => `  ${printRequest(request)}`),
    ...dropped.map((error) => `  dropped a hosts.toml: ${error}`),
    ...(result ? [`  ${result.kind === 'pulled' ? 'pulled' : `${result.code}: ${result.message}`}`] : []),
  ];
  return `${lines.join('\n')}\n`;
}

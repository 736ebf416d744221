import type { Finding } from '../check/finding.ts';
import { listNames, nodeNames, relatedUses, userOf } from '../check/people.ts';
import type { Fix, Related } from '../source/fix.ts';
import { startOfFile, type Located, type Location } from '../source/location.ts';
import { severities } from '../source/severity.ts';
import type { Cause } from './cause.ts';
import type { ErrorText } from './errorText.ts';
import { configsOf, isSamePlace, placesOf, type Places } from './places.ts';
import type { DiagnosedRepository } from './repository.ts';
import type { Suspects } from './suspects.ts';

/** The line that an error comes from. */
export interface Blame {
  readonly location: Location;
  /** Why this line. */
  readonly reason: string;
  /** The check that says so. */
  readonly check?: string;
  readonly related?: readonly Related[];
  readonly fix?: Fix;
}

/** What is wrong where a node does not use a mirror that was meant for it, the likeliest first. */
const bypassChecks = [
  'config-refused',
  'hosts-file-crash',
  'hosts-file-dropped',
  'mirror-key',
  'invalid-endpoint',
  'hosts-file-key',
  'config-path-list',
  'config-ignored',
  'default-directory',
  'docker-mirrors',
  'node-drift',
];

/** The same, for a registry that cannot be asked as it is. */
const reachChecks = ['unconfigured-registry', 'leaves-mirrors'];

/** Findings on nodes, which are about every pull there. */
const nodeChecks: ReadonlySet<string> = new Set(['config-refused', 'config-ignored', 'config-path-list']);

/** What explains an answer of a mirror, of which the text speaks no more because the registry itself was asked after it. */
const missChecks = ['endpoint-path', 'hosts-file-path', 'rewrites'];

/** Finds the line that an error comes from: what a check has found already, or else the setting that decided. */
export function findBlame(
  cause: Cause,
  error: ErrorText,
  suspects: Suspects,
  repository: DiagnosedRepository,
): Blame | undefined {
  const places = placesOf(error, suspects, repository.registries);
  const finding = findFinding(
    checksFor(cause, suspects),
    error,
    suspects,
    places,
    repository.report.findings,
  );
  if (!finding) return blamedPlace(cause, error, suspects, repository);
  const { location, message, check, related, fix } = finding;
  return { location, reason: message, check, ...(related && { related }), ...(fix && { fix }) };
}

function checksFor({ checks, mirrorBypass }: Cause, { asked, passedOver }: Suspects): readonly string[] {
  const isBypassed = mirrorBypass !== undefined && !asked?.source;
  return [
    ...checks,
    ...(passedOver.length > 0 ? missChecks : []),
    ...(isBypassed ? bypassChecks : []),
    ...(isBypassed && mirrorBypass === 'unreached' ? reachChecks : []),
  ];
}

function findFinding(
  checks: readonly string[],
  error: ErrorText,
  suspects: Suspects,
  places: Places,
  findings: readonly Finding[],
): Finding | undefined {
  const wanted = new Set(checks);
  const images = new Set(suspects.uses.map(({ text }) => text));
  const names = new Set(suspects.nodes.map(({ node }) => node.name));
  // A line of a log may name neither an image nor a host: then anything may be meant.
  const isVague =
    suspects.pulls.length === 0 && suspects.uses.length === 0 && error.hostsFolder === undefined;
  const matching = findings.filter(
    (finding) => wanted.has(finding.check) && (isVague || isAbout(finding, images, names, places, suspects)),
  );
  const rank = ({ check, severity }: Finding): number =>
    checks.indexOf(check) * severities.length + severities.indexOf(severity);
  return matching.reduce<Finding | undefined>(
    (best, finding) => (best && rank(best) <= rank(finding) ? best : finding),
    undefined,
  );
}

function isAbout(
  { check, location, image, nodes }: Finding,
  images: ReadonlySet<string>,
  names: ReadonlySet<string>,
  places: Places,
  { uses, nodes: suspected }: Suspects,
): boolean {
  if (nodes && !nodes.some((name) => names.has(name))) return false;
  // It is said once for all images of a registry, at the node.
  if (check === 'node-drift') {
    return isDriftOf(image, uses) && suspected.some(({ node }) => isSamePlace(node.location, location));
  }
  if (image !== undefined) return images.has(image);
  return places.has(location) || nodeChecks.has(check) || isWorkloadOf(location, uses);
}

function isDriftOf(image: string | undefined, uses: Suspects['uses']): boolean {
  const domain = (text: string | undefined): string | undefined =>
    text?.includes('/') ? text.split('/', 1)[0] : undefined;
  return uses.some(({ text }) => text === image || domain(text) === domain(image));
}

/** True at a pull secret of a workload with the image. */
function isWorkloadOf(location: Location, uses: Suspects['uses']): boolean {
  return uses.some(({ workload }) =>
    workload?.imagePullSecrets.some((secret) => isSamePlace(secret.location, location)),
  );
}

function blamedPlace(
  { blames }: Cause,
  error: ErrorText,
  suspects: Suspects,
  repository: DiagnosedRepository,
): Blame | undefined {
  if (blames === 'nothing') return undefined;
  if (blames === 'node') return ofNode(suspects);
  if (blames === 'hosts-file') return ofHostsFile(suspects) ?? ofImage(suspects);
  if (blames === 'image') return ofMiss(suspects) ?? ofImage(suspects) ?? ofEndpoint(suspects);
  if (blames === 'endpoint') return ofMiss(suspects) ?? ofEndpoint(suspects) ?? ofImage(suspects);
  const configs = configsOf(error, suspects, repository.registries);
  const settings = configs.flatMap(({ auth, tls }) => Object.values((blames === 'login' ? auth : tls) ?? {}));
  const own = blames === 'login' ? ofLogin(settings, suspects) : ofTls(settings);
  return (
    own ?? (blames === 'tls' ? ofEndpoint(suspects) : undefined) ?? ofImage(suspects) ?? ofEndpoint(suspects)
  );
}

function ofNode({ nodes }: Suspects): Blame | undefined {
  const [first] = nodes;
  if (!first) return undefined;
  const { node, own } = first;
  if (own?.startupError) return { location: own.startupError.location, reason: own.startupError.message };
  if (own) return { location: startOfFile(own.file), reason: `the config.toml of ${node.name}` };
  return { location: node.location, reason: `the node ${listNames(nodeNames(nodes))}` };
}

/** The hosts.toml that was read for the pull. */
function ofHostsFile({ pulls }: Suspects): Blame | undefined {
  const attempts = pulls.flatMap(({ result }) => (result.ok ? result.attempts : []));
  const source = attempts.find((attempt) => attempt.source?.file.endsWith('hosts.toml'))?.source;
  return source && { location: startOfFile(source.file), reason: 'the hosts.toml for this registry' };
}

function ofEndpoint(suspects: Suspects): Blame | undefined {
  const { asked, pulls, uses } = suspects;
  const attempts = pulls.flatMap(({ result }) => (result.ok ? result.attempts : []));
  const source = asked ? asked.source : attempts.find((attempt) => attempt.source)?.source;
  if (!source) return undefined;
  const reason = asked ? 'the endpoint that was asked' : 'the endpoint that is asked first';
  return { location: source, reason, ...withUses(uses) };
}

/** The registry itself failed, after mirrors that did not serve the image. */
function ofMiss({ asked, passedOver: [first], uses }: Suspects): Blame | undefined {
  if (!first?.source || asked?.source) return undefined;
  const reason = `${first.host.host} is asked before it, and did not serve the image`;
  return { location: first.source, reason, ...withUses(uses) };
}

function withUses(uses: Suspects['uses']): Pick<Blame, 'related'> {
  const related = relatedUses(uses);
  return related.length > 0 ? { related } : {};
}

function ofImage({ uses: [use, ...others], asked, pulls }: Suspects): Blame | undefined {
  if (!use) return undefined;
  const attempts = asked ? [asked] : pulls.flatMap(({ result }) => (result.ok ? result.attempts : []));
  const sources = new Map(
    attempts.flatMap(({ source, url }) =>
      source ? [[`${source.file}:${source.start.line}`, { location: source, url }] as const] : [],
    ),
  );
  const related: Related[] = [
    ...[...sources.values()]
      .slice(0, 3)
      .map(({ location, url }) => ({ message: `${url} is asked`, location })),
    ...relatedUses(others),
  ];
  const reason = `${userOf(use)} names ${use.text}`;
  return { location: use.location, reason, ...(related.length > 0 && { related }) };
}

/** The login of the node for the host, or the pull secrets of the workload. */
function ofLogin([setting]: readonly Located<unknown>[], { uses }: Suspects): Blame | undefined {
  const secret = uses.flatMap(({ workload }) => workload?.imagePullSecrets ?? [])[0];
  // A pull secret that covers the image counts alone.
  if (secret)
    return { location: secret.location, reason: `the login is that of ${secret.value}`, ...withUses(uses) };
  return (
    setting && {
      location: setting.location,
      reason: 'the login that the node has for this host',
      ...withUses(uses),
    }
  );
}

function ofTls([setting]: readonly Located<unknown>[]): Blame | undefined {
  return setting && { location: setting.location, reason: 'the TLS settings for this host' };
}

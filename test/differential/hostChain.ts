import { parseReference } from '../../src/reference/parseReference.ts';
import type { Reference } from '../../src/reference/reference.ts';
import { attempts, type Attempt } from '../../src/resolver/attempts.ts';
import { profileFor } from '../../src/resolver/profile.ts';
import { testImage } from '../support/image.ts';
import type { Case } from './case.ts';
import type { Prediction } from './disagreement.ts';
import { SimulatedNetwork, type NetworkResult } from './network.ts';
import { readNode } from './nodeFiles.ts';
import { placeholders } from './case.ts';

const image = testImage('prediction');

/** Which HEAD requests the registries of a case see, by what mirrorproof says of its hosts. */
export function predictHostChain(given: Case, version: string): Prediction {
  const profile = profileFor({ kind: 'containerd', version });
  const node = readNode(given, profile);
  if (node.kind === 'refused') return { startup: 'refused', reason: node.message };
  const text = given.reference.replaceAll('{{manifest}}', image.manifest.digest);
  const parsed = parseReference(text, profile.referenceGrammar);
  if (!parsed.ok) return { startup: 'ok', heads: [], reason: parsed.error };
  const result = attempts(node.configuration, parsed.reference);
  if (!result.ok) return { startup: 'ok', heads: [], reason: result.error };
  return { startup: 'ok', heads: headsOf(result.attempts, given, parsed.reference, profile.pullPath === 'transfer') };
}

/** Walks the attempts until one is answered with the image. */
function headsOf(
  all: readonly Attempt[],
  given: Case,
  reference: Reference,
  retriesOnLastHost: boolean,
): readonly string[] {
  const network = new SimulatedNetwork(given, image);
  const seen: string[] = [];
  const hostCount = reference.digest === undefined ? all.length : all.length / 2;
  for (const [index, attempt] of all.entries()) {
    const isLast = index % hostCount === hostCount - 1;
    const send = (scheme: 'http' | 'https'): NetworkResult => {
      const sent = sendAttempt(attempt, scheme, network, given);
      if (sent.isSeen) seen.push(`HEAD ${scheme}://${attempt.url.replace(/^\w+:\/\//, '').replaceAll(image.manifest.digest, '<manifest>')}`);
      return sent;
    };
    if (attempt.host.scheme !== 'http' && attempt.host.scheme !== 'https') continue;
    let answer = send(attempt.host.scheme);
    if (attempt.httpFallback && fallsBack(answer, attempt)) answer = send('http');
    const status = statusOf(answer);
    // containerd v2.1.9 core/remotes/docker/resolver.go retryRequest
    if (retriesOnLastHost && isLast && [500, 503, 504].includes(status ?? 0)) answer = send(attempt.host.scheme);
    if (statusOf(answer) === 200) return seen;
  }
  return seen;
}

function sendAttempt({ url, host, tls }: Attempt, scheme: 'http' | 'https', network: SimulatedNetwork, given: Case): NetworkResult {
  const trusted = (tls?.ca ?? []).some((path) => given.files[path]?.includes(placeholders.privateAuthority));
  return network.send({
    method: 'HEAD',
    scheme,
    host: host.host,
    target: url.replace(/^\w+:\/\/[^/]*/, ''),
    authorization: '',
    tls: {
      skipVerify: tls?.skipVerify ?? false,
      trustsPrivateAuthority: trusted,
      hasCertificate: (tls?.client ?? []).length > 0,
    },
  });
}

// containerd v1.7.24 remotes/docker/resolver.go isTLSError, isPortError
function fallsBack(answer: NetworkResult, { host }: Attempt): boolean {
  if (answer.kind !== 'error') return false;
  if (answer.error === 'http: server gave HTTP response to HTTPS client') return true;
  return answer.error.endsWith('connection refused') && !/:\d*$/.test(host.host);
}

function statusOf(answer: NetworkResult): number | undefined {
  return answer.kind === 'reply' && answer.reply.kind === 'reply' ? answer.reply.status : undefined;
}

import { quote } from '../../src/hosts/goText.ts';
import { parseReference } from '../../src/reference/parseReference.ts';
import type { Reference } from '../../src/reference/reference.ts';
import type { NodeConfiguration } from '../../src/resolver/nodeConfiguration.ts';
import { profileFor } from '../../src/resolver/profile.ts';
import { pullImage, type PullOutcome } from '../../src/resolver/pullImage.ts';
import { hostsDirectoryFor } from '../../src/resolver/registryHosts.ts';
import { syntheticImage } from '../../src/proof/standIn/image.ts';
import type { Case, Result } from './case.ts';
import { builtByDebian } from './debianBuilds.ts';
import type { Prediction } from './disagreement.ts';
import { Silence, SimulatedNetwork } from './network.ts';
import { readNode } from './nodeFiles.ts';
import { normaliseRequest, normaliseText } from './normalise.ts';

const image = syntheticImage('prediction');

/** What mirrorproof says of a case. */
export async function predictPull(given: Case, version: string): Promise<Prediction> {
  const profile = builtByDebian(profileFor({ kind: 'containerd', version }));
  const node = readNode(given, profile);
  if (node.kind === 'refused') return { startup: node.startup, requests: [] };
  const text = given.reference.replaceAll('{{manifest}}', image.manifest.digest);
  const parsed = parseReference(text, profile.referenceGrammar);
  if (!parsed.ok) {
    const message = normaliseText(`failed to parse image reference ${quote(text)}: ${parsed.error}`, image);
    return { startup: { kind: 'ok' }, requests: [], results: [{ kind: 'failed', code: 'Unknown', message }] };
  }
  const network = new SimulatedNetwork(given, image);
  const results = await pullImage(node.configuration, parsed.reference, {
    transport: network,
    auth: given.auth,
    configuredAuth: node.authOf,
  }).then(
    ({ outcome }) => resultsOf(outcome),
    (error: unknown): readonly Result[] => {
      if (error instanceof Silence) return [{ kind: 'hung' }];
      throw error;
    },
  );
  const requests = network.seen.map((request) => normaliseRequest(request, image));
  const dropped = dropReason(node.configuration, parsed.reference);
  return {
    startup: { kind: 'ok' },
    requests,
    ...(dropped !== undefined && { dropped }),
    ...(results && { results }),
  };
}

function dropReason(configuration: NodeConfiguration, { domain }: Reference): readonly string[] | undefined {
  const directory = hostsDirectoryFor(configuration, domain);
  if (directory?.kind !== 'certificates' || !directory.dropped) return undefined;
  const { message, alternatives = [] } = directory.dropped;
  return [message, ...alternatives];
}

/** The ways in which the pull may end; undefined where nothing is said of it. */
function resultsOf(outcome: PullOutcome): readonly Result[] | undefined {
  if (outcome.kind === 'not-emulated') return undefined;
  if (outcome.kind === 'pulled') return [{ kind: 'pulled' }];
  if (outcome.kind === 'crashed') return [{ kind: 'crashed', panic: `panic: ${outcome.panic}` }];
  const { code, message, alternatives } = outcome;
  return [message, ...alternatives].map((text) => ({
    kind: 'failed',
    code,
    message: normaliseText(text, image),
  }));
}

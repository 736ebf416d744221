import type { Check } from '../check.ts';
import { parseServiceName } from '../clusterServices.ts';
import { nodeNames, onNodes } from '../people.ts';
import { isPrivateHost } from '../privateHost.ts';
import { findRegistryGaps } from '../registryGaps.ts';

export const unconfiguredRegistry: Check = {
  id: 'unconfigured-registry',
  severity: 'error',
  summary: 'an image from a private registry of which registries.yaml says nothing',
  documentation:
    'containerd asks a registry that is not configured by HTTPS and trusts only public certificates. A registry at a private ' +
    'address seldom has one: over plain HTTP the pull ends in `http: server gave HTTP response to HTTPS client`, with an own ' +
    'certificate in `x509: certificate signed by unknown authority`. Say how the registry is asked: an `http://` endpoint ' +
    'under `mirrors`, or its CA under `configs`.',
  *run({ pulls, registries, discovery }) {
    const unsaid =
      registries.file === undefined
        ? 'there is no registries.yaml that tells of'
        : 'registries.yaml says nothing of';
    for (const gap of findRegistryGaps(pulls)) {
      const { domain } = gap.use.reference;
      const [first] = gap.unaware;
      if (!first || !isPrivateHost(domain) || gap.isConfiguredElsewhere) continue;
      // Said by cluster-service-name, with the fix for it.
      if (parseServiceName(domain.replace(/:\d+$/, ''), discovery.services)?.isCertain) continue;
      const nodes = gap.unaware.flatMap((unaware) => nodeNames(unaware.nodes));
      yield {
        message: `${unsaid} ${domain}, so \`${gap.use.text}\` is asked from ${first.asked}${onNodes(nodes)}: a plain-HTTP registry answers "server gave HTTP response to HTTPS client"`,
        location: gap.use.location,
        nodes,
        image: gap.use.text,
        fix: {
          message: `add \`mirrors: {"${domain}": {endpoint: ["http://${domain}"]}}\`, or its certificate under \`configs\` if it has TLS`,
        },
      };
    }
  },
};

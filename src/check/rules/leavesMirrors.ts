import { configForHost, upstreamHostOf } from '../../render/configuredMirror.ts';
import type { Check } from '../check.ts';
import { mirroredUpstreams } from '../configured.ts';
import { nodeNames, onNodes } from '../people.ts';
import { isPrivateHost } from '../privateHost.ts';
import { findRegistryGaps, type UnawareNodes } from '../registryGaps.ts';

export const leavesMirrors: Check = {
  id: 'leaves-mirrors',
  severity: 'warning',
  summary: 'an image that no mirror serves, so that the node asks the internet for it',
  documentation:
    'Once registries.yaml mirrors public registries, pulls are meant to stay inside. This names each image of a public registry ' +
    'that no mirror of the node serves. On nodes without a way out that is a pull that fails: say so with ' +
    '`checks: {leaves-mirrors: error}`. Where Docker Hub alone is mirrored, which is often done only for its rate limit, it is ' +
    'a notice. A mirror for `*` serves every registry without an entry of its own.',
  *run({ pulls }) {
    for (const gap of findRegistryGaps(pulls)) {
      const { domain } = gap.use.reference;
      const leaving = gap.unaware.filter(
        (unaware) => upstreamsOf(unaware).length > 0 && !hasLogin(unaware, domain),
      );
      const [first] = leaving;
      if (!first || isPrivateHost(domain) || gap.isConfiguredElsewhere) continue;
      const isOnlyDockerHub = leaving.every((unaware) =>
        upstreamsOf(unaware).every((host) => host === 'docker.io'),
      );
      const nodes = leaving.flatMap((unaware) => nodeNames(unaware.nodes));
      yield {
        ...(isOnlyDockerHub && { severity: 'notice' }),
        message: `no mirror serves ${domain}: \`${gap.use.text}\` is asked from ${first.asked}${onNodes(nodes)}, and cannot be pulled without internet access`,
        location: gap.use.location,
        nodes,
        image: gap.use.text,
        fix: { message: `add a mirror for \`${domain}\` or for \`*\` to registries.yaml` },
      };
    }
  },
};

/** A login for the registry itself says that it is meant to be asked. */
function hasLogin({ nodes: [first] }: UnawareNodes, domain: string): boolean {
  return Boolean(first && configForHost(first.node.configs, upstreamHostOf(domain))?.auth);
}

/** Nodes of one case have the same mirrors, so any of them tells. */
function upstreamsOf({ nodes: [first] }: UnawareNodes): readonly string[] {
  return first ? mirroredUpstreams(first.node) : [];
}

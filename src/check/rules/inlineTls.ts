import type { Tls } from '../../registries/registries.ts';
import type { ConfiguredNode } from '../../render/target.ts';
import { groupBy } from '../../source/groupBy.ts';
import type { Check } from '../check.ts';
import { listNames } from '../people.ts';

export const inlineTls: Check = {
  id: 'inline-tls',
  severity: 'error',
  summary:
    'TLS settings for a node with inline mirrors, on a containerd that takes them from hosts.toml only',
  documentation:
    'Since 2.0 containerd ignores `registry.configs.*.tls` in its config.toml. With inline mirrors (`configPath: ""`) there is no ' +
    'other place for a CA, a client certificate or `insecure_skip_verify`. Leave `configPath` out, so that hosts directories are ' +
    'rendered, or have the node itself trust the CA.',
  *run({ cases }) {
    for (const { configuration, members } of cases) {
      const { registry, profile } = configuration;
      if (registry.form !== 'inline' || profile.knowsInlineTls) continue;
      for (const [tls, names] of tlsSettings(members)) {
        const setting = tls.caFile ?? tls.certFile ?? tls.keyFile ?? tls.insecureSkipVerify;
        if (!setting || setting.value === false) continue;
        yield {
          message: `containerd ${profile.version} on ${listNames(names)} takes TLS settings from hosts.toml only, which it does not read with inline mirrors`,
          location: setting.location,
          nodes: names,
          fix: { message: 'leave `configPath: ""` out' },
        };
      }
    }
  },
};

/** The TLS settings of nodes, each with the names of the nodes that have it. */
function* tlsSettings(members: readonly ConfiguredNode[]): Generator<[tls: Tls, names: readonly string[]]> {
  const written = members.flatMap(({ node }) =>
    [...node.configs.values()].flatMap(({ tls }) => (tls ? [{ tls, name: node.name }] : [])),
  );
  for (const [tls, shared] of groupBy(written, ({ tls: own }) => own))
    yield [tls, shared.map(({ name }) => name)];
}

import { parseEndpoint, urlOf } from '../../registries/endpoint.ts';
import type { Check } from '../check.ts';

export const duplicateEndpoint: Check = {
  id: 'duplicate-endpoint',
  severity: 'error',
  summary: 'the same endpoint twice in one mirror',
  documentation:
    'k3s up to 1.29.2 writes both into hosts.toml, where containerd refuses a table that stands twice and drops the whole ' +
    'file: no mirror of that registry is used any more. Elsewhere the second one only has no use, and this is a notice.',
  *run({ registries, nodes }) {
    // The containerd of a k3s node does not tell which k3s wrote its files.
    const mayBeK3s = nodes.some(
      ({ runtime: { kind } }) => kind === 'k3s' || kind === 'rke2' || kind === 'unknown',
    );
    const mirrors = [registries, ...registries.nodes].flatMap((source) => [...source.mirrors.values()]);
    for (const { endpoints, namespaceHost } of mirrors) {
      const seen = new Map<string, number>();
      for (const { value, location } of endpoints) {
        const result = parseEndpoint(value);
        if (!result.ok) continue;
        const url = urlOf(result.endpoint);
        const line = seen.get(url);
        if (line === undefined) seen.set(url, location.start.line);
        else {
          yield {
            severity: mayBeK3s ? 'error' : 'notice',
            message: `\`${value}\` is an endpoint of \`${namespaceHost.value}\` on line ${line} already: k3s up to 1.29.2 then uses none of them`,
            location,
            fix: { message: 'remove this line' },
          };
        }
      }
    }
  },
};

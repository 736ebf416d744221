import type { Check } from '../check.ts';

export const duplicateEndpoint: Check = {
  id: 'duplicate-endpoint',
  severity: 'error',
  summary: 'the same endpoint twice in one mirror',
  documentation:
    'k3s up to 1.29.2 writes both into hosts.toml, where containerd refuses a table that stands twice and drops the whole ' +
    'file: no mirror of that registry is used any more.',
  *run({ writtenMirrors }) {
    for (const { endpoints, namespaceHost } of writtenMirrors) {
      const seen = new Map<string, number>();
      for (const { value, location } of endpoints) {
        const line = seen.get(value);
        if (line === undefined) seen.set(value, location.start.line);
        else {
          yield {
            message: `\`${value}\` is an endpoint of \`${namespaceHost.value}\` on line ${line} already; some versions then use none of them`,
            location,
            fix: { message: 'remove this line' },
          };
        }
      }
    }
  },
};

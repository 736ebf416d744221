import type { Check } from '../check.ts';

export const hostsFileKey: Check = {
  id: 'hosts-file-key',
  severity: 'error',
  summary: 'a key of hosts.toml that containerd ignores',
  documentation:
    'containerd ignores every key of hosts.toml that it does not know, without a word: there is no `plain_http`, no `auth` and ' +
    'no `rewrite`. A key below a `[host."..."]` line belongs to that host, so a `server` there is ignored as well: it has to ' +
    'stand before the first such line.',
  *run({ hostsFiles }) {
    for (const { result } of hostsFiles) {
      if ('ignored' in result) yield* result.ignored;
    }
  },
};

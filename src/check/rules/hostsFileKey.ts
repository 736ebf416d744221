import type { Check } from '../check.ts';
import { readHostsFiles } from '../hostsFiles.ts';

export const hostsFileKey: Check = {
  id: 'hosts-file-key',
  severity: 'error',
  summary: 'a key of hosts.toml that containerd ignores',
  documentation:
    'containerd ignores every key of hosts.toml that it does not know, without a word: there is no `plain_http`, no `auth` and ' +
    'no `rewrite`. A key below a `[host."..."]` line belongs to that host, so a `server` there is ignored as well: it has to ' +
    'stand before the first such line.',
  *run(context) {
    for (const { result } of readHostsFiles(context)) {
      if ('ignored' in result) yield* result.ignored;
    }
  },
};

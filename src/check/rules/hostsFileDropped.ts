import type { Check } from '../check.ts';
import { readHostsFiles } from '../hostsFiles.ts';

export const hostsFileDropped: Check = {
  id: 'hosts-file-dropped',
  severity: 'error',
  summary: 'a hosts.toml that containerd cannot use, so that it asks the upstream instead',
  documentation:
    'A hosts.toml with a mistake is not an error for containerd: it writes a line into its log, drops the whole file and asks the ' +
    'upstream by HTTPS. Besides broken TOML the causes are unknown capabilities, values of a wrong type, and, before 1.7.32, ' +
    'a file without any `[host]` table.',
  *run(context) {
    for (const { result, profile } of readHostsFiles(context)) {
      if (!('dropped' in result)) continue;
      yield { ...result.dropped, message: `containerd ${profile.version} drops this file and asks the upstream: ${result.dropped.message}` };
    }
  },
};

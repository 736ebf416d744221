import type { Check } from '../check.ts';

export const hostsFileDropped: Check = {
  id: 'hosts-file-dropped',
  severity: 'error',
  summary: 'a hosts.toml that containerd cannot use, so that it asks the upstream instead',
  documentation:
    'A hosts.toml with a mistake is not an error for containerd: it writes a line into its log, drops the whole file and asks the ' +
    'upstream by HTTPS. Besides broken TOML the causes are unknown capabilities, values of a wrong type, and, before 1.7.32, ' +
    'a file without any `[host]` table.',
  *run({ hostsFiles }) {
    for (const { result, profile } of hostsFiles) {
      if (!('dropped' in result)) continue;
      const { message, location } = result.dropped;
      yield {
        message: `containerd ${profile.version} drops this file and asks the upstream: ${message}`,
        location,
        ...(message === noHostTree && { fix: addHostTable }),
      };
    }
  },
};

/** What containerd says of a file without any `[host]` table. */
const noHostTree = 'invalid `host` tree';

const addHostTable = { message: 'add a line `[host]` at the end, or update containerd to 1.7.32 or later' };

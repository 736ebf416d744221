import type { Check } from '../check.ts';

export const hostsFileCrash: Check = {
  id: 'hosts-file-crash',
  severity: 'error',
  summary: 'a hosts.toml over which containerd itself comes to an end',
  documentation:
    'containerd 1.5 to 1.7 sorts the entries of the `[host]` table by their lines and takes each of them for a table. Where one ' +
    'is something else, such as a `server` below the line `[host]` or a `[[host."URL"]]`, each pull that needs the file ends ' +
    'containerd with a panic. systemd starts it anew, and the kubelet asks for the same pull again. containerd 2 drops the file. ' +
    'Some releases panic over a key without a value (before 1.6.16) or a date in the place of a text (2.0 to 2.2) too.',
  *run({ hostsFiles }) {
    for (const { result, profile } of hostsFiles) {
      if (!('crash' in result)) continue;
      const { message, location } = result.crash;
      yield {
        message: `containerd ${profile.version} crashes at each pull that needs this file: ${message}`,
        location,
        fix: { message: message.startsWith('interface conversion') ? keepTables : mendLine },
      };
    }
  },
};

const keepTables =
  'keep nothing but [host."URL"] tables below host: other settings stand above the first of them, and URLs in single brackets';
const mendLine = 'write a value of the right type in this line';

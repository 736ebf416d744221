import { missingForRig } from '../../differential/rig.ts';
import { containerdLines, debianContainerd } from '../../support/debianPackages.ts';
import { testEngine } from '../contract.ts';
import { engineWith } from './provedExample.ts';

const missing = missingForRig() ?? false;
const installed = missing === false ? await debianContainerd(containerdLines) : new Map<string, never>();

for (const line of containerdLines) {
  const version = installed.get(line)?.version ?? line;
  testEngine(`containerd ${line}`, version, () => engineWith([line]), missing);
}

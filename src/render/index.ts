import type { Target } from './target.ts';
import { criSection } from './targets/criSection.ts';
import { dockerDaemon } from './targets/dockerDaemon.ts';
import { hostsDirectories } from './targets/hostsDirectories.ts';
import { k3sRegistries } from './targets/k3sRegistries.ts';

/** Every target. A new one is a file in `targets/` and a line here. */
export const targets: readonly Target[] = [criSection, dockerDaemon, hostsDirectories, k3sRegistries];

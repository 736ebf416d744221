import type { Target } from './target.ts';
import { criSection } from './targets/criSection.ts';
import { crictl } from './targets/crictl.ts';
import { dockerDaemon } from './targets/dockerDaemon.ts';
import { hostsDirectories } from './targets/hostsDirectories.ts';
import { k3sPauseImage } from './targets/k3sPauseImage.ts';
import { k3sRegistries } from './targets/k3sRegistries.ts';
import { ownConfig } from './targets/ownConfig.ts';

/** Every target. A new one is a file in `targets/` and a line here. */
export const targets: readonly Target[] = [
  criSection,
  crictl,
  dockerDaemon,
  hostsDirectories,
  k3sPauseImage,
  k3sRegistries,
  ownConfig,
];

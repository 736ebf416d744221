import { buildkit } from './cluster/buildkit.ts';
import { criO } from './cluster/criO.ts';
import { handPulls } from './cluster/handPulls.ts';
import { kind } from './cluster/kind.ts';
import { pullSecrets } from './cluster/pullSecrets.ts';
import { talos } from './cluster/talos.ts';
import type { ClusterTarget } from './clusterTarget.ts';

/** Every target for a whole cluster. A new one is a file in `cluster/` and a line here. */
export const clusterTargets: readonly ClusterTarget[] = [buildkit, criO, handPulls, kind, pullSecrets, talos];

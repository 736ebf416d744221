import type { Unexpressed } from '../clusterTarget.ts';
import type { Route } from './route.ts';

/** Rewrites of repositories: only the containerd inside k3s and RKE2 does them. */
export function unexpressedRewrites(
  target: string,
  program: string,
  routes: readonly Route[],
): Unexpressed[] {
  return routes.flatMap(({ namespaceHost, rewrites }) =>
    rewrites.map(({ pattern, replacement }) => ({
      target,
      what: `the rewrite of ${pattern.value} to ${replacement.value} for ${namespaceHost}: ${program} asks for the repository as the image names it`,
      location: pattern.location,
    })),
  );
}

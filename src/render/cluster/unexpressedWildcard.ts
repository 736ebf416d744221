import type { Unexpressed } from '../clusterTarget.ts';
import { withoutRoute, type Route } from './route.ts';

/** The mirror for every other registry, for programs that know none: it is written out by name. */
export function unexpressedWildcard(
  target: string,
  program: string,
  routes: readonly Route[],
  namespaceHosts: readonly string[],
): Unexpressed[] {
  const wildcard = routes.find(({ namespaceHost }) => namespaceHost === '*');
  if (!wildcard) return [];
  const isWritten = withoutRoute(routes, namespaceHosts).length > 0;
  const instead = isWritten
    ? 'it is written out for the ones that images here name'
    : 'no image here names one';
  return [
    {
      target,
      what: `\`*\`: ${program} has no mirror for every other registry; ${instead}`,
      location: wildcard.location,
    },
  ];
}

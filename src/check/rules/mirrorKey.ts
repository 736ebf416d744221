import type { Discovery } from '../../manifest/discovery.ts';
import { canBeNamespace, findHostMistake } from '../../registries/namespaceHost.ts';
import type { Located } from '../../source/location.ts';
import type { Check, Problem } from '../check.ts';
import { writeKey } from '../writeFix.ts';

/** Other names of Docker Hub: `docker.io/nginx`, `index.docker.io/nginx` and `nginx` are all looked up under `docker.io`. */
const dockerHubAliases = new Set(['registry-1.docker.io', 'index.docker.io', 'registry.hub.docker.com']);

export const mirrorKey: Check = {
  id: 'mirror-key',
  severity: 'error',
  summary: 'a key of `mirrors` that no image can begin with',
  documentation:
    'A mirror is looked up by the host that the image names, port included, letter by letter: `docker.io`, `quay.io`, ' +
    '`10.10.1.106:5000`. A key with a scheme, a path, a space or a wildcard in it never matches, and neither does another ' +
    'name of Docker Hub, or a single word without a dot or a port: containerd takes that for a part of the repository.',
  *run({ writtenMirrors, discovery }) {
    for (const { namespaceHost } of writtenMirrors) {
      const problem = findProblem(namespaceHost, discovery);
      if (problem) yield problem;
    }
  },
};

function findProblem({ value: host, location }: Located<string>, { uses }: Discovery): Problem | undefined {
  const mistake = findHostMistake(host);
  if (mistake) {
    const message = `no image can begin with the mirror key \`${host}\`: ${mistake.message}`;
    const { suggestion } = mistake;
    return suggestion === undefined
      ? { message, location }
      : { message, location, fix: writeKey(location, suggestion) };
  }
  if (dockerHubAliases.has(host) && !uses.some(({ reference }) => reference?.domain === host)) {
    const message = `images of Docker Hub are looked up under \`docker.io\`, not under \`${host}\``;
    return { message, location, fix: writeKey(location, 'docker.io') };
  }
  if (canBeNamespace(host)) return undefined;
  return {
    severity: 'warning',
    message: `an image \`${host}/app\` is looked for on Docker Hub, because \`${host}\` has neither a dot nor a port`,
    location,
    fix: { message: `name the port, as \`${host}:5000\`, here and in the images` },
  };
}

import { parseEndpoint } from '../../registries/endpoint.ts';
import type { Check, CheckContext, Problem } from '../check.ts';
import { writeValue } from '../writeFix.ts';

export const endpointPath: Check = {
  id: 'endpoint-path',
  severity: 'warning',
  summary: 'an endpoint with a path that has no `/v2` in it',
  documentation:
    'A path in an endpoint is used as it stands: `https://harbor.example.net/proxy` is asked for ' +
    '`/proxy/library/nginx/manifests/1.25`, which no registry serves. Every registry has its API below `/v2/`, also that of a ' +
    'Harbor project: `https://harbor.example.net/v2/proxy`. Artifactory has it further down: ' +
    '`https://art.example.net/artifactory/api/docker/hub/v2`. In the `mirrors` of a config.toml even a `/` at the end is a path.',
  *run(context) {
    yield* slashes(context);
    for (const { value, location } of context.writtenMirrors.flatMap(({ endpoints }) => endpoints)) {
      const result = parseEndpoint(value);
      if (!result.ok || /\/v2(\/|$)/.test(result.endpoint.path)) continue;
      const { path } = result.endpoint;
      const mended = value.slice(0, value.length - path.length) + `/v2${path.replace(/\/$/, '')}`;
      yield {
        message: `the path \`${path}\` is used as it stands, without \`/v2\`: a registry answers such requests with 404`,
        location,
        fix: writeValue(location, mended),
      };
    }
  },
};

/** k3s takes `https://harbor.example.net/` for the registry itself; containerd with inline mirrors does not. */
// containerd internal/cri/server/images/image_pull.go registryHosts
function* slashes({ ownConfigs }: CheckContext): Generator<Problem> {
  const mirrors = ownConfigs.flatMap(({ config }) => [...config.mirrors.values()]);
  for (const { value, location } of mirrors.flatMap(({ endpoints }) => endpoints)) {
    if (!/^(?:https?:\/\/)?[^/]+\/$/.test(value)) continue;
    const mended = value.slice(0, -1);
    yield {
      message: `the \`/\` at the end of \`${value}\` is used as the path, without \`/v2\`: a registry answers such requests with 404`,
      location,
      fix: writeValue(location, mended),
    };
  }
}

import { parseEndpoint } from '../../registries/endpoint.ts';
import type { Check } from '../check.ts';

export const endpointPath: Check = {
  id: 'endpoint-path',
  severity: 'warning',
  summary: 'an endpoint with a path that does not begin with `/v2/`',
  documentation:
    'A path in an endpoint is used as it stands: `https://harbor.example.net/proxy` is asked for ' +
    '`/proxy/library/nginx/manifests/1.25`, which no registry serves. Every registry has its API below `/v2/`, also that of a ' +
    'Harbor or Nexus project: `https://harbor.example.net/v2/proxy`.',
  *run({ writtenMirrors }) {
    for (const { value, location } of writtenMirrors.flatMap(({ endpoints }) => endpoints)) {
      const result = parseEndpoint(value);
      if (!result.ok || /\/v2(\/|$)/.test(result.endpoint.path)) continue;
      const { path } = result.endpoint;
      const mended = value.slice(0, value.length - path.length) + `/v2${path.replace(/\/$/, '')}`;
      yield {
        message: `the path \`${path}\` is used as it stands, without \`/v2\`: a registry answers such requests with 404`,
        location,
        fix: { message: `write \`${mended}\``, edit: { location, replacement: `"${mended}"` } },
      };
    }
  },
};

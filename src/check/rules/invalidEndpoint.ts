import { parseEndpoint } from '../../registries/endpoint.ts';
import type { Check } from '../check.ts';
import { writeValue } from '../writeFix.ts';

export const invalidEndpoint: Check = {
  id: 'invalid-endpoint',
  severity: 'error',
  summary: 'an endpoint that is no URL of a registry',
  documentation:
    'k3s leaves out an endpoint that it cannot read, with a line in its log that nobody sees; containerd fails every pull of ' +
    'that registry. An endpoint is `http://` or `https://`, a host, perhaps a port, perhaps a path.',
  *run({ writtenMirrors }) {
    for (const { value, location } of writtenMirrors.flatMap(({ endpoints }) => endpoints)) {
      const result = parseEndpoint(value);
      if (result.ok) continue;
      const withoutSpaces = value.replaceAll(/\s+/g, '');
      const isMended = withoutSpaces !== value && parseEndpoint(withoutSpaces).ok;
      yield {
        message: `the endpoint \`${withoutLogin(value)}\` is not used: ${result.error}`,
        location,
        ...(isMended && { fix: writeValue(location, withoutSpaces) }),
      };
    }
  },
};

/** A login in a URL is a secret, which no message may repeat. */
function withoutLogin(endpoint: string): string {
  return endpoint.replace(/^([^/]*\/\/)?[^/]*@/, '$1***@');
}

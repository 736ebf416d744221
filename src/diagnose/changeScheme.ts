import { writeValue } from '../check/writeFix.ts';
import type { Fix } from '../source/fix.ts';
import { isSamePlace } from './places.ts';
import type { Suspects } from './suspects.ts';

/** The scheme that is right where the other one was asked for. */
const rightScheme: ReadonlyMap<string, 'http' | 'https'> = new Map([
  ['http-to-https-client', 'http'],
  ['https-to-http', 'https'],
]);

/** The other scheme for the endpoint that was asked, where that is the fix. */
export function changeScheme(cause: string, { asked, nodes }: Suspects): Fix | undefined {
  const scheme = rightScheme.get(cause);
  if (!scheme || !asked?.source || asked.host.scheme === scheme) return undefined;
  const { source } = asked;
  const endpoint = nodes
    .flatMap(({ node }) => [...node.mirrors.values()])
    .flatMap(({ endpoints }) => endpoints)
    .find(({ location }) => isSamePlace(location, source));
  const written = endpoint?.value ?? '';
  const mended = written.replace(/^https?(?=:\/\/)/, scheme);
  if (endpoint && mended !== written) return writeValue(endpoint.location, mended);
  return { message: `write \`${scheme}://${asked.host.host}\` for this endpoint` };
}

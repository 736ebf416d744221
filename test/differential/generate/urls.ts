import * as fc from 'fast-check';
import { mostly } from './chance.ts';
import { likelyHosts, oddHosts, type UrlParts } from './world.ts';

export const host: fc.Arbitrary<string> = mostly(
  fc.constantFrom<string[]>(...likelyHosts),
  fc.constantFrom<string[]>(...oddHosts),
);

const usualPort = fc.constantFrom('', '', ':5000', ':443', ':80', ':8080');

const scheme = mostly(
  fc.constantFrom('https://', 'http://', ''),
  fc.constantFrom('HTTP://', 'tcp://', '//', 'https:/', 'http:'),
);

const path = mostly(
  fc.constantFrom('', '/', '/v2', '/v2/', '/proxy', '/v2/proxy'),
  fc.constantFrom('//v2', '/V2', '/a/../v2', '/a b', '/%2f', '?q=1', '#x', '/v2/proxy/'),
);

/** A URL as people write it: with a scheme or without, with a path or without, to the reference's own registry or another. */
export const url: fc.Arbitrary<UrlParts> = fc.record({
  scheme,
  host: fc.option(host, { nil: null, freq: 3 }),
  port: mostly(usualPort, fc.constantFrom(':', ':99999', ':0', ':port', ':5000:5000')),
  path,
});

/** Host and port of a reference. */
export const namespaceHost: fc.Arbitrary<string> = fc
  .tuple(host, usualPort)
  .map(([name, port]) => (name === 'docker.io' ? name : name + port));

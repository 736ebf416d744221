import * as fc from 'fast-check';
import { likelyHosts, oddHosts, type UrlParts } from './world.ts';

/** Of two arbitraries, the first in nine cases of ten. Shrinks to the first. */
export function mostly<T>(usual: fc.Arbitrary<T>, odd: fc.Arbitrary<T>): fc.Arbitrary<T> {
  return fc.oneof({ withCrossShrink: true }, { weight: 9, arbitrary: usual }, { weight: 1, arbitrary: odd });
}

/** A value or, as often, none. */
export function sometimes<T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.option(value, { nil: undefined, freq: 2 });
}

/** A value in one case of ten. */
export function seldom<T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return mostly<T | undefined>(fc.constant(undefined), value);
}

export const host: fc.Arbitrary<string> = mostly(
  fc.constantFrom<string[]>(...likelyHosts),
  fc.constantFrom<string[]>(...oddHosts),
);

const usualPort = fc.constantFrom('', ':5000', ':443', ':80', ':8080');

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

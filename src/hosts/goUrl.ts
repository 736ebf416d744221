import { quote } from './goText.ts';
import { parseIpAddress } from './ipAddress.ts';

/** The parts of a URL that containerd looks at. */
export interface GoUrl {
  /** In lower case; empty where there is none. */
  readonly scheme: string;
  /** Host and port as written; empty where the text names none. */
  readonly host: string;
  /** With percent codes decoded. */
  readonly path: string;
  /** The path as it is sent: as written, where that is possible. */
  readonly escapedPath: string;
  /** What follows the question mark, as written; absent where there is none. */
  readonly query?: string | undefined;
}

/** A URL, or the text of Go's error. */
export type GoUrlResult =
  { readonly ok: true; readonly url: GoUrl } | { readonly ok: false; readonly error: string };

type Part = 'host' | 'path' | 'userinfo' | 'fragment';

const schemePattern = /^([a-zA-Z][a-zA-Z0-9+.-]*):/;
const percentCode = /^%[0-9a-fA-F]{2}$/;
/** A percent code, or a character that may not stand in a host. */
const suspect = /%[^]{0,2}|[^\u0080-\u{10FFFF}a-zA-Z0-9._~!$&'()*+,;=:[\]<>"-]/gu;
const optionalPort = /^(?::[0-9]*)?$/;
const userinfoPattern = /^[A-Za-z0-9._:~!$&'()*+,;=%@-]*$/;

class UrlError extends Error {}

/** What differs between releases of Go. */
export interface GoUrlRules {
  /** Of `host:1:2`; Go 1.26. */
  readonly refusesExtraColons: boolean;
  /** What stands in brackets has to be an IPv6 address, and nothing before it; the late releases of Go 1.25. */
  readonly checksIpLiterals: boolean;
}

/**
 * Reads a URL as Go does, which differs from what browsers do: the case of the host and a port of 443 stay,
 * and nothing is repaired.
 */
// Go net/url Parse
export function parseGoUrl(text: string, rules: GoUrlRules): GoUrlResult {
  const hash = text.indexOf('#');
  const withoutFragment = hash < 0 ? text : text.slice(0, hash);
  let parsed = withoutFragment;
  try {
    const url = parse(withoutFragment, rules);
    parsed = text;
    unescape(hash < 0 ? '' : text.slice(hash + 1), 'fragment');
    return { ok: true, url };
  } catch (error) {
    if (!(error instanceof UrlError)) throw error;
    return { ok: false, error: `parse ${quote(parsed)}: ${error.message}` };
  }
}

function parse(text: string, rules: GoUrlRules): GoUrl {
  if (hasControlCharacter(text)) throw new UrlError('net/url: invalid control character in URL');
  if (text === '*') return { scheme: '', host: '', path: '*', escapedPath: '*' };
  if (text.startsWith(':')) throw new UrlError('missing protocol scheme');
  const [prefix = '', written = ''] = schemePattern.exec(text) ?? [];
  const scheme = written.toLowerCase();
  const question = text.indexOf('?', prefix.length);
  const rest = text.slice(prefix.length, question < 0 ? undefined : question);
  const query = question < 0 ? undefined : text.slice(question + 1);
  if (!rest.startsWith('/')) {
    if (scheme !== '') return { scheme, host: '', path: '', escapedPath: '', query };
    const [segment = ''] = rest.split('/', 1);
    if (segment.includes(':')) throw new UrlError('first path segment in URL cannot contain colon');
  }
  const hasAuthority = rest.startsWith('//') && (scheme !== '' || !rest.startsWith('///'));
  if (!hasAuthority) return { scheme, host: '', ...pathOf(rest), query };
  const slash = rest.indexOf('/', 2);
  const authority = slash < 0 ? rest.slice(2) : rest.slice(2, slash);
  const isWeb = scheme === 'http' || scheme === 'https';
  const host = parseAuthority(authority, {
    ...rules,
    refusesExtraColons: rules.refusesExtraColons && isWeb,
  });
  return { scheme, host, ...pathOf(slash < 0 ? '' : rest.slice(slash)), query };
}

const sendablePath = /^[A-Za-z0-9._~!$&'()*+,;=:@[\]%/-]*$/;

// Go net/url setPath, EscapedPath
function pathOf(written: string): Pick<GoUrl, 'path' | 'escapedPath'> {
  const path = unescape(written, 'path');
  return { path, escapedPath: sendablePath.test(written) ? written : escapePath(path) };
}

// Go net/url escape
function escapePath(path: string): string {
  return path.replaceAll(/[^A-Za-z0-9._~$&+,/:;=@-]+/g, (text) =>
    [...new TextEncoder().encode(text)]
      .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`)
      .join(''),
  );
}

/** The text of a URL. */
// Go net/url String
export function formatGoUrl({ scheme, host, escapedPath, query }: GoUrl): string {
  const prefix = scheme === '' ? '' : `${scheme}:`;
  const authority = (scheme !== '' || host !== '') && (host !== '' || escapedPath !== '') ? `//${host}` : '';
  const slash = host !== '' && escapedPath !== '' && !escapedPath.startsWith('/') ? '/' : '';
  return `${prefix}${authority}${slash}${escapedPath}${query === undefined ? '' : `?${query}`}`;
}

/** Where a reference on a page leads, as a `Location` header. */
// Go net/url ResolveReference
export function resolveReference(base: GoUrl, reference: GoUrl): GoUrl {
  if (reference.scheme !== '' || reference.host !== '') {
    const escapedPath = resolvePath(reference.escapedPath, '');
    return { ...reference, scheme: reference.scheme || base.scheme, escapedPath };
  }
  const escapedPath = resolvePath(base.escapedPath, reference.escapedPath);
  const isEmpty = reference.escapedPath === '' && reference.query === undefined;
  const query = isEmpty ? base.query : reference.query;
  return { scheme: base.scheme, host: base.host, path: decode(escapedPath), escapedPath, query };
}

// Go net/url resolvePath
function resolvePath(base: string, reference: string): string {
  const full = reference.startsWith('/') ? reference : base.slice(0, base.lastIndexOf('/') + 1) + reference;
  const path = reference === '' ? base : full;
  if (path === '') return '';
  const segments = path.split('/');
  let resolved = '/';
  let isFirst = true;
  for (const segment of segments) {
    if (segment === '..') {
      resolved = resolved.slice(0, Math.max(resolved.lastIndexOf('/'), 1));
      isFirst = resolved === '/';
      continue;
    }
    if (segment !== '.') resolved += isFirst ? segment : `/${segment}`;
    isFirst = false;
  }
  const last = segments.at(-1);
  if (last === '.' || last === '..') resolved += '/';
  return resolved.startsWith('//') ? resolved.slice(1) : resolved;
}

function hasControlCharacter(text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code < 0x20 || code === 0x7f) return true;
  }
  return false;
}

// Go net/url parseAuthority
function parseAuthority(authority: string, rules: GoUrlRules): string {
  const at = authority.lastIndexOf('@');
  const host = parseHost(authority.slice(at + 1), rules);
  if (at < 0) return host;
  const userinfo = authority.slice(0, at);
  if (!userinfoPattern.test(userinfo)) throw new UrlError('net/url: invalid userinfo');
  unescape(userinfo, 'userinfo');
  return host;
}

// Go net/url parseHost
function parseHost(host: string, { refusesExtraColons, checksIpLiterals }: GoUrlRules): string {
  const bracket = host.lastIndexOf('[');
  if (checksIpLiterals && bracket > 0) throw new UrlError('invalid IP-literal');
  if (host.startsWith('[')) return parseIpLiteral(host, checksIpLiterals);
  const colon = refusesExtraColons ? host.indexOf(':') : host.lastIndexOf(':');
  if (colon >= 0) checkPort(host.slice(colon));
  return unescape(host, 'host');
}

function parseIpLiteral(host: string, isChecked: boolean): string {
  const end = host.lastIndexOf(']');
  if (end < 0) throw new UrlError("missing ']' in host");
  checkPort(host.slice(end + 1));
  const [address = '', zone] = host.slice(1, end).split('%25', 2);
  const literal = unescape(address, 'host');
  const whole = `[${literal}${zone === undefined ? '' : `%${zone}`}]${host.slice(end + 1)}`;
  if (!isChecked) return whole;
  const bytes = parseIpAddress(literal);
  if (!bytes) throw new UrlError(`invalid host: ParseAddr(${quote(literal)}): unable to parse IP`);
  if (bytes.length === 4) throw new UrlError('invalid IP-literal');
  return whole;
}

function checkPort(text: string): void {
  if (!optionalPort.test(text)) throw new UrlError(`invalid port ${quote(text)} after host`);
}

// Go net/url unescape
function unescape(text: string, part: Part): string {
  for (const [found] of text.matchAll(suspect)) {
    if (!found.startsWith('%')) {
      if (part === 'host') throw new UrlError(`invalid character ${quote(found)} in host name`);
      continue;
    }
    // In a host only bytes outside ASCII may be written as codes.
    const isAscii = Number.parseInt(found.slice(1, 2), 16) < 8;
    if (!percentCode.test(found) || (part === 'host' && isAscii && found !== '%25')) {
      throw new UrlError(`invalid URL escape ${quote(found)}`);
    }
  }
  return text.includes('%') ? decode(text) : text;
}

/**
 * Decodes percent codes. Bytes that are no UTF-8 become the replacement character, as they would in any
 * message.
 */
function decode(text: string): string {
  return text.replaceAll(/(?:%[0-9a-fA-F]{2})+/g, (codes) => {
    const bytes = Uint8Array.from(codes.slice(1).split('%'), (code) => Number.parseInt(code, 16));
    return new TextDecoder().decode(bytes);
  });
}

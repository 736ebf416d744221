import type { GoHeader } from './goHeader.ts';

/** What a registry wants, by a `WWW-Authenticate` field. */
export interface Challenge {
  readonly scheme: 'bearer' | 'digest' | 'basic';
  /** By their names in lower case. */
  readonly parameters: ReadonlyMap<string, string>;
}

const order: readonly Challenge['scheme'][] = ['bearer', 'digest', 'basic'];
const tokenCharacters = /^[!#$%&'*+.^_`|~0-9A-Za-z-]*/;

/** The challenges of an answer, the strongest first. */
// containerd v2.3.4 core/remotes/docker/auth/parse.go ParseAuthHeader
export function parseAuthHeader(header: GoHeader): readonly Challenge[] {
  const challenges = (header.get('Www-Authenticate') ?? []).flatMap((value): Challenge[] => {
    const [word, rest] = expectToken(value);
    const scheme = order.find((known) => known === word.toLowerCase());
    return scheme ? [{ scheme, parameters: parseParameters(rest) }] : [];
  });
  return challenges.sort((a, b) => order.indexOf(a.scheme) - order.indexOf(b.scheme));
}

// containerd v2.3.4 core/remotes/docker/auth/parse.go parseValueAndParams
function parseParameters(text: string): ReadonlyMap<string, string> {
  const parameters = new Map<string, string>();
  for (let rest = text; ; rest = rest.slice(1)) {
    const [key, afterKey] = expectToken(skipSpace(rest));
    if (key === '' || !afterKey.startsWith('=')) return parameters;
    const [value, afterValue] = expectTokenOrQuoted(afterKey.slice(1));
    parameters.set(key.toLowerCase(), value);
    rest = skipSpace(afterValue);
    if (!rest.startsWith(',')) return parameters;
  }
}

function skipSpace(text: string): string {
  return text.replace(/^[ \t\r\n]+/, '');
}

type TokenAndRest = readonly [token: string, rest: string];

function expectToken(text: string): TokenAndRest {
  const [token = ''] = tokenCharacters.exec(text) ?? [];
  return [token, text.slice(token.length)];
}

function expectTokenOrQuoted(text: string): TokenAndRest {
  if (!text.startsWith('"')) return expectToken(text);
  const [quoted] = /^"(?:[^"\\]|\\[^])*"/.exec(text) ?? [];
  if (quoted === undefined) return ['', ''];
  return [quoted.slice(1, -1).replaceAll(/\\([^])/g, '$1'), text.slice(quoted.length)];
}

/** Anchored form of `domain` in distribution/reference: what an image can begin with before its first slash. */
const domainPattern =
  /^(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*|\[[0-9A-Fa-f:]+\])(?::\d+)?$/;

/** The longest name that DNS knows, and a port. */
const maxLength = 259;

/** What is wrong with a host as the key of `mirrors` or `configs`, and the text that was probably meant. */
export interface HostMistake {
  readonly message: string;
  readonly suggestion?: string;
}

/** Why no image and no endpoint can have this host, or undefined for a good one. `*` is good: it stands for every host. */
export function findHostMistake(host: string): HostMistake | undefined {
  if (host === '*') return undefined;
  if (host.length > maxLength) return { message: `it is longer than ${maxLength} characters` };
  const meant = stripToHost(host);
  const suggestion = meant !== host && isDomain(meant) ? { suggestion: meant } : {};
  if (host === '') return { message: 'it is empty' };
  if (/\s/.test(host)) return { message: 'it has a space in it', ...suggestion };
  if (host.includes('://')) return { message: 'it is a URL, and the key is only host[:port]', ...suggestion };
  if (host.includes('/')) return { message: 'it has a path, and the key is only host[:port]', ...suggestion };
  if (host.includes('*')) return { message: '`*` works only alone, not as a part of a host' };
  return isDomain(host) ? undefined : { message: 'it is no host or host:port' };
}

/** True for a host or host:port as images name it; an IPv6 address is in brackets. */
export function isDomain(text: string): boolean {
  return domainPattern.test(text);
}

/** False for a single word (`registry`): an image that begins with it is looked for on Docker Hub. */
// distribution/reference normalize.go splitDockerDomain
export function canBeNamespace(host: string): boolean {
  return host === '*' || host === 'localhost' || /[.:]/.test(host);
}

function stripToHost(text: string): string {
  const withoutSpaces = text.replaceAll(/\s+/g, '');
  const withoutScheme = withoutSpaces.replace(/^[A-Za-z][A-Za-z0-9+.-]*:\/\//, '');
  return withoutScheme.split('/', 1)[0] ?? '';
}

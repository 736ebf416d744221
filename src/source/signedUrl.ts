/** What a registry's own URLs and those of its token server ask for. */
const knownParameters: ReadonlySet<string> = new Set(['ns', 'service', 'scope', 'account', 'offline_token']);

/** A redirect may lead to a URL that is a key in itself: such a query is not shown. */
export function withoutSignature(url: string): string {
  const [address = '', query] = url.split('?', 2);
  if (query === undefined) return url;
  const names = [...new URLSearchParams(query).keys()];
  return names.every((name) => knownParameters.has(name)) ? url : `${address}?...`;
}

import type { Attempt } from '../resolver/attempts.ts';

/** How a request is made besides its URL, in a few words each: trust, login, a second try by HTTP. */
export function attemptNotes({ tls, credentials, httpFallback }: Attempt): readonly string[] {
  return [
    ...(tls?.skipVerify ? ['any certificate'] : []),
    ...(tls && tls.ca.length > 0 ? [`CA ${tls.ca.join(', ')}`] : []),
    ...(tls && tls.client.length > 0 ? [`client certificate ${tls.client[0]?.cert}`] : []),
    ...(credentials ? ['with login'] : []),
    ...(httpFallback ? ['HTTP if the server speaks no TLS'] : []),
  ];
}

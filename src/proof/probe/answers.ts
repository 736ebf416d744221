import type { Attempt } from '../../resolver/attempts.ts';
import type { Exchange } from '../../resolver/recordingTransport.ts';
import type { RegistryHost } from '../../resolver/registryHost.ts';

/** The last word of a registry host on one request of a pull: after redirects, logins and a fall back to HTTP. */
export interface LastAnswer {
  readonly host: RegistryHost;
  /** Scheme, host and port by which it was asked. */
  readonly origin: string;
  readonly phase: Exchange['phase'];
  readonly url: string;
  readonly answer: Exchange['answer'];
}

/** The exchanges of a pull by the requests of containerd that they belong to, in their order. */
export function lastAnswers(
  exchanges: readonly Exchange[],
  attempts: readonly Attempt[],
): readonly LastAnswer[] {
  const hosts = new Map(
    attempts.flatMap(({ url, host }) => placesOf(url, host).map((place) => [place, host])),
  );
  const answers: LastAnswer[] = [];
  let asked = '';
  for (const { request, phase, answer } of exchanges) {
    const { url } = request;
    const host = hosts.get(placeOf(url));
    const last = answers.at(-1);
    if (host && (host !== last?.host || withoutScheme(url) !== asked)) {
      answers.push({ host, origin: originOf(url), phase, url, answer });
      asked = withoutScheme(url);
    } else if (last) {
      // Anything else was asked for the sake of that request: a token, or where a redirect led.
      answers[answers.length - 1] = { ...last, url, answer, ...(host && { origin: originOf(url) }) };
    }
  }
  return answers;
}

/** Where a host is asked for a repository: by HTTP, too, where HTTPS may turn out to be in vain. */
function placesOf(url: string, { httpFallback }: RegistryHost): readonly string[] {
  const place = placeOf(url);
  return httpFallback ? [place, place.replace(/^https:/, 'http:')] : [place];
}

function withoutScheme(url: string): string {
  return url.replace(/^https?:/, '');
}

/** A repository at a host: the URL up to the name of a manifest or blob. */
function placeOf(url: string): string {
  return url.replace(/(?:manifests|blobs)\/[^/]*$/, '');
}

/** Scheme, host and port of a URL. */
export function originOf(url: string): string {
  return /^https?:\/\/[^/?]*/.exec(url)?.[0] ?? url;
}

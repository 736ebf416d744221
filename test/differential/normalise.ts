import type { SyntheticImage } from '../../src/proof/standIn/image.ts';
import type { SeenRequest } from '../support/registry.ts';
import type { ObservedRequest } from './case.ts';

/** What containerd sends with every request. */
const ownHeaders: ReadonlySet<string> = new Set([
  'accept',
  'accept-encoding',
  'authorization',
  'connection',
  'content-length',
  'content-type',
  'user-agent',
]);

/** A request without what differs from run to run. */
export function normaliseRequest(request: SeenRequest, image: SyntheticImage): ObservedRequest {
  const { scheme, method, host, target, server, headers, body, answer } = request;
  const clean = (text: string): string => hideDigests(text, image);
  const [, authorization] = headers.find(([name]) => name.toLowerCase() === 'authorization') ?? [];
  const others = headers.filter(([name]) => !ownHeaders.has(name.toLowerCase()));
  return {
    method,
    url: clean(`${scheme}://${host}${target}`),
    server,
    ...(authorization !== undefined && { authorization }),
    ...(others.length > 0 && { headers: others }),
    ...(body !== '' && { body: clean(body) }),
    answer,
  };
}

/** An error text without digests of the image, ports that the kernel chose and the time of day; nothing else is hidden. */
export function normaliseText(text: string, image: SyntheticImage): string {
  return (
    hideDigests(text, image)
      // read tcp 10.10.1.1:43210->10.10.1.2:5000: ...
      .replaceAll(/:\d+->/g, ':<port>->')
      // x509: certificate has expired or is not yet valid: current time 2026-11-21T00:33:07Z is after 2021-01-01T00:00:00Z
      .replaceAll(/current time \S+ is/g, 'current time <now> is')
  );
}

function hideDigests(text: string, { manifest, config, layer }: SyntheticImage): string {
  return text
    .replaceAll(manifest.digest, '<manifest>')
    .replaceAll(config.digest, '<config>')
    .replaceAll(layer.digest, '<layer>');
}

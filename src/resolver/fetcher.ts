import { requestHeader, type DockerBase } from './dockerBase.ts';
import { setValue, type GoHeader } from './goHeader.ts';
import { isIndexType, isManifestType, schema1Manifest } from './mediaTypes.ts';
import type { Profile } from './profile.ts';
import { asPullError, notFound, PullError, wrapError } from './pullError.ts';
import { contentError } from './registryError.ts';
import { doWithRetries, type HostRequest } from './registryRequest.ts';
import { requestUrl } from './request.ts';
import type { Descriptor } from './resolver.ts';

/** Fetches content, whatever it is. Rejects with {@link PullError}. */
// containerd v2.3.4 core/remotes/docker/fetcher.go Fetch
export async function fetch(base: DockerBase, descriptor: Descriptor): Promise<Uint8Array> {
  return askAll(base, descriptor).catch((error: unknown) => {
    throw wrapError('httpReadSeeker: failed open', error);
  });
}

/** Asks all hosts, whatever their capabilities. The first error counts where none helps. */
async function askAll(base: DockerBase, descriptor: Descriptor): Promise<Uint8Array> {
  const { mediaType, digest } = descriptor;
  const kind = isManifest(mediaType, base.profile) ? 'manifests' : 'blobs';
  let first: PullError | undefined;
  for (const [index, bound] of base.hosts.entries()) {
    const header = fetchHeader(requestHeader(base, bound), descriptor, base.profile);
    const url = requestUrl(bound.host, base.reference, { kind, name: digest });
    try {
      return await openAt(base, { bound, method: 'GET', url, header }, index === base.hosts.length - 1);
    } catch (error) {
      const pullError = asPullError(error);
      first ??= pullError;
    }
  }
  if (kind === 'blobs' && first?.facts.code === 'NotFound') {
    throw notFound(`could not fetch content descriptor ${digest} (${mediaType}) from remote`);
  }
  throw first ?? new PullError('');
}

// containerd v2.3.4 core/remotes/docker/fetcher.go open
async function openAt(base: DockerBase, request: HostRequest, isLastHost: boolean): Promise<Uint8Array> {
  const response = await doWithRetries(base, request, isLastHost);
  const error = contentError(response, request.url, base.profile);
  if (error) throw error;
  return response.body;
}

function isManifest(mediaType: string, { requests }: Profile): boolean {
  if (isManifestType(mediaType) || isIndexType(mediaType)) return true;
  return mediaType === schema1Manifest && requests.convertsSchema1;
}

function fetchHeader(header: GoHeader, { mediaType }: Descriptor, { requests }: Profile): GoHeader {
  const accepting = setValue(header, 'Accept', mediaType === '' ? '*/*' : `${mediaType}, */*`);
  if (!requests.decodesContent) return accepting;
  return setValue(accepting, 'Accept-Encoding', 'zstd;q=1.0, gzip;q=0.8, deflate;q=0.5');
}

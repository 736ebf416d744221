import { algorithmOf, digestOf } from './digest.ts';
import type { DockerBase } from './dockerBase.ts';
import { fetch } from './fetcher.ts';
import { quote } from '../hosts/goText.ts';
import { isConfigType, isIndexType, isLayerType, isManifestType } from './mediaTypes.ts';
import type { Profile } from './profile.ts';
import { PullError, wrapError } from './pullError.ts';
import type { Descriptor } from './resolver.ts';

/** Fetches content and checks that it is what its descriptor says. Rejects with {@link PullError}. */
// containerd v2.3.4 core/remotes/handlers.go Fetch, core/content/helpers.go Copy
export async function ingest(base: DockerBase, descriptor: Descriptor): Promise<Uint8Array> {
  const { digest, size } = descriptor;
  if (size === 0) {
    const text = `unable to fetch descriptor (${digest}) which reports content size of zero: invalid argument`;
    throw new PullError(text, { code: 'InvalidArgument' });
  }
  const content = await fetch(base, descriptor).catch((error: unknown) => {
    throw wrapError('failed to copy', error);
  });
  await checkContent(descriptor, content, base.profile);
  return content;
}

// containerd v2.3.4 core/content/helpers.go Copy, core/metadata/content.go commit,
// plugins/content/local/writer.go Commit
async function checkContent(
  descriptor: Descriptor,
  content: Uint8Array,
  { requests }: Profile,
): Promise<void> {
  const { size, digest } = descriptor;
  const { length } = content;
  if (length < size && requests.shortContent === 'expected number') {
    throw new PullError('failed to read expected number of bytes: unexpected EOF');
  }
  if (length < size && requests.shortContent === 'short read') {
    throw new PullError(`short read: expected ${size} bytes but got ${length}: unexpected EOF`);
  }
  const key = refKey(descriptor);
  if (length !== size) throw commitError(key, `${quote(key)} failed size validation: ${length} != ${size}`);
  const actual = await digestOf(content, algorithmOf(digest));
  if (actual !== digest) throw commitError(key, `unexpected commit digest ${actual}, expected ${digest}`);
}

function commitError(key: string, text: string): PullError {
  return new PullError(`failed commit on ref ${quote(key)}: ${text}: failed precondition`, {
    code: 'FailedPrecondition',
  });
}

// containerd v2.3.4 core/remotes/handlers.go MakeRefKey
function refKey({ mediaType, digest }: Descriptor): string {
  if (isManifestType(mediaType)) return `manifest-${digest}`;
  if (isIndexType(mediaType)) return `index-${digest}`;
  if (isLayerType(mediaType)) return `layer-${digest}`;
  return isConfigType(mediaType) ? `config-${digest}` : `unknown-${digest}`;
}

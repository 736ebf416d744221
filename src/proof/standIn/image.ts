import { createHash } from 'node:crypto';

/** Something that a registry holds. */
export interface Blob {
  readonly digest: string;
  readonly mediaType: string;
  readonly bytes: Buffer;
}

/** The smallest image that containerd unpacks: a manifest, a config and one layer with one file. */
export interface SyntheticImage {
  readonly manifest: Blob;
  readonly config: Blob;
  readonly layer: Blob;
}

/** An image of its own for each label: no two of them have a blob in common. */
export function syntheticImage(label: string): SyntheticImage {
  const layer = blob('application/vnd.oci.image.layer.v1.tar', tarFile('label', label));
  const config = json('application/vnd.oci.image.config.v1+json', {
    architecture: process.arch === 'x64' ? 'amd64' : process.arch,
    os: 'linux',
    config: { Labels: { label } },
    rootfs: { type: 'layers', diff_ids: [layer.digest] },
  });
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  const manifest = json(mediaType, {
    schemaVersion: 2,
    mediaType,
    config: descriptor(config),
    layers: [descriptor(layer)],
  });
  return { manifest, config, layer };
}

function json(mediaType: string, value: unknown): Blob {
  return blob(mediaType, Buffer.from(JSON.stringify(value)));
}

function blob(mediaType: string, bytes: Buffer): Blob {
  return { digest: `sha256:${createHash('sha256').update(bytes).digest('hex')}`, mediaType, bytes };
}

function descriptor({ mediaType, digest, bytes }: Blob): object {
  return { mediaType, digest, size: bytes.length };
}

/** A tar archive with one file. */
function tarFile(name: string, text: string): Buffer {
  const contents = Buffer.from(text);
  const header = Buffer.alloc(512);
  const put = (offset: number, value: string): number => header.write(value, offset, 'latin1');
  put(0, name);
  put(100, '0000644\0');
  put(108, '0000000\0');
  put(116, '0000000\0');
  put(124, `${contents.length.toString(8).padStart(11, '0')}\0`);
  put(136, '00000000000\0');
  put(148, ' '.repeat(8));
  put(156, '0');
  put(257, 'ustar\x0000');
  const checksum = header.reduce((sum, byte) => sum + byte, 0);
  put(148, `${checksum.toString(8).padStart(6, '0')}\0 `);
  const padding = Buffer.alloc((512 - (contents.length % 512)) % 512);
  return Buffer.concat([header, contents, padding, Buffer.alloc(1024)]);
}

import { publicImageHost } from './registryHosts.ts';

/** A key or variable that is called like an image, in YAML, JSON, TOML or properties; not the label of a metric. */
const imageKey = /(?:image|img)[\w.-]{0,64}["']?[ \t]*(?:[:=](?![=~])|$)/im;

/** How every public host ends: most texts have no such end but in `app.kubernetes.io/name`, which is soon seen. */
const hostEnd = /(?<!kubernetes)\.(?:io|com|dev|aws|do|co|cn)\//;

/** True when it is worth to take a text apart: something in it is called an image, or begins with a public registry. */
export function mayHoldImages(text: string): boolean {
  return imageKey.test(text) || (hostEnd.test(text) && publicImageHost.test(text));
}

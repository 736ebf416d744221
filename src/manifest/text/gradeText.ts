import { parseReference } from '../../reference/parseReference.ts';
import type { Confidence } from '../imageUse.ts';
import type { NameHint } from './names.ts';
import { isRegistryHost } from './registryHosts.ts';

/** No reference is as long. */
const maxLength = 512;

/** The ends of names that belong to other files than images of containers. */
const otherFile =
  /\.(?:png|jpe?g|gif|svg|webp|ico|bmp|iso|img|qcow2|raw|vmdk|ova|tar|gz|tgz|xz|zip|ya?ml|json|html?|txt|md|sh|py|js|css|conf|sock)$/i;

/** Words that stand in front of a colon and are no image. */
const schemes: ReadonlySet<string> = new Set([
  'sha256',
  'sha512',
  'system',
  'urn',
  'tcp',
  'udp',
  'file',
  'mailto',
  'localhost',
]);

interface Shape {
  readonly host?: string;
  readonly hasSlash: boolean;
  /** As written; empty when there is none. */
  readonly tag: string;
  readonly hasDigest: boolean;
  /** Without tag and digest. */
  readonly name: string;
}

/**
 * How sure it is that a text is an image, or undefined when it is not. Nothing but the grammar and the name beside it tells: with
 * a name that says so it is likely, on the host of a registry too, and any other host with a path and a tag makes it possible.
 */
export function gradeText(text: string, hint: NameHint): Exclude<Confidence, 'certain'> | undefined {
  if (text.length > maxLength || !/^[A-Za-z0-9[]/.test(text) || /\s/.test(text)) return undefined;
  const shape = shapeOf(text);
  if (isSomethingElse(shape) || !parseReference(text).ok) return undefined;
  const isComplete = shape.tag !== '' || shape.hasDigest;
  if (hint === 'image' && (isComplete || shape.host !== undefined)) return 'likely';
  // The tag of a repository, or of a base image, stands somewhere else.
  if (hint === 'repository') return isComplete ? 'likely' : 'possible';
  if (!shape.hasSlash || !isComplete) return hint === 'image' ? 'possible' : undefined;
  if (shape.host !== undefined && (hint === 'about images' || isRegistryHost(shape.host))) return 'likely';
  return shape.host !== undefined || hint === 'about images' ? 'possible' : undefined;
}

function shapeOf(text: string): Shape {
  const [head = '', digest] = text.split('@', 2);
  const colon = head.indexOf(':', head.lastIndexOf('/') + 1);
  const name = colon < 0 ? head : head.slice(0, colon);
  const first = name.slice(0, Math.max(name.indexOf('/'), 0));
  return {
    ...(isHost(first) && { host: first }),
    hasSlash: name.includes('/'),
    tag: colon < 0 ? '' : head.slice(colon + 1),
    hasDigest: digest !== undefined,
    name,
  };
}

function isHost(text: string): boolean {
  return text === 'localhost' || /^[\w-]+(?:\.[\w-]+)*:\d+$/.test(text) || /^[\w-]+(?:\.[\w-]+)+$/.test(text);
}

function isSomethingElse({ name, tag, hasSlash, hasDigest }: Shape): boolean {
  const isPort = /^\d{1,5}$/.test(tag);
  // `registry.example.com:5000` and `10.0.0.1:80` are addresses, and so is `frontend:8080`, but for `redis:7`.
  const isAddress = !hasSlash && isPort && (name.includes('.') || tag.length > 3);
  const isFile = tag === '' && !hasDigest && otherFile.test(name);
  return isAddress || isFile || schemes.has(name) || /^\d+$/.test(name);
}

import { RE2JS } from 're2js';

/** An image as kustomize takes it apart. */
export interface ImageName {
  readonly name: string;
  /** Empty where there is none. */
  readonly tag: string;
  readonly digest: string;
}

/** kustomize api/internal/image/image.go Split */
export function splitImage(image: string): ImageName {
  const slash = Math.max(image.indexOf('/'), 0);
  const searched = image.slice(slash);
  const at = searched.indexOf('@');
  const colon = searched.indexOf(':');
  const nameEnd = [at, colon].filter((index) => index >= 0).sort((a, b) => a - b)[0];
  if (nameEnd === undefined) return { name: image, tag: '', digest: '' };
  const name = image.slice(0, slash + nameEnd);
  const digest = at < 0 ? '' : image.slice(slash + at + 1);
  // A colon behind the @ belongs to the digest.
  const hasTag = colon >= 0 && (at < 0 || colon < at);
  return { name, tag: hasTag ? image.slice(slash + colon + 1, at < 0 ? undefined : slash + at) : '', digest };
}

export function joinImage({ name, tag, digest }: ImageName): string {
  return `${name}${tag && `:${tag}`}${digest && `@${digest}`}`;
}

/** Characters. No name of an image is nearly as long. */
const maxPattern = 1024;

/**
 * Whether an image is one of those that a rule names. The name of a rule is a regular expression, although nothing says so; one
 * that is none matches nothing.
 */
// kustomize api/internal/image/image.go IsImageMatched
export function createMatcher(name: string): (image: string) => boolean {
  const rest = '(:[a-zA-Z0-9_.{}-]*)?(@[a-zA-Z0-9]+([.+_-][a-zA-Z0-9]+)*:[a-zA-Z0-9_.{}-]*)?$';
  // Most names have no sign of an expression but dots: most images need not be held against those.
  const start = /^[\w/:@-]*(?=[\w/:@.-]*$)/.exec(name)?.[0] ?? '';
  const matches = createPattern(`^${name}`, rest);
  return (image) => image.startsWith(start) && matches(image);
}

/** A regular expression out of a repository, in Go's syntax; one that is none, or too large, matches nothing. */
export function createPattern(expression: string, rest = ''): (text: string) => boolean {
  // A counted repetition stands for all that it repeats, and no name has a brace.
  if (expression.length > maxPattern || /\{\d/.test(expression)) return () => false;
  try {
    const pattern = RE2JS.compile(expression + rest);
    return (text) => pattern.matcher(text).find();
  } catch {
    return () => false;
  }
}

import { splitImage } from './imageName.ts';

/** A mark behind a part of an image says which source it came from. It keeps the image an image for everybody who looks at it. */
const written = /-mpz(\d+)z/g;

function markOf(id: number): string {
  return `-mpz${id}z`;
}

/** A text with a mark behind it. */
export function markText(text: string, id: number): string {
  return text + markOf(id);
}

/** An image with a mark behind each of its parts. */
export function markImage(image: string, id: number): string {
  const { name, tag, digest } = splitImage(image);
  return `${markText(name, id)}${tag && `:${markText(tag, id)}`}${digest && `@${markText(digest, id)}`}`;
}

/** The expression of a rule, for the same images with marks behind their names. No sign of it means anything in YAML. */
export function expectMarks(expression: string): string {
  return `${expression}(|-mpz.+z)`;
}

export function removeMarks(text: string): string {
  return text.replace(written, '');
}

/** Which sources the parts of an image came from: the last one that had a hand in it. */
export interface MarkedParts {
  readonly name: number | undefined;
  readonly tag: number | undefined;
  readonly digest: number | undefined;
}

export function readMarks(image: string): MarkedParts {
  const { name, tag, digest } = splitImage(image);
  return { name: lastMark(name), tag: lastMark(tag), digest: lastMark(digest) };
}

function lastMark(text: string): number | undefined {
  const id = [...text.matchAll(written)].at(-1)?.[1];
  return id === undefined ? undefined : Number(id);
}

import { causes, findCause } from './causes.ts';
import { plainText } from './errorText.ts';

/** What only failing pulls are reported with, whatever the reason. */
const failedPull =
  /[Ff]ailed to pull image|failed to pull and unpack image|Back-off pulling image|ErrImage|ImagePullBackOff|InvalidImageName|ImageInspectError|RegistryUnavailable|SignatureValidationFailed|[Ff]ailed to inspect image|PullImage from image service failed|PullImage [^\n]{0,600} failed|pulling image(?: failed)?: |failed to get sandbox image|failed to resolve (?:reference|image)|couldn't parse image|Failed to apply default image tag|pull policy of Never|[Uu]nable to retrieve some image pull secrets/;

/** What may be about a pull: it counts where the reason is known. */
const perhapsPull = /Error response from daemon|trying next host|rror pulling image|\bctr: /;

/** True for a text that reports a failing pull, or what is behind one. */
export function isPullError(text: string): boolean {
  const plain = plainText(text);
  if (failedPull.test(plain)) return true;
  return unmistakable.test(plain) || (perhapsPull.test(plain) && findCause(plain) !== undefined);
}

/** In one expression, because a journal has very many lines. */
const unmistakable = new RegExp(
  causes
    .filter(({ isUnmistakable }) => isUnmistakable)
    .flatMap(({ patterns }) => patterns.map(({ source }) => source))
    .join('|'),
);

/** True for a text that could be the error of a pull, if nothing else is meant. */
export function mayBePullError(text: string): boolean {
  const found = findCause(plainText(text));
  return found !== undefined && !found.cause.isWrapper;
}

import { hideUrlLogins } from '../source/logins.ts';
import type { Fix, Related } from '../source/fix.ts';
import type { Location } from '../source/location.ts';
import { findBlame } from './blame.ts';
import type { AskedHost, Cause } from './cause.ts';
import { findCause } from './causes.ts';
import { plainText, readErrorText, type ErrorText } from './errorText.ts';
import type { DiagnosedRepository, DiagnosisHint } from './repository.ts';
import { changeScheme } from './changeScheme.ts';
import { findSuspects, type Suspects } from './suspects.ts';

/** What an error means, and which line it comes from. */
export interface Diagnosis {
  /** Id of the cause; `unknown` where the text fits none. */
  readonly cause: string;
  /** The text as it was given, without logins in its URLs. It may be of any length, and hold anything. */
  readonly text: string;
  /** The image as the text names it. */
  readonly image?: string;
  /** The URL that was asked, without its query. */
  readonly url?: string;
  /** What happened, in one sentence. */
  readonly message: string;
  /** The line that is to be looked at first. */
  readonly location?: Location;
  /** Why this line. */
  readonly reason?: string;
  /** The check that finds the same without an error. */
  readonly check?: string;
  readonly related?: readonly Related[];
  readonly fix?: Fix;
}

/**
 * Explains the error of a pull, in the words of containerd, the kubelet, crictl or dockerd, and finds the line of the repository
 * that it comes from. Never throws. Without a repository it says what the error means and what to look for.
 */
export function diagnose(
  text: string,
  repository?: DiagnosedRepository,
  hint: DiagnosisHint = {},
): Diagnosis {
  const plain = plainText(text);
  const found = findCause(plain);
  const read = readErrorText(plain, found?.index ?? 0);
  const error = { ...(hint.image !== undefined && { image: hint.image }), ...read };
  const named = {
    text: hideUrlLogins(text),
    ...(error.image !== undefined && { image: error.image }),
    ...(error.request && { url: hideUrlLogins(error.request.url) }),
  };
  if (!found) return { cause: 'unknown', ...named, message: unknown };
  const { cause } = found;
  const suspects = repository && findSuspects(error, repository, hint);
  const asked = askedHost(error, suspects);
  const message = describe(cause, asked, error);
  const blame = repository && suspects && findBlame(cause, error, suspects, repository);
  const fix = blame?.fix ??
    (suspects && changeScheme(cause.id, suspects)) ?? { message: cause.advice(asked) };
  return {
    cause: cause.id,
    ...named,
    message,
    ...(blame && { location: blame.location, reason: blame.reason }),
    ...(blame?.check !== undefined && { check: blame.check }),
    ...(blame?.related && { related: blame.related }),
    fix,
  };
}

const unknown = 'this error is not known here, so nothing is said about where it comes from';

function describe({ meaning }: Cause, asked: AskedHost, error: ErrorText): string {
  const token = error.isForToken ? '; the registry sends there for a token' : '';
  const sandbox = error.isSandbox ? ', and without the sandbox image no Pod starts on this node' : '';
  return `${meaning(asked)}${token}${sandbox}`;
}

function askedHost(error: ErrorText, suspects: Suspects | undefined): AskedHost {
  const attempts = suspects?.pulls.flatMap(({ result }) => (result.ok ? result.attempts : [])) ?? [];
  const hosts = new Set(attempts.map((attempt) => attempt.host.host));
  const [only] = hosts.size === 1 ? hosts : [];
  const host = error.host ?? error.hostname ?? suspects?.asked?.host.host ?? error.address ?? only;
  return host === undefined ? { name: 'the registry', host: 'HOST' } : { name: `\`${host}\``, host };
}

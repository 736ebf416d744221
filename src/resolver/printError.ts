import { formatGoUrl, parseGoUrl } from '../hosts/goUrl.ts';
import type { Profile } from './profile.ts';
import type { PullError } from './pullError.ts';

/** The message of an error as it leaves the CRI plugin. */
// containerd v2.3.4 internal/cri/instrument/instrumented_service.go PullImage
export function printError(error: PullError, profile: Profile): string {
  const { redactsQueries, formatsErrors } = profile.requests;
  const { code = 'Unknown', url } = error.facts;
  const text = redactsQueries && url !== undefined ? redact(error.message, url, profile) : error.message;
  return formatsErrors && code !== 'Unknown' ? sprintf(text) : text;
}

// containerd v2.3.4 internal/cri/util/sanitize.go SanitizeError
function redact(message: string, url: string, profile: Profile): string {
  const parsed = parseGoUrl(url, profile);
  if (!parsed.ok) return message;
  const names = [...new Set(new URLSearchParams(parsed.url.query ?? '').keys())].sort();
  if (names.length === 0) return message;
  const query = names.map((name) => `${encodeURIComponent(name)}=%5BREDACTED%5D`).join('&');
  return message.replaceAll(url, formatGoUrl({ ...parsed.url, query }));
}

/** A text that is taken for a format without arguments. */
// Go fmt.Sprintf
function sprintf(format: string): string {
  return format.replaceAll(/%[#0+ -]*\d*(?:\.\d*)?([^]?)/gu, (_, verb: string) => {
    if (verb === '') return '%!(NOVERB)';
    return verb === '%' ? '%' : `%!${verb}(MISSING)`;
  });
}

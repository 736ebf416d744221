const escapes: ReadonlyMap<string, string> = new Map([
  ['"', String.raw`\"`],
  ['\\', String.raw`\\`],
  ['\x07', String.raw`\a`],
  ['\b', String.raw`\b`],
  ['\f', String.raw`\f`],
  ['\n', String.raw`\n`],
  ['\r', String.raw`\r`],
  ['\t', String.raw`\t`],
  ['\v', String.raw`\v`],
]);
const printable = /^[ \p{L}\p{M}\p{N}\p{P}\p{S}]$/u;

/** A text between double quotes, as Go prints it with `%q`. */
// Go strconv.Quote
export function quote(text: string): string {
  let quoted = '"';
  for (const character of text) quoted += escapes.get(character) ?? escapeUnprintable(character);
  return `${quoted}"`;
}

function escapeUnprintable(character: string): string {
  if (printable.test(character)) return character;
  const code = character.codePointAt(0) ?? 0;
  const hex = code.toString(16);
  if (code < 0x80) return String.raw`\x${hex.padStart(2, '0')}`;
  return code < 0x1_00_00 ? String.raw`\u${hex.padStart(4, '0')}` : String.raw`\U${hex.padStart(8, '0')}`;
}

const unreserved = /^[A-Za-z0-9._~-]*$/;

/** A text as it stands in the query of a URL. */
// Go net/url QueryEscape
export function escapeQuery(text: string): string {
  if (unreserved.test(text)) return text;
  return encodeURIComponent(text.replaceAll(/\p{Surrogate}/gu, '\uFFFD'))
    .replaceAll('%20', '+')
    .replaceAll(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** Splits `host:port`; undefined where there is no port or more than one colon outside brackets. */
// Go net SplitHostPort
export function splitHostPort(text: string): { readonly host: string; readonly port: string } | undefined {
  const bracketed = /^\[([^[\]]*)\]:([^:[\]]*)$/.exec(text);
  const [, host, port] = bracketed ?? /^([^:[\]]*):([^:[\]]*)$/.exec(text) ?? [];
  return host === undefined || port === undefined ? undefined : { host, port };
}

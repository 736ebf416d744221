import type { HeaderField } from '../hosts/hostsFile.ts';

/** Header fields as Go keeps them: names in one spelling, unless somebody wrote them otherwise. */
// Go net/http Header
export type GoHeader = ReadonlyMap<string, readonly string[]>;

const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** The header with the values behind those that it has. The spelling of the name stays. */
export function addValues(header: GoHeader, { name, values }: HeaderField): GoHeader {
  return new Map(header).set(name, [...(header.get(name) ?? []), ...values]);
}

/** The header with this value instead of those that it has. */
// Go net/http Header.Set
export function setValue(header: GoHeader, name: string, value: string): GoHeader {
  return new Map(header).set(name, [value]);
}

/** The first value of a field; empty where there is none. */
// Go net/http Header.Get
export function firstValue(header: GoHeader, name: string): string {
  return header.get(name)?.[0] ?? '';
}

/** The header of a response, its names in Go's spelling. */
export function receivedHeader(fields: readonly HeaderField[]): GoHeader {
  return fields.reduce<GoHeader>(
    (header, { name, values }) => addValues(header, { name: canonicalName(name), values }),
    new Map(),
  );
}

/** A name in Go's spelling: `WWW-Authenticate` is `Www-Authenticate`. */
// Go net/textproto CanonicalMIMEHeaderKey
export function canonicalName(name: string): string {
  if (!token.test(name)) return name;
  return name
    .split('-')
    .map((part) => part.slice(0, 1).toUpperCase() + part.slice(1).toLowerCase())
    .join('-');
}

/** Why Go sends no request with this header; undefined where it does. */
// Go net/http validateHeaders
export function headerError(header: GoHeader): string | undefined {
  for (const [name, values] of header) {
    if (!token.test(name)) return `net/http: invalid header field name ${JSON.stringify(name)}`;
    if (values.some(hasControlCharacter))
      return `net/http: invalid header field value for ${JSON.stringify(name)}`;
  }
  return undefined;
}

function hasControlCharacter(text: string): boolean {
  return /[^\P{Cc}\t\u0080-\u009F]/u.test(text);
}

/** Fields that Go writes by itself, in this spelling alone. */
const writtenByGo: ReadonlySet<string> = new Set([
  'Host',
  'User-Agent',
  'Content-Length',
  'Transfer-Encoding',
  'Trailer',
]);

/** The fields as they go over the wire: one user agent, and none where it is empty. */
// Go net/http Request.write
export function wireHeader(header: GoHeader): readonly HeaderField[] {
  const agent = firstValue(header, 'User-Agent');
  const fields = [...header].flatMap(([name, values]): HeaderField[] =>
    writtenByGo.has(name) ? [] : [{ name, values: values.map((value) => value.trim()) }],
  );
  if (agent !== '') fields.push({ name: 'User-Agent', values: [agent] });
  return fields.sort((a, b) => (a.name < b.name ? -1 : 1));
}

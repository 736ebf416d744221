import * as fc from 'fast-check';
import { placeholders } from '../case.ts';
import { mostly, seldom, sometimes } from './chance.ts';
import { url } from './urls.ts';
import { urlText, type HostPort, type UrlParts } from './world.ts';

/** The settings of a host, as TOML values by key. */
type Fields = Readonly<Record<string, string>>;

/** A `hosts.toml` before it is written. */
export interface HostsToml {
  readonly server: UrlParts | '' | undefined;
  readonly root: Fields;
  readonly hosts: readonly { readonly url: UrlParts; readonly fields: Fields; readonly header: Fields }[];
  readonly style: Style;
  readonly mistake: Mistake | undefined;
}

const styles = ['tables', 'header last', 'inline tables', 'dotted keys', 'host table first'] as const;
type Style = (typeof styles)[number];

/** What people do to a file that was right. */
const mistakes = {
  'byte order mark': (text) => `\uFEFF${text}`,
  'carriage returns': (text) => text.replaceAll('\n', '\r\n'),
  'a stray line at the end': (text) => `${text}EOF\n`,
  'typographic quotes': (text) => text.replace(/"([^"\n]*)"/, '“$1”'),
  'the first host twice': (text) => text + (/^\[host\."[^\n]*$/m.exec(text)?.[0] ?? '[host]\n[host]') + '\n',
  'hosts in the plural': (text) => text.replaceAll('[host', '[hosts'),
  'an array of tables': (text) => text.replaceAll(/^\[(host[^\n]*)\]$/gm, '[[$1]]'),
  'server in capitals': (text) => text.replace('server =', 'SERVER ='),
  'Server with a capital': (text) => text.replace('server =', 'Server ='),
  'the server at the end': (text) => text.replace(/^(server[^\n]*\n)([^]*)$/, '$2$1'),
  'only comments': () => '# to be filled in\n',
  'nothing at all': () => '',
  'no quotes around the server': (text) => text.replace(/^server = "([^"]*)"/, 'server = $1'),
  yaml: (text) => text.replaceAll(' = ', ': '),
  'keys in the empty host table': (text) => `[host]\n${text}`,
  'an empty host table at the end': (text) => `${text}[host]\n`,
  'a section of config.toml': (text) =>
    `${text}[plugins."io.containerd.grpc.v1.cri".registry]\nconfig_path = "/x"\n`,
  'a rewrite': (text) => `${text}[host."https://mirror.test".rewrite]\n'^(.*)$' = 'proxy/$1'\n`,
} as const satisfies Readonly<Record<string, (text: string) => string>>;
type Mistake = keyof typeof mistakes;

const capabilities = mostly(
  fc.constantFrom(
    '["pull", "resolve"]',
    '["pull"]',
    '["resolve"]',
    '["pull", "resolve", "push"]',
    '["push"]',
    '[]',
  ),
  fc.constantFrom('["PULL", "Resolve"]', '["pull "]', '["referrers"]', '"pull"', '["pull", 1]', '["delete"]'),
);

const boolean = mostly(fc.constantFrom('true', 'false'), fc.constantFrom('"true"', 'True', '1'));

const ca = mostly(
  fc.constantFrom('"ca.crt"', '["ca.crt"]', '"/etc/containerd/private.crt"'),
  fc.constantFrom('[]', '""', '"missing.crt"', '5', '["ca.crt", 5]', '"empty.crt"'),
);

const client = mostly(
  fc.constantFrom('[["client.cert", "client.key"]]', '"client.pem"', '["client.pem"]'),
  fc.constantFrom(
    '["client.cert", "client.key"]',
    '[["client.pem", ""]]',
    '[["client.cert"]]',
    '"missing.pem"',
    '[]',
  ),
);

const fields: fc.Arbitrary<Fields> = fc
  .record({
    capabilities: sometimes(capabilities),
    override_path: seldom(boolean),
    skip_verify: seldom(boolean),
    ca: seldom(ca),
    client: seldom(client),
    dial_timeout: seldom(fc.constantFrom('"500ms"', '"1s"', '"5"', '1')),
    plain_http: seldom(fc.constantFrom('true')),
  })
  .map(withoutUndefined);

const header: fc.Arbitrary<Fields> = fc
  .record({
    'X-Team': seldom(fc.constantFrom('"a"', '["a", "b"]', '1')),
    Authorization: seldom(fc.constantFrom('"Basic dXNlcjpwYXNzd29yZA=="')),
    'x-lower': seldom(fc.constantFrom('"c"')),
  })
  .map(withoutUndefined);

function withoutUndefined(record: Readonly<Record<string, string | undefined>>): Fields {
  return Object.fromEntries(
    Object.entries(record).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

/** A `hosts.toml`; without `mistakes` a sound one, if not a sensible one. */
export function hostsToml(options: { readonly mistakes: boolean }): fc.Arbitrary<HostsToml> {
  const names = Object.keys(mistakes) as Mistake[];
  return fc.record({
    server: sometimes(mostly<UrlParts | ''>(url, fc.constant(''))),
    root: mostly(fc.constant({}), fields),
    hosts: fc.array(fc.record({ url, fields, header }), { maxLength: 3 }),
    style: mostly<Style>(fc.constant('tables'), fc.constantFrom(...styles)),
    mistake: options.mistakes ? seldom(fc.constantFrom(...names)) : fc.constant(undefined),
  });
}

/** The text of the file for references to `own`. */
export function printHostsToml({ server, root, hosts, style, mistake }: HostsToml, own: HostPort): string {
  const serverText = typeof server === 'object' ? urlText(server, own) : server;
  const top = [
    ...(serverText === undefined ? [] : [`server = ${JSON.stringify(serverText)}\n`]),
    ...keyLines(root),
  ];
  const tables = hosts.map((host) => ({ ...host, key: JSON.stringify(urlText(host.url, own)) }));
  const text = top.join('') + printHosts(tables, style);
  return mistake === undefined ? text : mistakes[mistake](text);
}

interface HostTable {
  readonly key: string;
  readonly fields: Fields;
  readonly header: Fields;
}

function printHosts(tables: readonly HostTable[], style: Style): string {
  const main = tables.map(({ key, fields }) => `[host.${key}]\n${keyLines(fields).join('')}`);
  const headers = tables.map(({ key, header }) =>
    Object.keys(header).length === 0 ? '' : `[host.${key}.header]\n${keyLines(header).join('')}`,
  );
  switch (style) {
    case 'tables':
      return main.map((table, index) => table + (headers[index] ?? '')).join('');
    case 'header last':
      return [...main, ...headers].join('');
    case 'host table first':
      return `[host]\n${main.join('')}`;
    case 'inline tables': {
      // One only: containerd 1.x asks several of them in an order that differs from pull to pull.
      const inline = tables
        .slice(0, 1)
        .map(({ key, fields }) => `${key} = { ${pairs(fields).join(', ')} }\n`);
      return `[host]\n${inline.join('')}`;
    }
    case 'dotted keys':
      return tables
        .flatMap(({ key, fields }) => pairs(fields).map((pair) => `host.${key}.${pair}\n`))
        .join('');
  }
}

function pairs(values: Fields): readonly string[] {
  return Object.entries(values).map(([key, value]) => `${key} = ${value}`);
}

function keyLines(values: Fields): readonly string[] {
  return pairs(values).map((pair) => `${pair}\n`);
}

/** The files beside a `hosts.toml` that its settings name. */
export function companions(text: string): Readonly<Record<string, string>> {
  const all = {
    'ca.crt': placeholders.privateAuthority,
    'client.cert': placeholders.clientCertificate,
    'client.key': placeholders.clientKey,
    'client.pem': placeholders.clientCertificate + placeholders.clientKey,
    'empty.crt': '',
  };
  return Object.fromEntries(Object.entries(all).filter(([name]) => text.includes(`"${name}"`)));
}

import * as fc from 'fast-check';
import { mostly, seldom } from './chance.ts';
import { dropIn, importLine, printDropIn, type DropIn } from './dropIn.ts';
import { url } from './urls.ts';
import { urlText, type HostPort, type UrlParts } from './world.ts';

/** A `config.toml` before it is written, and what it imports. */
export interface ConfigToml {
  readonly version: string | undefined;
  /** The section of the registry's settings below `plugins`. */
  readonly plugin: string;
  readonly configPath: string | undefined;
  readonly mirrors: readonly { readonly key: MirrorKey; readonly endpoints: readonly UrlParts[] }[];
  readonly auths: readonly Auth[];
  readonly tls: readonly { readonly at: UrlParts; readonly settings: string }[];
  /** Lines of `registry.headers`. */
  readonly headers: string | undefined;
  /** Lines of the plugin's section besides the registry's. */
  readonly setting: string | undefined;
  readonly dropIn: DropIn | undefined;
  readonly mistake: Mistake | undefined;
}

interface Auth {
  readonly at: UrlParts;
  /** `auths` is the older of the two tables; its keys are URLs. */
  readonly table: 'configs' | 'auths';
  readonly login: string;
}

const plugins = ['io.containerd.grpc.v1.cri', 'io.containerd.cri.v1.images', 'cri'] as const;

const mirrorKeys = ['own', '*', 'docker.io', 'own without port', 'own with scheme'] as const;
type MirrorKey = (typeof mirrorKeys)[number];

const settings = [
  'use_local_image_pull = true',
  'max_concurrent_downloads = 5',
  'discard_unpacked_layers = true',
  'disable_snapshot_annotations = false',
  'sandbox_image = "reg.test/pause:3"',
  'image_pull_progress_timeout = "1m"',
] as const;

const logins = [
  'username = "user"\npassword = "password"\n',
  'auth = "dXNlcjpwYXNzd29yZA=="\n',
  'username = "user"\npassword = "wrong"\n',
  'identitytoken = "identity"\n',
  'username = "user"\n',
  'auth = "no base64"\n',
  '',
] as const;

const headers = [
  'X-Meta = ["m"]\n',
  'X-Meta = ["a", "b"]\n',
  'x-lower = ["c"]\nX-Meta = []\n',
  'User-Agent = ["mine"]\n',
  'Accept = ["application/json"]\n',
  'Authorization = ["Basic dXNlcjpwYXNzd29yZA=="]\n',
] as const;

/** What people do to a file that was right. */
const mistakes = {
  'the registry section twice': (text) => text + (/^\[plugins[^\n]*\.registry\]\n/m.exec(text)?.[0] ?? ''),
  'endpoints in the plural': (text) => text.replaceAll('endpoint =', 'endpoints ='),
  'an endpoint as text': (text) => text.replaceAll(/endpoint = \[("[^"]*")[^\n]*\]/g, 'endpoint = $1'),
  'no quotes around a host': (text) => text.replaceAll(/mirrors\."([^"]*)"/g, 'mirrors.$1'),
  'config_path on top': (text) => text.replace(/^(.*)^(config_path[^\n]*\n)/ms, '$2$1'),
  'config_path misspelled': (text) => text.replace('config_path', 'config-path'),
  'config_path in capitals': (text) => text.replace('config_path', 'CONFIG_PATH'),
  'config_path as a list': (text) => text.replace(/config_path = ("[^"]*")/, 'config_path = [$1]'),
  'headers as text': (text) => text.replaceAll(/^([\w-]+) = \["(\w+)"\]$/gm, '$1 = "$2"'),
  'an unknown version': (text) => text.replace(/^version = \d/, 'version = 4'),
  'version as text': (text) => text.replace(/^version = (\d)/, 'version = "$1"'),
  'version below a table': (text) => text.replace(/^(version = \d\n)([^]*)/, '$2$1'),
  'cri is disabled': (text) => text.replace(/^(version[^\n]*\n)?/, '$1disabled_plugins = ["cri"]\n'),
  'cri is disabled by its full name': (text) =>
    text.replace(/^(version[^\n]*\n)?/, '$1disabled_plugins = ["io.containerd.grpc.v1.cri"]\n'),
  'an unclosed quote': (text) => `${text}[debug]\nlevel = "info\n`,
  'a section that is not known': (text) => `${text}[registry]\nconfig_path = "/etc/containerd/certs.d"\n`,
  'the section of the other version too': (text) =>
    `${text}[plugins."io.containerd.cri.v1.images".registry]\nconfig_path = "/etc/docker/certs.d"\n`,
  'yaml in the place of toml': (text) => text.replaceAll(' = ', ': '),
  'a registry of one line': (text) =>
    text.replace(/^\[(plugins[^\n]*)\.registry\]\n(config_path[^\n]*)\n/m, '[$1]\nregistry = { $2 }\n'),
  'carriage returns': (text) => text.replaceAll('\n', '\r\n'),
} as const satisfies Readonly<Record<string, (text: string) => string>>;
type Mistake = keyof typeof mistakes;

const tlsSettings = [
  'insecure_skip_verify = true',
  'insecure_skip_verify = false',
  'ca_file = "/etc/containerd/private.crt"',
  'ca_file = "/etc/containerd/missing.crt"',
  'cert_file = "/etc/containerd/client.pem"',
  'cert_file = "/etc/containerd/client.pem"\nkey_file = "/etc/containerd/client.pem"',
] as const;

const auth: fc.Arbitrary<Auth> = fc.record({
  at: url,
  table: mostly<Auth['table']>(fc.constant('configs'), fc.constant('auths')),
  login: mostly<string>(fc.constant(logins[0]), fc.constantFrom(...logins)),
});

/** The part of a `config.toml` that is the same for hosts directories and mirrors. */
const common = (options: ConfigOptions) => ({
  version: options.mistakes
    ? mostly<string | undefined>(fc.constant('2'), fc.constantFrom(undefined, '1', '3'))
    : fc.constant('2'),
  plugin: options.mistakes
    ? mostly<string>(fc.constant(plugins[0]), fc.constantFrom<string[]>(...plugins))
    : fc.constant(plugins[0]),
  auths: options.logins
    ? mostly<readonly Auth[]>(fc.constant([]), fc.array(auth, { maxLength: 2 }))
    : fc.constant([]),
  headers: seldom(mostly<string>(fc.constant(headers[0]), fc.constantFrom(...headers))),
  setting: seldom(fc.constantFrom<string[]>(...settings)),
  dropIn: seldom(dropIn(options)),
  mistake: options.mistakes
    ? seldom(fc.constantFrom(...(Object.keys(mistakes) as Mistake[])))
    : fc.constant(undefined),
});

/** Which kinds of `config.toml` are to be had. */
export interface ConfigOptions {
  readonly mistakes: boolean;
  readonly logins: boolean;
}

/** A `config.toml`: three of four with hosts directories, the others with mirrors. */
export function configToml(options: ConfigOptions): fc.Arbitrary<ConfigToml> {
  const none = fc.constant([]);
  const mirrors = fc.array(
    fc.record({
      key: mostly<MirrorKey>(fc.constantFrom('own', '*'), fc.constantFrom(...mirrorKeys)),
      endpoints: fc.array(url, { maxLength: 3 }),
    }),
    { minLength: 1, maxLength: 2 },
  );
  const tls = mostly<ConfigToml['tls']>(
    none,
    fc.array(fc.record({ at: url, settings: fc.constantFrom(...tlsSettings) }), { maxLength: 2 }),
  );
  const withDirectories = fc.record<ConfigToml>({
    ...common(options),
    configPath: mostly<string | undefined>(
      fc.constant('/etc/containerd/certs.d'),
      fc.constantFrom(
        '/etc/containerd/certs.d:/etc/docker/certs.d',
        '/etc/docker/certs.d:/etc/containerd/certs.d',
        '/etc/nowhere',
        'etc/containerd/certs.d',
        '/etc/containerd/certs.d/',
        '',
      ),
    ),
    mirrors: options.mistakes ? mostly<ConfigToml['mirrors']>(none, mirrors) : none,
    tls: options.mistakes ? tls : none,
  });
  const withMirrors = fc.record<ConfigToml>({
    ...common(options),
    configPath: seldom(options.mistakes ? fc.constantFrom('', '/etc/containerd/certs.d') : fc.constant('')),
    mirrors: fc.oneof({ weight: 4, arbitrary: mirrors }, { weight: 1, arbitrary: none }),
    tls,
  });
  return fc.oneof({ weight: 3, arbitrary: withDirectories }, { weight: 1, arbitrary: withMirrors });
}

/** The `config.toml` for references to `own`, and the file that it imports, by their paths. */
export function configFiles(config: ConfigToml, own: HostPort): Readonly<Record<string, string>> {
  const imported = config.dropIn && printDropIn(config.dropIn, sectionName(config), own);
  return {
    '/etc/containerd/config.toml': printConfigToml(config, own),
    ...(imported !== undefined && { '/etc/containerd/conf.d/10-registry.toml': imported }),
  };
}

function sectionName({ plugin }: ConfigToml): string {
  return plugin === 'cri' ? 'plugins.cri' : `plugins."${plugin}"`;
}

function printConfigToml(config: ConfigToml, own: HostPort): string {
  const { version, configPath, mirrors, auths, tls, setting, mistake } = config;
  const name = sectionName(config);
  const hostOf = (parts: UrlParts): string =>
    JSON.stringify(urlText({ ...parts, scheme: '', path: '' }, own));
  const parts = [
    version === undefined ? '' : `version = ${version}\n`,
    config.dropIn === undefined ? '' : importLine(config.dropIn),
    setting === undefined ? '' : `[${name}]\n${setting}\n`,
    `[${name}.registry]\n`,
    configPath === undefined ? '' : `config_path = "${configPath}"\n`,
    config.headers === undefined ? '' : `[${name}.registry.headers]\n${config.headers}`,
    ...uniqueBy(mirrors, ({ key }) => mirrorKey(key, own)).map(({ key, endpoints }) => {
      const list = endpoints.map((parts) => JSON.stringify(urlText(parts, own)));
      return `[${name}.registry.mirrors."${mirrorKey(key, own)}"]\nendpoint = [${list.join(', ')}]\n`;
    }),
    ...uniqueBy(auths, ({ at }) => hostOf(at)).map(({ at, table, login }) =>
      table === 'configs'
        ? `[${name}.registry.configs.${hostOf(at)}.auth]\n${login}`
        : `[${name}.registry.auths.${JSON.stringify(urlText(at, own))}]\n${login}`,
    ),
    ...uniqueBy(tls, ({ at }) => hostOf(at)).map(
      ({ at, settings }) => `[${name}.registry.configs.${hostOf(at)}.tls]\n${settings}\n`,
    ),
  ];
  const text = parts.join('');
  return mistake === undefined ? text : mistakes[mistake](text);
}

function mirrorKey(key: MirrorKey, { host, port }: HostPort): string {
  const names = { own: host + port, 'own without port': host, 'own with scheme': `https://${host}${port}` };
  return key === '*' || key === 'docker.io' ? key : names[key];
}

function uniqueBy<T>(values: readonly T[], keyOf: (value: T) => string): readonly T[] {
  return [...new Map(values.map((value) => [keyOf(value), value])).values()];
}

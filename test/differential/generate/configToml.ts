import * as fc from 'fast-check';
import { mostly, seldom } from './chance.ts';
import { url } from './urls.ts';
import { urlText, type HostPort, type UrlParts } from './world.ts';

/** A `config.toml` before it is written. */
export interface ConfigToml {
  readonly version: string | undefined;
  /** The section of the registry's settings below `plugins`. */
  readonly plugin: string;
  readonly configPath: string | undefined;
  readonly mirrors: readonly { readonly key: MirrorKey; readonly endpoints: readonly UrlParts[] }[];
  readonly auths: readonly UrlParts[];
  readonly tls: readonly { readonly at: UrlParts; readonly settings: string }[];
  readonly headers: boolean;
  /** Lines of the plugin's section besides the registry's. */
  readonly setting: string | undefined;
  readonly mistake: Mistake | undefined;
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
] as const;

/** What people do to a file that was right. */
const mistakes = {
  'the registry section twice': (text) => text + (/^\[plugins[^\n]*\.registry\]\n/m.exec(text)?.[0] ?? ''),
  'endpoints in the plural': (text) => text.replaceAll('endpoint =', 'endpoints ='),
  'an endpoint as text': (text) => text.replaceAll(/endpoint = \[("[^"]*")[^\n]*\]/g, 'endpoint = $1'),
  'no quotes around a host': (text) => text.replaceAll(/mirrors\."([^"]*)"/g, 'mirrors.$1'),
  'config_path on top': (text) => text.replace(/^(.*)^(config_path[^\n]*\n)/ms, '$2$1'),
  'config_path misspelled': (text) => text.replace('config_path', 'config-path'),
  'an unknown version': (text) => text.replace(/^version = \d/, 'version = 4'),
  'version as text': (text) => text.replace(/^version = (\d)/, 'version = "$1"'),
  'cri is disabled': (text) => text.replace(/^(version[^\n]*\n)?/, '$1disabled_plugins = ["cri"]\n'),
  'an unclosed quote': (text) => `${text}[debug]\nlevel = "info\n`,
  'a section that is not known': (text) => `${text}[registry]\nconfig_path = "/etc/containerd/certs.d"\n`,
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

/** The part of a `config.toml` that is the same for hosts directories and mirrors. */
const common = (options: ConfigOptions) => ({
  version: options.mistakes
    ? mostly<string | undefined>(fc.constant('2'), fc.constantFrom(undefined, '1', '3'))
    : fc.constant('2'),
  plugin: options.mistakes
    ? mostly<string>(fc.constant(plugins[0]), fc.constantFrom<string[]>(...plugins))
    : fc.constant(plugins[0]),
  auths: options.logins
    ? mostly<readonly UrlParts[]>(fc.constant([]), fc.array(url, { maxLength: 2 }))
    : fc.constant([]),
  setting: seldom(fc.constantFrom<string[]>(...settings)),
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
        '',
      ),
    ),
    mirrors: options.mistakes ? mostly<ConfigToml['mirrors']>(none, mirrors) : none,
    tls: options.mistakes ? tls : none,
    headers: seldom(fc.constant(true)).map((value) => value === true),
  });
  const withMirrors = fc.record<ConfigToml>({
    ...common(options),
    configPath: seldom(options.mistakes ? fc.constantFrom('', '/etc/containerd/certs.d') : fc.constant('')),
    mirrors: fc.oneof({ weight: 4, arbitrary: mirrors }, { weight: 1, arbitrary: none }),
    tls,
    headers: seldom(fc.constant(true)).map((value) => value === true),
  });
  return fc.oneof({ weight: 3, arbitrary: withDirectories }, { weight: 1, arbitrary: withMirrors });
}

/** The text of the file for references to `own`. */
export function printConfigToml(config: ConfigToml, own: HostPort): string {
  const { version, plugin, configPath, mirrors, auths, tls, headers, setting, mistake } = config;
  const name = plugin === 'cri' ? 'plugins.cri' : `plugins."${plugin}"`;
  const hostOf = (parts: UrlParts): string =>
    JSON.stringify(urlText({ ...parts, scheme: '', path: '' }, own));
  const parts = [
    version === undefined ? '' : `version = ${version}\n`,
    setting === undefined ? '' : `[${name}]\n${setting}\n`,
    `[${name}.registry]\n`,
    configPath === undefined ? '' : `config_path = "${configPath}"\n`,
    headers ? `[${name}.registry.headers]\nX-Meta = ["m"]\n` : '',
    ...uniqueBy(mirrors, ({ key }) => mirrorKey(key, own)).map(({ key, endpoints }) => {
      const list = endpoints.map((parts) => JSON.stringify(urlText(parts, own)));
      return `[${name}.registry.mirrors."${mirrorKey(key, own)}"]\nendpoint = [${list.join(', ')}]\n`;
    }),
    ...uniqueBy(auths, hostOf).map(
      (at) => `[${name}.registry.configs.${hostOf(at)}.auth]\nusername = "user"\npassword = "password"\n`,
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

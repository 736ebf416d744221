import * as fc from 'fast-check';
import { mostly } from './chance.ts';
import { url } from './urls.ts';
import { urlText, type HostPort, type UrlParts } from './world.ts';

/** A file that `config.toml` imports. */
export interface DropIn {
  /** As it is imported. */
  readonly named: string;
  readonly version: string | undefined;
  readonly contents: Contents;
  readonly endpoint: UrlParts;
}

/** What such a file says of the registry, in the section of the plugin that `config.toml` has too. */
const contents = {
  'a config path': (section) => `[${section}.registry]\nconfig_path = "/etc/docker/certs.d"\n`,
  'an empty config path': (section) => `[${section}.registry]\nconfig_path = ""\n`,
  'a mirror': (section, host, endpoint) =>
    `[${section}.registry.mirrors."${host}"]\nendpoint = [${endpoint}]\n`,
  'another setting': (section) => `[${section}]\nmax_concurrent_downloads = 7\n`,
  headers: (section) => `[${section}.registry.headers]\nX-Drop-In = ["d"]\n`,
  'nothing of the plugin': () => '[debug]\nlevel = "info"\n',
  nothing: () => '',
  'what is no toml': () => 'EOF\n',
} as const satisfies Readonly<Record<string, (section: string, host: string, endpoint: string) => string>>;
type Contents = keyof typeof contents;

/** A file that is imported, mostly as it should be. */
export function dropIn({ mistakes }: { readonly mistakes: boolean }): fc.Arbitrary<DropIn> {
  const sound = fc.constantFrom('/etc/containerd/conf.d/*.toml', '/etc/containerd/conf.d/10-registry.toml');
  const odd = fc.constantFrom(
    'conf.d/*.toml',
    'conf.d/10-registry.toml',
    '/etc/containerd/conf.d/missing.toml',
    '/etc/containerd/conf.d/*.conf',
    '/etc/containerd/*/1[0-9]-*.toml',
    '/etc/containerd/config.toml',
    '/etc/containerd/conf.d',
  );
  const names = Object.keys(contents) as Contents[];
  return fc.record({
    named: mistakes ? mostly(sound, odd) : sound,
    version: mistakes
      ? fc.constantFrom('2', '2', '2', undefined, '1', '3')
      : fc.constantFrom<(string | undefined)[]>('2'),
    contents: fc.constantFrom(...names.filter((name) => mistakes || name !== 'what is no toml')),
    endpoint: url,
  });
}

/** The line of `config.toml` that imports the file. */
export function importLine({ named }: DropIn): string {
  return `imports = [${JSON.stringify(named)}]\n`;
}

/** The text of the file. `section` is the plugin's, as `config.toml` names it. */
export function printDropIn(dropIn: DropIn, section: string, own: HostPort): string {
  const { version } = dropIn;
  const endpoint = JSON.stringify(urlText(dropIn.endpoint, own));
  const text = contents[dropIn.contents](section, own.host + own.port, endpoint);
  return (version === undefined ? '' : `version = ${version}\n`) + text;
}

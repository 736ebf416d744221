/** A node's files, and what containerd of each version takes from them. Real containerd is asked in `*.itg.ts`. */
export interface SettingCase {
  readonly name: string;
  /** By absolute path. */
  readonly files: Readonly<Record<string, string>>;
  /** What the versions have whose number begins so. */
  readonly settings: Readonly<Record<string, Settings>>;
}

export interface Settings {
  readonly configPath?: string;
  /** Endpoints by host. */
  readonly mirrors?: Readonly<Record<string, readonly string[]>>;
  readonly sandboxImage?: string;
  readonly forcesLocalPull?: boolean;
}

const main = '/etc/containerd/config.toml';
const dropIn = '/etc/containerd/drop-in.toml';
const cri = 'plugins."io.containerd.grpc.v1.cri"';
const images = 'plugins."io.containerd.cri.v1.images"';
const importsDropIn = `imports = ["${dropIn}"]\n`;
const nothing: Settings = {};

export const settingCases: readonly SettingCase[] = [
  {
    name: 'version 1',
    files: { [main]: '[plugins.cri]\nsandbox_image = "p:1"\n[plugins.cri.registry]\nconfig_path = "/a"\n' },
    settings: {
      '1.': { configPath: '/a', sandboxImage: 'p:1' },
      '2.0': nothing,
      '2.1': nothing,
      '2.2': nothing,
      '2.3': { configPath: '/a', sandboxImage: 'p:1' },
    },
  },
  {
    name: 'the name of version 2 without a version',
    files: { [main]: `[${cri}.registry]\nconfig_path = "/a"\n` },
    settings: { '1.': nothing, '2.0': nothing, '2.1': nothing, '2.2': nothing, '2.3': { configPath: '/a' } },
  },
  {
    name: 'the name of version 3 without a version',
    files: { [main]: `[${images}.registry]\nconfig_path = "/a"\n` },
    settings: { '1.': nothing, '2.': { configPath: '/a' } },
  },
  {
    name: 'version 2',
    files: {
      [main]: `version = 2\n[${cri}]\nsandbox_image = "p:1"\n[${cri}.registry]\nconfig_path = "/a"\n`,
    },
    settings: {
      '1.': { configPath: '/a', sandboxImage: 'p:1' },
      '2.': { configPath: '/a', sandboxImage: 'p:1' },
    },
  },
  {
    name: 'both names in a file of version 2',
    files: {
      [main]: `version = 2\n[${images}.registry]\nconfig_path = "/new"\n[${cri}.registry]\nconfig_path = "/old"\n[${images}.pinned_images]\nsandbox = "p:2"\n`,
    },
    settings: { '1.': { configPath: '/old' }, '2.': { configPath: '/old', sandboxImage: 'p:2' } },
  },
  {
    name: 'keys in capital letters',
    files: { [main]: `version = 2\n[${cri}.registry]\nCONFIG_PATH = "/a"\n[${cri}.registry.mirrors]\n` },
    settings: { '1.': { configPath: '/a' }, '2.': { configPath: '/a' } },
  },
  {
    name: 'keys in mixed letters',
    files: { [main]: `version = 2\n[${cri}.registry]\nConfig_Path = "/a"\n` },
    settings: { '1.': nothing, '2.': { configPath: '/a' } },
  },
  {
    name: 'a drop-in that names something else of the same section',
    files: {
      [main]: `version = 2\n${importsDropIn}[${cri}]\nsandbox_image = "p:1"\n[${cri}.registry]\nconfig_path = "/a"\n`,
      [dropIn]: `version = 2\n[${cri}.registry]\nconfig_path = "/b"\n`,
    },
    settings: { '1.': { configPath: '/b' }, '2.': { configPath: '/b', sandboxImage: 'p:1' } },
  },
  {
    name: 'a drop-in with an empty text',
    files: {
      [main]: `version = 2\n${importsDropIn}[${cri}]\nsandbox_image = "p:1"\n`,
      [dropIn]: `version = 2\n[${cri}]\nsandbox_image = ""\n`,
    },
    settings: { '1.': { sandboxImage: '' }, '2.': { sandboxImage: '' } },
  },
  {
    name: 'lists in a drop-in replace those of the main file',
    files: {
      [main]: `version = 2\n${importsDropIn}[${cri}.registry.mirrors.a]\nendpoint = ["http://1", "http://2"]\n[${cri}.registry.mirrors.b]\nendpoint = ["http://3"]\n`,
      [dropIn]: `version = 2\n[${cri}.registry.mirrors.a]\nendpoint = ["http://4"]\n`,
    },
    settings: {
      '1.': { mirrors: { a: ['http://4'] } },
      '2.0': { mirrors: { a: ['http://4'], b: ['http://3'] } },
      '2.1': { mirrors: { a: ['http://4'], b: ['http://3'] } },
      '2.2.7': { mirrors: { a: ['http://4'], b: ['http://3'] } },
      '2.3': { mirrors: { a: ['http://4'], b: ['http://3'] } },
    },
  },
  {
    name: 'the settings of a file of version 2 with a drop-in of version 3',
    files: {
      [main]: `version = 2\n${importsDropIn}[${cri}.registry]\nconfig_path = "/a"\n`,
      [dropIn]: 'version = 3\n',
    },
    settings: {
      '1.5': { configPath: '/a' },
      '1.6.20': { configPath: '/a' },
      '2.0': nothing,
      '2.1': nothing,
      '2.2': nothing,
    },
  },
  {
    name: 'imports are read breadth first, and the last one counts',
    files: {
      [main]: 'version = 2\nimports = ["/etc/containerd/a.toml", "/etc/containerd/b.toml"]\n',
      '/etc/containerd/a.toml': `version = 2\nimports = ["/etc/containerd/c.toml"]\n[${cri}.registry]\nconfig_path = "/a"\n`,
      '/etc/containerd/b.toml': `version = 2\n[${cri}.registry]\nconfig_path = "/b"\n`,
      '/etc/containerd/c.toml': `version = 2\n[${cri}.registry]\nconfig_path = "/c"\n`,
    },
    settings: { '1.': { configPath: '/c' }, '2.': { configPath: '/c' } },
  },
  {
    name: 'unpacked layers without a table of runtimes',
    files: { [main]: `version = 2\n[${cri}.containerd]\ndiscard_unpacked_layers = true\n` },
    settings: { '1.': nothing, '2.': nothing },
  },
  {
    name: 'unpacked layers with a table of runtimes',
    files: {
      [main]: `version = 2\n[${cri}.containerd]\ndiscard_unpacked_layers = true\n[${cri}.containerd.runtimes.runc]\nruntime_type = "io.containerd.runc.v2"\n`,
    },
    settings: {
      '1.': nothing,
      '2.0': nothing,
      '2.1': { forcesLocalPull: true },
      '2.2': { forcesLocalPull: true },
      '2.3': { forcesLocalPull: true },
    },
  },
  {
    name: 'another number of downloads',
    files: { [main]: `version = 2\n[${cri}]\nmax_concurrent_downloads = 5\n` },
    settings: {
      '1.': nothing,
      '2.0': nothing,
      '2.1': { forcesLocalPull: true },
      '2.2': { forcesLocalPull: true },
      '2.3': { forcesLocalPull: true },
    },
  },
];

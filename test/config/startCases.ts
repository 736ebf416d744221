/** A node's files, and what containerd of each version says about them at its start. Real containerd is asked in `*.itg.ts`. */
export interface StartCase {
  readonly name: string;
  /** By absolute path. */
  readonly files: Readonly<Record<string, string>>;
  /** The error with which a version ends or leaves out its CRI plugin; others start. */
  readonly errors: Readonly<Record<string, string>>;
}

/** The versions that the cases were tried on. */
export const startVersions = [
  '1.5.18',
  '1.6.20',
  '1.6.38',
  '1.7.24',
  '1.7.34',
  '2.0.11',
  '2.1.9',
  '2.2.1',
  '2.2.7',
  '2.3.4',
];

const main = '/etc/containerd/config.toml';
const dropIn = '/etc/containerd/drop-in.toml';
const cri = 'plugins."io.containerd.grpc.v1.cri"';
const images = 'plugins."io.containerd.cri.v1.images"';
const runtime = 'plugins."io.containerd.cri.v1.runtime"';
const importsDropIn = `imports = ["${dropIn}"]\n`;
const mirror = (plugin: string): string =>
  `[${plugin}.registry.mirrors."docker.io"]\nendpoint = ["http://m.test"]\n`;
const configPath = (plugin: string): string =>
  `[${plugin}.registry]\nconfig_path = "/etc/containerd/certs.d"\n`;

/** The same error for all versions that begin with one of these. */
function on(error: string, ...prefixes: readonly string[]): Record<string, string> {
  const versions = startVersions.filter((version) => prefixes.some((prefix) => version.startsWith(prefix)));
  return Object.fromEntries(versions.map((version) => [version, error]));
}

const clash1 = 'invalid plugin config: `mirrors` cannot be set when `config_path` is provided';
const clash2 = 'invalid cri image config: `mirrors` cannot be set when `config_path` is provided';
const clash = { ...on(clash1, '1.'), ...on(clash2, '2.') };
const noRuntime =
  'invalid plugin config: no corresponding runtime configured in `containerd.runtimes` for `containerd` `default_runtime_name = ';

/** The error about a file that could not be loaded. */
const inFile = (problem: string, path = main): string => `failed to load TOML from ${path}: ${problem}`;

function alone(name: string, text: string, errors: Readonly<Record<string, string>> = {}): StartCase {
  return { name, files: { [main]: text }, errors };
}

export const startCases: readonly StartCase[] = [
  alone('an empty file', ''),
  alone('config_path alone', `version = 2\n${configPath(cri)}`),
  alone('mirrors alone', `version = 2\n${mirror(cri)}`, on(clash2, '2.2.1')),
  alone('mirrors and config_path', `version = 2\n${configPath(cri)}${mirror(cri)}`, clash),
  alone(
    'mirrors and an empty config_path in a file of version 2',
    `version = 2\n[${cri}.registry]\nconfig_path = ""\n${mirror(cri)}`,
    on(clash2, '2.2.1'),
  ),
  alone(
    'mirrors and an empty config_path in a file of version 3',
    `version = 3\n[${images}.registry]\nconfig_path = ""\n${mirror(images)}`,
    {
      ...on(inFile('unsupported config version `3`'), '1.6.38', '1.7'),
    },
  ),
  alone(
    'configs.tls and config_path',
    `version = 2\n${configPath(cri)}[${cri}.registry.configs."h".tls]\n`,
    on('invalid plugin config: `configs.tls` cannot be set when `config_path` is provided', '1.'),
  ),
  alone(
    'an empty table of mirrors and config_path',
    `version = 2\n${configPath(cri)}[${cri}.registry.mirrors]\n`,
  ),
  alone('auths that is no URL', `version = 2\n[${cri}.registry.auths."10.10.1.106:5000"]\n`, {
    ...on(
      'invalid plugin config: failed to parse registry url "10.10.1.106:5000" from `registry.auths`: parse "10.10.1.106:5000": first path segment in URL cannot contain colon',
      '1.',
    ),
    ...on(
      'invalid cri image config: failed to parse registry url "10.10.1.106:5000" from `registry.auths`: parse "10.10.1.106:5000": first path segment in URL cannot contain colon',
      '2.',
    ),
  }),
  alone('version 4', 'version = 4\n', {
    ...on(inFile('unsupported config version `4`'), '1.6.38', '1.7'),
    ...on(
      inFile('expected containerd config version equal to or less than `3`, got `4`'),
      '2.0',
      '2.1',
      '2.2',
    ),
  }),
  alone('version 5', 'version = 5\n', {
    ...on(inFile('unsupported config version `5`'), '1.6.38', '1.7'),
    ...on(
      inFile('expected containerd config version equal to or less than `3`, got `5`'),
      '2.0',
      '2.1',
      '2.2',
    ),
    ...on(inFile('expected containerd config version equal to or less than `4`, got `5`'), '2.3'),
  }),
  alone('a version below 0', 'version = -1\n', on('panic: runtime error: index out of range [-1]', '2.')),
  alone('version as text', 'version = "2"\n', {
    ...on("failed to unmarshal TOML: (1, 1): Can't convert 2(string) to int", '1.'),
    ...on(
      'failed to unmarshal TOML at row 1 column 11: toml: cannot decode TOML string into struct field config.Config.Version of type int',
      '2.',
    ),
  }),
  alone(
    'a short name in a file of version 2',
    'version = 2\n[plugins.cri.registry]\nconfig_path = "/x"\n',
    on(inFile('invalid plugin key URI "cri" expect io.containerd.x.vx'), '1.'),
  ),
  alone(
    'a name of a plugin that does not begin with io.containerd',
    'version = 2\n[plugins."com.example.v1.x"]\n',
    on(inFile('invalid plugin key URI "com.example.v1.x" expect io.containerd.x.vx'), '1.7'),
  ),
  alone(
    'cri disabled by its short name in a file of version 2',
    'version = 2\ndisabled_plugins = ["cri"]\n',
    on(inFile('invalid disabled plugin URI "cri" expect io.containerd.x.vx'), '1.', '2.'),
  ),
  alone('a table twice', `version = 2\n${configPath(cri)}${configPath(cri)}`, {
    ...on(`failed to load TOML: ${main}: (4, 2): duplicated tables`, '1.'),
    ...on('failed to unmarshal TOML: toml: table registry already exists', '2.'),
  }),
  alone('a key twice', `version = 2\n[${cri}.registry]\nconfig_path = "a"\nconfig_path = "b"\n`, {
    ...on(
      `failed to load TOML: ${main}: (4, 1): The following key was defined twice: plugins.io.containerd.grpc.v1.cri.registry.config_path`,
      '1.',
    ),
    ...on('failed to unmarshal TOML: toml: key config_path is already defined', '2.'),
  }),
  alone('a string without end', 'version = 2\n[debug]\nlevel = "info\n', {
    ...on(`failed to load TOML: ${main}: (3, 10): unescaped control character U+000A`, '1.'),
    ...on('failed to unmarshal TOML at row 3 column 14: toml: basic strings cannot have new lines', '2.'),
  }),
  alone('a text that ends in a string', 'version = 2\nroot = "/x', {
    ...on(`failed to load TOML: ${main}: (2, 9): unclosed string`, '1.'),
    ...on(
      'failed to unmarshal TOML at row 2 column 11: toml: basic string not terminated by "',
      '2.0',
      '2.1',
      '2.2',
    ),
    ...on('failed to unmarshal TOML at row 1 column 1: toml: basic string not terminated by "', '2.3'),
  }),
  alone('a host with a port without quotes', `version = 2\n[${cri}.registry.mirrors.reg:5000]\n`, {
    ...on(
      `failed to load TOML: ${main}: (2, 2): invalid table array key: invalid bare key character: :`,
      '1.',
    ),
    ...on('failed to unmarshal TOML at row 2 column 58: toml: expected character ]', '2.'),
  }),
  alone('a value without quotes', 'version = 2\nroot = /var/lib\n', {
    ...on(`failed to load TOML: ${main}: (2, 8): no value can start with /`, '1.'),
    ...on('failed to unmarshal TOML at row 2 column 8: toml: incomplete number', '2.'),
  }),
  alone('no value', 'version = 2\nroot =\nstate = "/x"\n', {
    ...on(`failed to load TOML: ${main}: (3, 1): never reached`, '1.5'),
    ...on(`failed to load TOML: ${main}: unhandled token: "state"`, '1.6.20', '1.6.38', '1.7'),
    ...on('failed to unmarshal TOML at row 2 column 7: toml: incomplete number', '2.'),
  }),
  alone('a type that comes before what is no TOML', 'version = "2"\nroot = \n', {
    ...on(
      'failed to unmarshal TOML at row 1 column 11: toml: cannot decode TOML string into struct field config.Config.Version of type int',
      '2.',
    ),
    ...on(`failed to load TOML: ${main}: (3, 1): expecting a value`, '1.'),
  }),
  alone('a key twice in a table that 2.x does not decode', 'version = 2\n[other]\na = 1\na = 2\n', {
    ...on(`failed to load TOML: ${main}: (4, 1): The following key was defined twice: other.a`, '1.'),
  }),
  alone(
    'an IPv6 address in the name of a table',
    `version = 2\n[${cri}.registry.mirrors."[fd00::1]:5000"]\nendpoint = []\n`,
    {
      ...on(
        `failed to load TOML: ${main}: (2, 2): unexpected token table key cannot contain ']', was expecting a table key`,
        '1.',
      ),
      ...on(clash2, '2.2.1'),
    },
  ),
  alone('an endpoint as text', `version = 2\n[${cri}.registry.mirrors.h]\nendpoint = "http://m"\n`, {
    ...on("(3, 1): Can't convert http://m(string) to []string(slice)", '1.'),
    ...on('toml: cannot decode TOML string into struct field config.Mirror.Endpoints of type []string', '2.'),
  }),
  alone('config_path as a mirror', `version = 2\n[${cri}.registry.mirrors]\nconfig_path = "/x"\n`, {
    ...on("(3, 1): Can't convert /x(string) to config.Mirror", '1.'),
    ...on(
      'toml: cannot decode TOML string into struct field config.Registry.Mirrors of type map[string]config.Mirror',
      '2.',
    ),
  }),
  alone(
    'skip_verify as text',
    `version = 2\n[${cri}.registry.configs.h.tls]\ninsecure_skip_verify = "true"\n`,
    on("(3, 1): Can't convert true(string) to bool", '1.'),
  ),
  alone('a login as text', `version = 2\n[${cri}.registry.configs.h]\nauth = "x"\n`, {
    ...on("(3, 1): Can't convert x(string) to config.AuthConfig", '1.'),
    ...on(
      'toml: cannot decode TOML string into struct field config.RegistryConfig.Auth of type *config.AuthConfig',
      '2.',
    ),
  }),
  alone('a number as text', `version = 2\n[${cri}]\nmax_concurrent_downloads = "3"\n`, {
    ...on("(3, 1): Can't convert 3(string) to int", '1.'),
    ...on(
      'toml: cannot decode TOML string into struct field config.ImageConfig.MaxConcurrentDownloads of type int',
      '2.',
    ),
  }),
  alone('a plugin that is no table', `version = 2\n[plugins]\n"io.containerd.grpc.v1.cri" = "x"\n`, {
    ...on("failed to unmarshal TOML: (3, 1): Can't convert x(string) to toml.Tree", '1.'),
    ...on('panic: interface conversion: interface {} is string, not map[string]interface {}', '2.'),
  }),
  alone(
    'runtimes without the default one',
    `version = 2\n[${cri}.containerd.runtimes.nvidia]\nruntime_type = "io.containerd.runc.v2"\n`,
    {
      ...on(`${noRuntime}"runc"`, '1.'),
    },
  ),
  alone(
    'a default runtime that is not there',
    `version = 2\n[${cri}.containerd]\ndefault_runtime_name = "nvidia"\n`,
    on(`${noRuntime}"nvidia"`, '1.', '2.'),
  ),
  alone(
    'systemd_cgroup',
    `version = 2\n[${cri}]\nsystemd_cgroup = true\n`,
    on('invalid plugin config: `systemd_cgroup` only works for runtime io.containerd.runtime.v1.linux', '1.'),
  ),
  alone('a time without unit', `version = 2\n[${cri}]\nstream_idle_timeout = "4"\n`, {
    ...on('invalid plugin config: invalid stream idle timeout: time: missing unit in duration "4"', '1.'),
    ...on('invalid cri image config: invalid stream idle timeout: time: missing unit in duration "4"', '2.'),
  }),
  alone(
    'a field that older versions do not know',
    `version = 2\n[${cri}]\nimage_pull_progress_timeout = "4"\n`,
    {
      ...on(
        'invalid plugin config: invalid image pull progress timeout: time: missing unit in duration "4"',
        '1.7',
      ),
      ...on(
        'invalid cri image config: invalid image pull progress timeout: time: missing unit in duration "4"',
        '2.',
      ),
    },
  ),
  alone(
    'a setting of the runtime plugin',
    `version = 3\n[${runtime}.containerd.runtimes.runc]\nio_type = "x"\n`,
    {
      ...on(inFile('unsupported config version `3`'), '1.6.38', '1.7'),
      ...on('invalid plugin config: `io_type` can only be `streaming` or `named_pipe`', '2.'),
    },
  ),
  alone('an import that is not there', 'version = 2\nimports = ["x.toml"]\n', {
    ...on(
      'failed to load TOML: /etc/containerd/x.toml: open /etc/containerd/x.toml: no such file or directory',
      '1.',
    ),
    ...on('open /etc/containerd/x.toml: no such file or directory', '2.'),
  }),
  alone('an import that is a folder', 'version = 2\nimports = ["/etc/containerd"]\n', {
    ...on('failed to load TOML: /etc/containerd: read /etc/containerd: is a directory', '1.'),
    ...on('failed to unmarshal TOML: toml: read /etc/containerd: is a directory', '2.'),
  }),
  alone(
    'an import with a broken pattern',
    'version = 2\nimports = ["/etc/c*[.toml"]\n',
    on('syntax error in pattern', '1.', '2.'),
  ),
  alone('a pattern that nothing matches', 'version = 2\nimports = ["conf.d/*.toml"]\n'),
  alone('a file that imports itself', `version = 2\nimports = ["config.toml", "${main}"]\n`),
  {
    name: 'a relative pattern',
    files: {
      [main]: `version = 2\nimports = ["conf.d/*.toml"]\n`,
      '/etc/containerd/conf.d/a.toml': `version = 2\n${configPath(cri)}${mirror(cri)}`,
    },
    errors: { ...on(clash1, '1.6.38', '1.7'), ...on(clash2, '2.') },
  },
  {
    name: 'config_path in the main file and mirrors in a drop-in',
    files: {
      [main]: `version = 2\n${importsDropIn}${configPath(cri)}`,
      [dropIn]: `version = 2\n${mirror(cri)}`,
    },
    errors: on(clash2, '2.'),
  },
  {
    name: 'a drop-in without version',
    files: { [main]: `version = 2\n${importsDropIn}`, [dropIn]: `${configPath(cri)}${mirror(cri)}` },
    errors: clash,
  },
  {
    name: 'a drop-in of version 1',
    files: {
      [main]: `version = 2\n${importsDropIn}`,
      [dropIn]: `${configPath('plugins.cri')}${mirror('plugins.cri')}`,
    },
    errors: {
      ...on(inFile('invalid plugin key URI "cri" expect io.containerd.x.vx', dropIn), '1.'),
      ...on(clash2, '2.'),
    },
  },
  {
    name: 'a drop-in of a higher version',
    files: {
      [main]: `version = 2\n${importsDropIn}${configPath(cri)}${mirror(cri)}`,
      [dropIn]: 'version = 3\n',
    },
    errors: {
      ...on(clash1, '1.5', '1.6.20'),
      ...on(inFile('unsupported config version `3`', dropIn), '1.6.38', '1.7'),
      ...on('drop-in config version 3 higher than root config version 2', '2.3'),
    },
  },
  {
    name: 'a drop-in of a lower version',
    files: {
      [main]: `version = 3\n${importsDropIn}${configPath(images)}`,
      [dropIn]: `version = 2\n${mirror(cri)}`,
    },
    errors: { ...on(clash2, '2.2.1', '2.3') },
  },
];

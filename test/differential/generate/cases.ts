import * as fc from 'fast-check';
import type { AuthConfig } from '../../../src/proof/containerd/cri.ts';
import { placeholders, type Case } from '../case.ts';
import { configFiles, configToml, type ConfigToml } from './configToml.ts';
import { companions, hostsToml, printHostsToml, type HostsToml } from './hostsToml.ts';
import { behaviour, placeRegistries, type Behaviour } from './registries.ts';
import { mostly, seldom } from './chance.ts';
import { namespaceHost } from './urls.ts';
import { endpointOf, hostAndPort, namesIn, type Endpoint, type HostPort } from './world.ts';

/** Which kinds of cases are to be had. */
export interface CaseOptions {
  /** Files that people get wrong. */
  readonly mistakes: boolean;
  /** Registries that ask for a login, and logins. */
  readonly logins: boolean;
  /** Registries that do not speak as registries do. */
  readonly faults: boolean;
}

/** How the directory of a host is spelled. The first that containerd looks for is `host_port_`. */
const spellings = [
  'own',
  'host_port_',
  '_default',
  'without port',
  'with :443',
  'registry-1.docker.io',
  '*',
  'host_port',
] as const;
type Spelling = (typeof spellings)[number];

/** What is in a directory. */
type Contents =
  HostsToml | 'nothing' | 'an empty file' | 'a certificate' | 'no directory' | 'hosts.toml is a folder';

interface Directory {
  readonly root: string;
  readonly spelling: Spelling;
  readonly contents: Contents;
}

interface Parts {
  readonly domain: string;
  readonly path: string;
  readonly object: string;
  readonly config: ConfigToml | undefined;
  readonly directories: readonly Directory[];
  readonly behaviours: readonly Behaviour[];
  readonly auth: AuthConfig | undefined;
}

/** A node, what is around it, and a reference. */
export function cases(options: CaseOptions): fc.Arbitrary<Case> {
  const contents = mostly<Contents>(
    hostsToml(options),
    options.mistakes
      ? fc.constantFrom('nothing', 'an empty file', 'a certificate', 'no directory', 'hosts.toml is a folder')
      : fc.constant('nothing'),
  );
  const directory: fc.Arbitrary<Directory> = fc.record({
    root: mostly(fc.constant('/etc/containerd/certs.d'), fc.constant('/etc/docker/certs.d')),
    spelling: mostly<Spelling>(
      fc.constantFrom('own', 'host_port_', '_default'),
      fc.constantFrom(...spellings),
    ),
    contents,
  });
  return fc
    .record<Parts>({
      domain: namespaceHost,
      path: fc.constantFrom('app', 'team/app'),
      object: mostly(
        fc.constantFrom(':1', '@{{manifest}}', ''),
        fc.constantFrom(':1@{{manifest}}', ':v1.2_3-x', '@sha256:1234', ':'),
      ),
      config: mostly<ConfigToml | undefined>(configToml(options), fc.constant(undefined)),
      directories: fc.array(directory, { maxLength: 2 }),
      behaviours: fc.array(behaviour(options), { minLength: 1, maxLength: 5 }),
      auth: options.logins ? seldom(auth) : fc.constant(undefined),
    })
    .map(assemble);
}

const auth: fc.Arbitrary<AuthConfig> = mostly<AuthConfig>(
  fc.constant({ username: 'user', password: 'password' }),
  fc.constantFrom<AuthConfig[]>(
    { username: 'user', password: 'wrong' },
    { auth: 'dXNlcjpwYXNzd29yZA==' },
    { auth: 'bm8gY29sb24=' },
    { identityToken: 'identity' },
    { registryToken: 'registry' },
    { username: 'user', password: 'password', serverAddress: 'https://reg.test' },
    { username: 'user', password: 'password', serverAddress: 'reg.test' },
  ),
);

function assemble({ domain, path, object, config, directories, behaviours, auth: login }: Parts): Case {
  const own = hostAndPort(domain);
  const reference = `${domain === 'docker.io' ? '' : `${domain}/`}${path}${object}`;
  const files: Record<string, string> = {};
  const folders: string[] = [];
  if (config) Object.assign(files, configFiles(config, own));
  for (const directory of directories) addDirectory(directory, own, files, folders);
  addSharedFiles(files);
  const registries = placeRegistries(endpointsOf({ config, directories }, own), behaviours);
  const hangs = registries.some(
    ({ connection, rules = [] }) =>
      connection === 'silent' || rules.some(({ answer }) => answer.kind === 'silence'),
  );
  return {
    files,
    ...(folders.length > 0 && { folders }),
    names: namesIn(`${JSON.stringify(files)} ${reference} ${JSON.stringify(registries)} docker.io`),
    registries,
    reference,
    ...(login && { auth: login }),
    ...(hangs && { deadline: 1000 }),
  };
}

function addDirectory(
  { root, spelling, contents }: Directory,
  own: HostPort,
  files: Record<string, string>,
  folders: string[],
): void {
  const folder = `${root}/${spell(spelling, own)}`;
  const isTaken = [...Object.keys(files), ...folders].some(
    (path) => path === folder || path.startsWith(`${folder}/`),
  );
  if (isTaken) return;
  if (contents === 'no directory') files[folder] = 'this is a file';
  else if (contents === 'nothing') folders.push(folder);
  else if (contents === 'hosts.toml is a folder') folders.push(`${folder}/hosts.toml`);
  else if (contents === 'an empty file') files[`${folder}/hosts.toml`] = '';
  else if (contents === 'a certificate') files[`${folder}/ca.crt`] = placeholders.privateAuthority;
  else {
    const text = printHostsToml(contents, own);
    files[`${folder}/hosts.toml`] = text;
    for (const [name, companion] of Object.entries(companions(text))) files[`${folder}/${name}`] = companion;
  }
}

function spell(spelling: Spelling, { host, port }: HostPort): string {
  const withPort = port === '' ? host : `${host}_${port.slice(1)}`;
  switch (spelling) {
    case 'own':
      return host + port;
    case 'host_port_':
      return port === '' ? host : `${withPort}_`;
    case 'host_port':
      return withPort;
    case 'without port':
      return host;
    case 'with :443':
      return `${host}:443`;
    case '_default':
    case 'registry-1.docker.io':
    case '*':
      return spelling;
  }
}

/** Certificates that settings name by their path. */
function addSharedFiles(files: Record<string, string>): void {
  const shared = {
    '/etc/containerd/private.crt': placeholders.privateAuthority,
    '/etc/containerd/client.pem': placeholders.clientCertificate + placeholders.clientKey,
  };
  const text = JSON.stringify(files);
  for (const [path, contents] of Object.entries(shared)) if (text.includes(path)) files[path] = contents;
}

/** All that containerd may connect to, in the order in which it is named. */
function endpointsOf(
  { config, directories }: Pick<Parts, 'config' | 'directories'>,
  own: HostPort,
): readonly Endpoint[] {
  const chains = directories.flatMap(({ contents }) => {
    if (typeof contents === 'string') return [];
    return [
      ...contents.hosts.map(({ url }) => url),
      ...(typeof contents.server === 'object' ? [contents.server] : []),
    ];
  });
  const mirrors = config?.mirrors.flatMap(({ endpoints }) => endpoints) ?? [];
  const imported = config?.dropIn ? [config.dropIn.endpoint] : [];
  const upstream = own.host === 'docker.io' ? 'registry-1.docker.io' : own.host;
  const bare = { host: upstream, port: own.port, path: '' };
  return [
    ...[...chains, ...mirrors, ...imported].map((parts) => endpointOf(parts, own)),
    endpointOf({ ...bare, scheme: 'https://' }, own),
    ...(own.port === '' ? [endpointOf({ ...bare, scheme: 'http://' }, own)] : []),
  ].filter(({ port }) => Number.isInteger(port));
}

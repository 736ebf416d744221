import type { Discovery } from '../manifest/discovery.ts';
import type { SecretFact } from '../manifest/facts.ts';
import type { Workload } from '../manifest/imageUse.ts';
import type { Reference } from '../reference/reference.ts';

/** A login that stands in for one of the repository: the real ones are never read. */
export interface Login {
  readonly username: string;
  readonly password: string;
}

/** The logins that the kubelet passes for an image of a workload. */
export interface PullLogins {
  /** Each is tried with a pull of its own, in this order. Without any the pull is anonymous. */
  readonly logins: readonly Login[];
  /** Secrets that the Pod names and that are not in the repository. */
  readonly missing: readonly string[];
}

const none: PullLogins = { logins: [], missing: [] };

/** The logins of a Pod for an image, as the kubelet finds them. */
export function pullLogins(
  reference: Reference,
  workload: Workload | undefined,
  discovery: Pick<Discovery, 'secrets' | 'serviceAccounts'>,
): PullLogins {
  if (!workload) return none;
  const names = [...new Set(secretNames(workload, discovery))];
  const found = names.map((name) => ({ name, secret: secretOf(name, workload, discovery.secrets) }));
  const secrets = found.flatMap(({ secret }) => secret ?? []);
  return {
    logins: secrets.filter((secret) => coversImage(secret, reference)).map(standInLogin),
    missing: found.flatMap(({ name, secret }) => (secret ? [] : [name])),
  };
}

/** A pull secret that a Pod names, with a login that stands in for its own. */
export interface PullSecret {
  readonly name: string;
  /** The keys of its logins; none where they cannot be read. */
  readonly registries: readonly string[];
  readonly login: Login;
}

/** The pull secrets that a Pod names and that the repository has, in their order: for whoever leaves the choice to a kubelet. */
export function pullSecrets(
  workload: Workload | undefined,
  discovery: Pick<Discovery, 'secrets' | 'serviceAccounts'>,
): readonly PullSecret[] {
  if (!workload) return [];
  const names = [...new Set(secretNames(workload, discovery))];
  return names.flatMap((name) => {
    const secret = secretOf(name, workload, discovery.secrets);
    return secret ? [{ name, registries: secret.registries, login: standInLogin(secret) }] : [];
  });
}

/** The logins that the repository has for images of a host, in all of its pull secrets. */
export function secretLogins(host: string, secrets: readonly SecretFact[]): readonly Login[] {
  const covering = secrets.filter(({ registries }) => registries.some((key) => matchesHost(key, host)));
  return covering.map(standInLogin);
}

function standInLogin({ name, namespace }: SecretFact): Login {
  return { username: `secret-${name}`, password: `password of ${namespace ?? ''}/${name}` };
}

// kubernetes plugin/pkg/admission/serviceaccount/admission.go mutatePod: those of the account only where the Pod has none
function secretNames(
  { imagePullSecrets, serviceAccountName = 'default', namespace }: Workload,
  { serviceAccounts }: Pick<Discovery, 'serviceAccounts'>,
): readonly string[] {
  const account = serviceAccounts.find(
    (candidate) => candidate.name === serviceAccountName && mayBeSame(candidate.namespace, namespace),
  );
  const own = imagePullSecrets.length > 0 ? imagePullSecrets : (account?.imagePullSecrets ?? []);
  return own.map(({ value }) => value);
}

function secretOf(
  name: string,
  { namespace }: Workload,
  secrets: readonly SecretFact[],
): SecretFact | undefined {
  return secrets.find((secret) => secret.name === name && mayBeSame(secret.namespace, namespace));
}

/** A namespace that is not written is chosen when the manifest is applied, and may be any. */
function mayBeSame(a: string | undefined, b: string | undefined): boolean {
  return a === undefined || b === undefined || a === b;
}

/** A secret whose content cannot be read (an encrypted one) is taken to be for the images that name it. */
function coversImage({ registries }: SecretFact, { domain, path }: Reference): boolean {
  if (registries.length === 0) return true;
  const name = `${domain}/${path}`;
  return registries.some((key) => matchesImage(key, name) || (domain === 'docker.io' && isHubKey(key)));
}

// kubernetes pkg/credentialprovider/keyring.go BasicDockerKeyring.Add
function keyOf(written: string): string {
  const [, rest = ''] = /^(?:https?:\/\/)?(.*)$/s.exec(written) ?? [];
  const slash = rest.indexOf('/');
  if (slash < 0) return rest;
  const path = rest.slice(slash).replace(/^\/v[12]\//, '/');
  return rest.slice(0, slash) + (path === '/' ? '' : path);
}

// kubernetes pkg/credentialprovider/keyring.go isDefaultRegistryMatch
function isHubKey(key: string): boolean {
  return keyOf(key) === 'index.docker.io';
}

// kubernetes pkg/credentialprovider/keyring.go URLsMatch
function matchesImage(key: string, image: string): boolean {
  const [host = '', ...path] = keyOf(key).split('/');
  const [imageHost = '', ...imagePath] = image.split('/');
  return (
    matchesHost(host, imageHost) &&
    `/${imagePath.join('/')}`.startsWith(path.length > 0 ? `/${path.join('/')}` : '')
  );
}

function matchesHost(key: string, host: string): boolean {
  const [pattern = ''] = keyOf(key).split('/');
  const [name = '', port = ''] = splitPort(pattern);
  const [hostname = '', hostPort = ''] = splitPort(host);
  const labels = name.split('.');
  const hostLabels = hostname.split('.');
  return (
    port === hostPort &&
    labels.length === hostLabels.length &&
    labels.every((label, index) => matchesWildcard(label, hostLabels[index] ?? ''))
  );
}

function splitPort(host: string): readonly string[] {
  const [, name = host, port = ''] = /^(.*?)(?::(\d+))?$/s.exec(host) ?? [];
  return [name, port];
}

/** `*` stands for any text, `?` for one character. In time that grows with both lengths only: a secret may have any key. */
function matchesWildcard(pattern: string, text: string): boolean {
  let [at, inText, star, resume] = [0, 0, -1, 0];
  while (inText < text.length) {
    if (pattern[at] === '*') [star, resume, at] = [at, inText, at + 1];
    else if (pattern[at] === '?' || pattern[at] === text[inText]) [at, inText] = [at + 1, inText + 1];
    else if (star >= 0) [at, inText, resume] = [star + 1, resume + 1, resume + 1];
    else return false;
  }
  return /^\**$/.test(pattern.slice(at));
}

import type { MissingPullSecret } from '../../manifest/missingPullSecrets.ts';
import { shellWord } from '../apply/shellWord.ts';
import type { Cluster, ClusterTarget, Unexpressed } from '../clusterTarget.ts';
import { upstreamHostOf } from '../configuredMirror.ts';
import type { RenderedAuth } from '../secretPlaceholder.ts';
import { block, fileText, fillLines, visible, yamlText } from './fileText.ts';
import { placeholdersOf, type Login } from './login.ts';

const id = 'pull-secrets';

/** The Secrets that `imagePullSecrets` name and the repository lacks, with the logins that registries.yaml has for them. */
export const pullSecrets: ClusterTarget = {
  id,
  render: (cluster) => {
    const filled = cluster.missingPullSecrets.map((secret) => fill(secret, cluster));
    const written = filled.filter(({ logins, isNamed }) => isNamed && logins.length > 0);
    const unexpressed = filled.flatMap((entry) => entry.unexpressed);
    if (written.length === 0) return { files: new Map(), unexpressed };
    const heading = {
      lines: [
        'Pull secrets that Pods name and that are not in the repository, written by mirrorproof from registries.yaml.',
        ...fillLines('pull-secrets.yaml', placeholdersOf(written.flatMap(({ logins }) => logins))),
        ...kubectlLines(written),
      ],
      missing: unexpressed.map(({ what }) => what),
    };
    const documents = written.map(({ secret, logins }) => yamlText(manifest(secret, logins)));
    return {
      files: new Map([['pull-secrets.yaml', fileText(heading, documents.join('---\n'))]]),
      unexpressed,
    };
  },
};

interface FilledSecret {
  readonly secret: MissingPullSecret;
  /** The logins that the kubelet will use for the images. */
  readonly logins: readonly Login[];
  /** False where no Secret can have the name or the namespace. */
  readonly isNamed: boolean;
  readonly unexpressed: readonly Unexpressed[];
}

/** Names of Kubernetes objects. */
const namePattern = /^(?=.{1,253}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

function fill(secret: MissingPullSecret, { groups }: Cluster): FilledSecret {
  const all = groups.flatMap(({ logins }) => logins);
  const found = secret.namespaceHosts.flatMap(
    (host) => all.find((login) => login.host === upstreamHostOf(host)) ?? [],
  );
  const isNamed =
    namePattern.test(secret.name) && (secret.namespace === undefined || namePattern.test(secret.namespace));
  return {
    secret,
    logins: found.filter(({ auth }) => auth.identityToken === undefined),
    isNamed,
    unexpressed: found.flatMap((login) => unexpressedOf(login, all)),
  };
}

function unexpressedOf({ host, auth, location }: Login, all: readonly Login[]): Unexpressed[] {
  const hasOthers = all.some(
    (other) => other.host === host && JSON.stringify(other.auth) !== JSON.stringify(auth),
  );
  const lost = [
    ...(auth.identityToken === undefined
      ? []
      : [`the identity token for ${host}: a pull secret holds user names and passwords`]),
    ...(hasOthers ? [`the other logins for ${host}: a Pod's secret is the same on every node`] : []),
  ];
  return lost.map((what) => ({ target: id, what, location }));
}

function manifest({ name, namespace }: MissingPullSecret, logins: readonly Login[]): object {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, ...(namespace !== undefined && { namespace }) },
    type: 'kubernetes.io/dockerconfigjson',
    stringData: { '.dockerconfigjson': block(`${dockerConfig(logins)}\n`) },
  };
}

function dockerConfig(logins: readonly Login[]): string {
  const auths = logins.map(({ host, auth }): [string, RenderedAuth] => [serverOf(host), auth]);
  return asciiJson({ auths: Object.fromEntries(auths) });
}

/** JSON in which only letters, digits and the like stand as they are: it is put into a file of another language. */
function asciiJson(data: object): string {
  return JSON.stringify(data).replaceAll(
    /[^\x20-\x7E]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** The key under which the kubelet looks for a login. */
// kubernetes pkg/credentialprovider/keyring.go defaultRegistryKey
function serverOf(host: string): string {
  return host === upstreamHostOf('docker.io') ? 'https://index.docker.io/v1/' : host;
}

/** kubectl makes Secrets with one login each. */
function kubectlLines(written: readonly FilledSecret[]): string[] {
  const lines = written.flatMap(({ secret, logins: [login, ...others] }) =>
    login && others.length === 0 ? [`  ${kubectlLine(secret, login)}`] : [],
  );
  return lines.length > 0 ? ['Or let kubectl make the Secret, which takes any value:', ...lines] : [];
}

function kubectlLine({ name, namespace }: MissingPullSecret, { host, auth }: Login): string {
  const space = namespace === undefined ? '' : ` --namespace ${namespace}`;
  const { username = 'USER', password = 'PASSWORD' } = auth;
  return `kubectl create secret docker-registry ${name}${space} --docker-server=${serverOf(host)} --docker-username=${readableWord(username)} --docker-password=${readableWord(password)}`;
}

/** A text as one word of a shell: a placeholder as the variable that it is named for, and everything else as it is. */
function readableWord(text: string): string {
  if (/^\$\{\w+\}$/.test(text)) return `"${text}"`;
  return /^[\w.@%+=:,/-]+$/.test(text) ? text : shellWord(visible(text));
}

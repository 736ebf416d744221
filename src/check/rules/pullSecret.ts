import type { Discovery, SecretFact } from '../../manifest/discover.ts';
import type { ImageUse, Workload } from '../../manifest/imageUse.ts';
import type { Pull } from '../../pull/pull.ts';
import type { Located } from '../../source/location.ts';
import { suggest } from '../../source/suggest.ts';
import type { Check, Problem } from '../check.ts';
import { userOf } from '../people.ts';
import { isPublicRegistry } from '../publicRegistries.ts';

export const pullSecret: Check = {
  id: 'pull-secret',
  severity: 'error',
  summary: 'a Pod that needs a pull secret and names none, or one that is not in the repository',
  documentation:
    'The kubelet logs in with the secrets that the Pod or its ServiceAccount names in `imagePullSecrets`, from the namespace of ' +
    'the Pod; without one the registry answers 401, although `ctr -u` or a `docker login` on the node works. A name that is not ' +
    'in the repository is a warning where other pull secrets are, and a notice where there are none: then they are made ' +
    'elsewhere. Images of public registries are not asked for a secret.',
  *run(context) {
    const workloads = new Set<Workload>();
    const withoutLogin = usesWithoutLogin(context.pulls);
    for (const use of context.discovery.uses) {
      if (use.workload && !workloads.has(use.workload)) {
        workloads.add(use.workload);
        yield* unknownSecrets(use.workload, context.discovery);
      }
      if (withoutLogin.has(use)) yield* missingSecret(use, context.discovery);
    }
  },
};

function* unknownSecrets(workload: Workload, { secrets }: Discovery): Generator<Problem> {
  if (workload.imagePullSecrets.length === 0) return;
  const reachable = secrets.filter((secret) => sharesNamespace(secret, workload));
  const names = reachable.map(({ name }) => name);
  for (const { value, location } of workload.imagePullSecrets) {
    // A name with a placeholder in it is not known yet.
    if (names.includes(value) || /[{}$<>]/.test(value)) continue;
    const meant = suggest(value, names);
    yield {
      severity: meant !== undefined || reachable.some(isPullSecret) ? 'warning' : 'notice',
      message: `${workload.kind}/${workload.name} names the pull secret \`${value}\`, which is not in the repository: unless it is made elsewhere, the registry answers 401`,
      location,
      fix: {
        message: meant === undefined ? 'add the Secret, or correct its name' : `did you mean \`${meant}\`?`,
      },
    };
  }
}

function isPullSecret({ type, registries }: SecretFact): boolean {
  return registries.length > 0 || (type?.startsWith('kubernetes.io/dockerc') ?? false);
}

/** The uses that some node would pull without a login of its own, at the registry or at a mirror. */
function usesWithoutLogin(pulls: readonly Pull[]): Set<ImageUse> {
  const anonymous = pulls.filter(
    ({ result }) => result.ok && !result.attempts.some(({ credentials }) => credentials),
  );
  return new Set(anonymous.flatMap(({ uses }) => uses));
}

function* missingSecret(use: ImageUse, discovery: Discovery): Generator<Problem> {
  const { workload, reference } = use;
  if (!workload || !reference || isPublicRegistry(reference.domain)) return;
  const covering = discovery.secrets.filter(
    (secret) =>
      secret.registries.some((key) => hostOf(key) === reference.domain) && sharesNamespace(secret, workload),
  );
  const [first] = covering;
  // A secret that is not in the repository may be made elsewhere, and may be the right one.
  const mayCover = ({ value }: Located<string>): boolean =>
    covering.some(({ name }) => name === value) || !discovery.secrets.some(({ name }) => name === value);
  if (!first || namedSecrets(workload, discovery).some(mayCover)) return;
  yield {
    message: `${userOf(use)} pulls \`${use.text}\` without the pull secret \`${first.name}\`, which is the login for ${reference.domain}: the registry answers 401`,
    location: use.location,
    image: use.text,
    related: [{ message: 'the Secret with the login', location: first.location }],
    fix: { message: `add \`imagePullSecrets: [{name: ${first.name}}]\` to the Pod or to its ServiceAccount` },
  };
}

/** The host in the key of a docker configuration, which may be a URL: `https://harbor.example.net/v1/`. */
function hostOf(key: string): string {
  return key.replace(/^https?:\/\//, '').split('/', 1)[0] ?? '';
}

function namedSecrets(workload: Workload, { serviceAccounts }: Discovery): readonly Located<string>[] {
  const account = serviceAccounts.find(
    (candidate) =>
      candidate.name === (workload.serviceAccountName ?? 'default') && sharesNamespace(candidate, workload),
  );
  return [...workload.imagePullSecrets, ...(account?.imagePullSecrets ?? [])];
}

/** A namespace that is not written is chosen when the manifest is applied, and may be any. */
function sharesNamespace(fact: { readonly namespace?: string }, workload: Workload): boolean {
  return (
    fact.namespace === undefined || workload.namespace === undefined || fact.namespace === workload.namespace
  );
}

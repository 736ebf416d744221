import type { Discovery, SecretFact } from '../../manifest/discover.ts';
import type { ImageUse, Workload } from '../../manifest/imageUse.ts';
import type { Located } from '../../source/location.ts';
import { configForHost, upstreamHostOf } from '../../render/configuredMirror.ts';
import type { Check, CheckContext, Problem } from '../check.ts';
import { suggest } from '../../source/suggest.ts';
import { userOf } from '../people.ts';

export const pullSecret: Check = {
  id: 'pull-secret',
  severity: 'error',
  summary: 'a Pod that needs a pull secret and names none, or one that is not in the repository',
  documentation:
    'The kubelet logs in with the secrets that the Pod or its ServiceAccount names in `imagePullSecrets`, from the namespace of ' +
    'the Pod; without one the registry answers 401, although `ctr -u` or a `docker login` on the node works. A name that is not ' +
    'in the repository is a warning: the secret may be made elsewhere.',
  *run(context) {
    const workloads = new Set<Workload>();
    for (const use of context.discovery.uses) {
      if (use.workload && !workloads.has(use.workload)) {
        workloads.add(use.workload);
        yield* unknownSecrets(use.workload, context.discovery);
      }
      yield* missingSecret(use, context);
    }
  },
};

function* unknownSecrets(workload: Workload, { secrets }: Discovery): Generator<Problem> {
  for (const { value, location } of workload.imagePullSecrets) {
    const near = secrets.filter((secret) => sharesNamespace(secret, workload)).map(({ name }) => name);
    if (near.includes(value)) continue;
    const meant = suggest(value, near);
    yield {
      severity: 'warning',
      message: `${workload.kind}/${workload.name} names the pull secret \`${value}\`, which is not in the repository: unless it is made elsewhere, the registry answers 401`,
      location,
      fix: { message: meant === undefined ? 'add the Secret, or correct its name' : `did you mean \`${meant}\`?` },
    };
  }
}

function* missingSecret(use: ImageUse, { discovery, nodes }: CheckContext): Generator<Problem> {
  const { workload, reference } = use;
  if (!workload || !reference) return;
  const covering = discovery.secrets.filter(
    (secret) => secret.registries.includes(reference.domain) && sharesNamespace(secret, workload),
  );
  const [first] = covering;
  // A secret that is not in the repository may be made elsewhere, and may be the right one.
  if (!first || namedSecrets(workload, discovery).some(({ value }) => mayCover(value, covering, discovery))) return;
  const upstream = upstreamHostOf(reference.domain);
  if (nodes.every((node) => configForHost(node.configs, upstream)?.auth)) return;
  yield {
    message: `${userOf(use)} pulls \`${use.text}\` without the pull secret \`${first.name}\`, which is the login for ${reference.domain}: the registry answers 401`,
    location: use.location,
    image: use.text,
    related: [{ message: 'the Secret with the login', location: first.location }],
    fix: { message: `add \`imagePullSecrets: [{name: ${first.name}}]\` to the Pod or to its ServiceAccount` },
  };
}

function mayCover(name: string, covering: readonly SecretFact[], { secrets }: Discovery): boolean {
  return covering.some((secret) => secret.name === name) || !secrets.some((secret) => secret.name === name);
}

function namedSecrets(workload: Workload, { serviceAccounts }: Discovery): readonly Located<string>[] {
  const account = serviceAccounts.find(
    (candidate) => candidate.name === (workload.serviceAccountName ?? 'default') && sharesNamespace(candidate, workload),
  );
  return [...workload.imagePullSecrets, ...(account?.imagePullSecrets ?? [])];
}

/** A namespace that is not written is chosen when the manifest is applied, and may be any. */
function sharesNamespace(fact: { readonly namespace?: string }, workload: Workload): boolean {
  return fact.namespace === undefined || workload.namespace === undefined || fact.namespace === workload.namespace;
}

import type { Discovery } from '../../manifest/discovery.ts';
import type { SecretFact } from '../../manifest/facts.ts';
import { factsByName, mayBeSameNamespace, secretNamesReader } from '../../manifest/factsByName.ts';
import type { ImageUse, Workload } from '../../manifest/imageUse.ts';
import type { Pull } from '../../pull/pull.ts';
import type { Located } from '../../source/location.ts';
import { suggest } from '../../source/suggest.ts';
import type { Check, Problem } from '../check.ts';
import { groupBy } from '../../source/groupBy.ts';
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
  *run({ discovery, pulls }) {
    const workloads = new Set<Workload>();
    const withoutLogin = usesWithoutLogin(pulls);
    const unknown = new UnknownSecrets(discovery.secrets);
    const missing = new MissingSecrets(discovery);
    for (const use of discovery.uses) {
      if (use.workload && !workloads.has(use.workload)) {
        workloads.add(use.workload);
        yield* unknown.of(use.workload);
      }
      if (withoutLogin.has(use)) yield* missing.of(use);
    }
  },
};

/** The names of secrets that are not in the repository. Thousands of workloads may have the same. */
class UnknownSecrets {
  readonly #secrets: readonly SecretFact[];
  readonly #secretsOf: ReturnType<typeof factsByName<SecretFact>>;
  readonly #judged = new Map<string, Pick<Problem, 'severity' | 'fix'>>();

  constructor(secrets: readonly SecretFact[]) {
    this.#secrets = secrets;
    this.#secretsOf = factsByName(secrets);
  }

  *of(workload: Workload): Generator<Problem> {
    for (const { value, location } of workload.imagePullSecrets) {
      // A name with a placeholder in it is not known yet.
      if (/[{}$<>]/.test(value) || this.#secretsOf(value, workload.namespace).length > 0) continue;
      yield {
        message: `${workload.kind}/${workload.name} names the pull secret \`${value}\`, which is not in the repository: unless it is made elsewhere, the registry answers 401`,
        location,
        ...this.#judge(value, workload.namespace),
      };
    }
  }

  #judge(name: string, namespace: string | undefined): Pick<Problem, 'severity' | 'fix'> {
    const key = JSON.stringify([namespace, name]);
    const known = this.#judged.get(key);
    if (known) return known;
    const reachable = this.#secrets.filter((secret) => mayBeSameNamespace(secret.namespace, namespace));
    const meant = suggest(
      name,
      reachable.map((secret) => secret.name),
    );
    const judged = {
      severity: meant !== undefined || reachable.some(isPullSecret) ? 'warning' : 'notice',
      fix: {
        message: meant === undefined ? 'add the Secret, or correct its name' : `did you mean \`${meant}\`?`,
      },
    } as const;
    this.#judged.set(key, judged);
    return judged;
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

/** Secrets of the repository that are the login for an image, and that its Pod does not name. */
class MissingSecrets {
  readonly #byRegistry: ReadonlyMap<string, readonly SecretFact[]>;
  readonly #names: ReadonlySet<string>;
  readonly #namedBy: ReturnType<typeof secretNamesReader>;

  constructor({ secrets, serviceAccounts }: Discovery) {
    const logins = secrets.flatMap((secret) =>
      [...new Set(secret.registries.map(hostOf))].map((host) => ({ host, secret })),
    );
    this.#byRegistry = new Map(
      [...groupBy(logins, ({ host }) => host)].map(([host, group]) => [
        host,
        group.map(({ secret }) => secret),
      ]),
    );
    this.#names = new Set(secrets.map(({ name }) => name));
    this.#namedBy = secretNamesReader(serviceAccounts);
  }

  *of(use: ImageUse): Generator<Problem> {
    const { workload, reference } = use;
    if (!workload || !reference || isPublicRegistry(reference.domain)) return;
    const covering = (this.#byRegistry.get(reference.domain) ?? []).filter((secret) =>
      mayBeSameNamespace(secret.namespace, workload.namespace),
    );
    const [first] = covering;
    if (!first) return;
    const coveringNames = new Set(covering.map(({ name }) => name));
    // A secret that is not in the repository may be made elsewhere, and may be the right one.
    const mayCover = ({ value }: Located<string>): boolean =>
      coveringNames.has(value) || !this.#names.has(value);
    if (this.#namedBy(workload).some(mayCover)) return;
    yield {
      message: `${userOf(use)} pulls \`${use.text}\` without the pull secret \`${first.name}\`, which is the login for ${reference.domain}: the registry answers 401`,
      location: use.location,
      image: use.text,
      related: [{ message: 'the Secret with the login', location: first.location }],
      fix: {
        message: `add \`imagePullSecrets: [{name: ${first.name}}]\` to the Pod or to its ServiceAccount`,
      },
    };
  }
}

/** The host in the key of a docker configuration, which may be a URL: `https://harbor.example.net/v1/`. */
function hostOf(key: string): string {
  return key.replace(/^https?:\/\//, '').split('/', 1)[0] ?? '';
}

import type { NodePull } from '../plan.ts';
import type { PullSecret } from '../pullLogins.ts';
import { pulledImage } from './requests.ts';

/** The namespace of all Pods that pull. */
export const namespace = 'mirrorproof';

/** A Pod that pulls one image on one node. */
export interface PodTask {
  /** Of the Pod. */
  readonly name: string;
  readonly node: string;
  readonly pull: NodePull;
}

/** An object for `kubectl create`. */
export type KubernetesObject = Readonly<Record<string, unknown>>;

/** What has to be there before the first Pod. */
export function namespaceObjects(): readonly KubernetesObject[] {
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
    // The default one is made by a controller, a moment later.
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: namespace, namespace } },
  ];
}

/** The Pods and the pull secrets that they name, as one list. */
export function podObjects(tasks: readonly PodTask[]): readonly KubernetesObject[] {
  const named = new SecretNames();
  const pods = tasks.map((task) => podObject(task, named));
  return [...named.objects, ...pods];
}

export function objectList(items: readonly KubernetesObject[]): string {
  return JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
}

/**
 * Pinned to its node, past any scheduler and taint. It needs no network of its own, and so nothing but its image: that cannot be
 * run, so that the Pod fails once its pull is through.
 */
function podObject({ name, node, pull }: PodTask, secrets: SecretNames): KubernetesObject {
  const names = [...pull.secrets.map((secret) => secrets.nameOf(secret, pull)), ...pull.missingSecrets];
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace },
    spec: {
      nodeName: node,
      hostNetwork: true,
      restartPolicy: 'Never',
      serviceAccountName: namespace,
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      terminationGracePeriodSeconds: 0,
      tolerations: [{ operator: 'Exists' }],
      imagePullSecrets: names.filter(isObjectName).map((each) => ({ name: each })),
      containers: [
        { name: 'image', image: pulledImage(pull), imagePullPolicy: 'Always', command: ['/label'] },
      ],
    },
  };
}

/** The secrets of several namespaces in one: the second with a name gets another one. */
class SecretNames {
  readonly #names = new Map<string, string>();
  readonly objects: KubernetesObject[] = [];

  nameOf(secret: PullSecret, { reference }: NodePull): string {
    // Of one that nobody can read, the host of the image stands in for its keys.
    const keys = secret.registries.length > 0 ? secret.registries : [keyOfHost(reference.domain)];
    const text = JSON.stringify([secret.name, keys, secret.login]);
    const known = this.#names.get(text);
    if (known !== undefined) return known;
    const isFree = ![...this.#names.values()].includes(secret.name) && isObjectName(secret.name);
    const name = isFree ? secret.name : `mirrorproof-secret-${this.#names.size}`;
    this.#names.set(text, name);
    this.objects.push(secretObject(name, keys, secret));
    return name;
  }
}

// kubernetes pkg/credentialprovider/keyring.go defaultRegistryKey
function keyOfHost(host: string): string {
  return host === 'docker.io' ? 'https://index.docker.io/v1/' : host;
}

function secretObject(name: string, keys: readonly string[], { login }: PullSecret): KubernetesObject {
  const { username, password } = login;
  const auth = Buffer.from(`${username}:${password}`).toString('base64');
  const auths = Object.fromEntries(keys.map((key) => [key, { username, password, auth }]));
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace },
    type: 'kubernetes.io/dockerconfigjson',
    data: { '.dockerconfigjson': Buffer.from(JSON.stringify({ auths })).toString('base64') },
  };
}

// kubernetes staging/src/k8s.io/apimachinery/pkg/util/validation/validation.go IsDNS1123Subdomain
function isObjectName(name: string): boolean {
  return name.length <= 253 && /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/.test(name);
}

/** How a kubelet's pull ended, in its own words. */
export interface KubeletPull {
  readonly isPulled: boolean;
  readonly text: string;
}

/** The first word of the kubelets about each Pod's image, from `kubectl get events -o json`. */
// kubernetes pkg/kubelet/images/image_manager.go EnsureImageExists
export function readEvents(json: string): ReadonlyMap<string, KubeletPull> {
  const found = new Map<string, KubeletPull>();
  const list: unknown = JSON.parse(json);
  for (const item of items(list)) {
    const { involvedObject, reason, message } = item;
    const pod = isObject(involvedObject) ? involvedObject['name'] : undefined;
    if (typeof pod !== 'string' || typeof message !== 'string' || found.has(pod)) continue;
    // It tries again by itself.
    if (message.includes('pull QPS exceeded')) continue;
    if (reason === 'Pulled' && message.startsWith('Successfully pulled image'))
      found.set(pod, { isPulled: true, text: message });
    if (reason === 'Failed' && message.startsWith('Failed to pull image'))
      found.set(pod, { isPulled: false, text: message });
  }
  return found;
}

function items(list: unknown): readonly Readonly<Record<string, unknown>>[] {
  const all = isObject(list) ? list['items'] : undefined;
  return Array.isArray(all) ? all.filter(isObject) : [];
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

import { child, descend, items, locatedText, text, type TreeNode } from '../source/tree.ts';
import type { Located, Location } from '../source/location.ts';
import { groupOf, type KubernetesObject } from './manifest.ts';
import { readSecretNames } from './podSpec.ts';
import { locateScalar } from './scalarLocation.ts';

/** A Service: nodes may be told to reach a registry by its address. */
export interface ServiceFact {
  readonly name: string;
  readonly namespace?: string;
  /** As written: an address or `None`. Absent when the cluster chooses it. */
  readonly clusterIP?: Located<string>;
  readonly location: Location;
}

/** A Secret, or an object from which a controller makes one. */
export interface SecretFact {
  /** `Secret`, `SealedSecret`, `ExternalSecret`, ... */
  readonly kind: string;
  /** Name of the Secret in the cluster. */
  readonly name: string;
  readonly namespace?: string;
  /** `kubernetes.io/dockerconfigjson` for a pull secret; absent when it is not written. */
  readonly type?: string;
  /** The registries that a pull secret has logins for, as its keys say; empty when its content cannot be read. */
  readonly registries: readonly string[];
  readonly location: Location;
}

/** A ServiceAccount and the pull secrets that Pods get from it. */
export interface ServiceAccountFact {
  readonly name: string;
  readonly namespace?: string;
  readonly imagePullSecrets: readonly Located<string>[];
  readonly location: Location;
}

/** What objects besides workloads tell about pulls. */
export interface Facts {
  readonly services: readonly ServiceFact[];
  readonly secrets: readonly SecretFact[];
  readonly serviceAccounts: readonly ServiceAccountFact[];
}

/** Where an object that stands for Secrets says what they will be called; each path may be missing. */
interface SecretMaker {
  readonly group: string;
  /** A list with one entry for each Secret; the object itself stands for one when there is no such list. */
  readonly each?: readonly string[];
  readonly name: readonly string[];
  readonly namespace?: readonly string[];
  readonly type: readonly string[];
}

/** The controllers that people keep pull secrets with in a repository. */
const secretMakers: ReadonlyMap<string, SecretMaker> = new Map<string, SecretMaker>([
  ['Secret', { group: '', name: ['metadata', 'name'], type: ['type'] }],
  [
    'SealedSecret',
    {
      group: 'bitnami.com',
      name: ['spec', 'template', 'metadata', 'name'],
      namespace: ['spec', 'template', 'metadata', 'namespace'],
      type: ['spec', 'template', 'type'],
    },
  ],
  [
    'ExternalSecret',
    {
      group: 'external-secrets.io',
      name: ['spec', 'target', 'name'],
      type: ['spec', 'target', 'template', 'type'],
    },
  ],
  [
    'VaultStaticSecret',
    {
      group: 'secrets.hashicorp.com',
      name: ['spec', 'destination', 'name'],
      type: ['spec', 'destination', 'type'],
    },
  ],
  ['OnePasswordItem', { group: 'onepassword.com', name: ['metadata', 'name'], type: ['type'] }],
  [
    'SopsSecret',
    { group: 'isindir.github.com', each: ['spec', 'secretTemplates'], name: ['name'], type: ['type'] },
  ],
]);

/** True for a kind that {@link readFacts} looks at. */
export function isFactKind(kind: string): boolean {
  return kind === 'Service' || kind === 'ServiceAccount' || secretMakers.has(kind);
}

export function readFacts(objects: readonly KubernetesObject[]): Facts {
  const isCore = (kind: string) => (object: KubernetesObject) =>
    object.kind === kind && groupOf(object) === '';
  return {
    services: objects.filter(isCore('Service')).flatMap(readService),
    secrets: objects.flatMap(readSecrets),
    serviceAccounts: objects.filter(isCore('ServiceAccount')).flatMap(readServiceAccount),
  };
}

interface Identity {
  readonly name: string;
  readonly namespace?: string;
  readonly location: Location;
}

/** An object without a name tells nothing that anybody could refer to. */
function readIdentity(object: KubernetesObject): Identity | undefined {
  const name = descend(object.root, 'metadata', 'name');
  const namespace = text(descend(object.root, 'metadata', 'namespace'));
  if (name?.kind !== 'scalar' || !text(name)) return undefined;
  return {
    name: name.text,
    ...(namespace !== undefined && { namespace }),
    location: locateScalar(object, name),
  };
}

function readService(object: KubernetesObject): readonly ServiceFact[] {
  const identity = readIdentity(object);
  const clusterIP = descend(object.root, 'spec', 'clusterIP');
  if (!identity) return [];
  if (clusterIP?.kind !== 'scalar' || !text(clusterIP)) return [identity];
  return [{ ...identity, clusterIP: { value: clusterIP.text, location: locateScalar(object, clusterIP) } }];
}

function readServiceAccount(object: KubernetesObject): readonly ServiceAccountFact[] {
  const identity = readIdentity(object);
  const list = child(object.root, 'imagePullSecrets');
  return identity ? [{ ...identity, imagePullSecrets: readSecretNames(object, list) }] : [];
}

function readSecrets(object: KubernetesObject): readonly SecretFact[] {
  const maker = secretMakers.get(object.kind);
  const identity = readIdentity(object);
  if (!maker || !identity || groupOf(object) !== maker.group) return [];
  const list = maker.each && descend(object.root, ...maker.each);
  const roots = list?.kind === 'sequence' ? items(list) : [object.root];
  return roots.map((root) => {
    const name = locatedText(object.document, descend(root, ...maker.name));
    const namespace = maker.namespace && text(descend(root, ...maker.namespace));
    const type = text(descend(root, ...maker.type));
    return {
      kind: object.kind,
      ...identity,
      ...(name && { name: name.value }),
      ...(namespace !== undefined && { namespace }),
      ...(type !== undefined && { type }),
      registries: object.kind === 'Secret' ? readRegistries(root) : [],
    };
  });
}

/** The keys of a docker configuration, never what is behind them. */
function readRegistries(secret: TreeNode): readonly string[] {
  const current = readDockerConfig(secret, '.dockerconfigjson');
  const auths = isRecord(current) ? current['auths'] : readDockerConfig(secret, '.dockercfg');
  return isRecord(auths) ? Object.keys(auths) : [];
}

function readDockerConfig(secret: TreeNode, key: string): unknown {
  const plain = text(descend(secret, 'stringData', key));
  const encoded = text(descend(secret, 'data', key));
  try {
    // A placeholder, or what SOPS encrypted, is neither base64 nor JSON.
    return JSON.parse(plain ?? decodeBase64(encoded ?? ''));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof DOMException) return undefined;
    throw error;
  }
}

function decodeBase64(encoded: string): string {
  const bytes = Uint8Array.from(atob(encoded), (character) => character.charCodeAt(0));
  return new TextDecoder().decode(bytes);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

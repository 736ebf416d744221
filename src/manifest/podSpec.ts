import { child, descend, entries, items, locatedText, text, type TreeNode } from '../source/tree.ts';
import type { Located } from '../source/location.ts';
import { createImageUse, type ImageReader } from './imageReader.ts';
import type { ImageSource, ImageUse, NodeRequirement, Placement, Toleration, Workload } from './imageUse.ts';
import { groupOf, type KubernetesObject } from './manifest.ts';
import { locateScalar } from './scalarLocation.ts';

/** Where an object of a kind keeps the spec of the Pods that it makes, by the API groups that have the kind. */
interface PodKind {
  readonly groups: readonly string[];
  readonly path: readonly string[];
}

const core = '';
const templateSpec = ['spec', 'template', 'spec'];

/** The kinds of Kubernetes itself. `extensions` had some of them until 1.16, and manifests from then are still around. */
const podKinds: ReadonlyMap<string, PodKind> = new Map([
  ['Pod', { groups: [core], path: ['spec'] }],
  ['PodTemplate', { groups: [core], path: ['template', 'spec'] }],
  ['ReplicationController', { groups: [core], path: templateSpec }],
  ['Deployment', { groups: ['apps', 'extensions'], path: templateSpec }],
  ['StatefulSet', { groups: ['apps'], path: templateSpec }],
  ['DaemonSet', { groups: ['apps', 'extensions'], path: templateSpec }],
  ['ReplicaSet', { groups: ['apps', 'extensions'], path: templateSpec }],
  ['Job', { groups: ['batch', 'extensions'], path: templateSpec }],
  ['CronJob', { groups: ['batch'], path: ['spec', 'jobTemplate', ...templateSpec] }],
]);

/** The lists of a Pod spec whose items have an `image`. */
export const containerLists: ReadonlyMap<string, ImageSource> = new Map([
  ['initContainers', 'initContainer'],
  ['containers', 'container'],
  ['ephemeralContainers', 'ephemeralContainer'],
]);

/** True for a kind that can have a Pod spec. */
export function isPodKind(kind: string): boolean {
  return podKinds.has(kind);
}

/** The images of containers and image volumes of all workloads. */
export const readPodSpecs: ImageReader = (manifest, substitutions) =>
  manifest.objects.flatMap((object) => {
    const path = podSpecPath(object);
    const spec = path && descend(object.root, ...path);
    if (!path || spec?.kind !== 'mapping') return [];
    const workload = readWorkload(object, spec);
    return podImages(spec, path.join('.')).map(({ node, from, field }): ImageUse => {
      const location = locateScalar(object, node);
      return createImageUse(
        { text: node.text, location, confidence: 'certain', from, field, workload },
        substitutions,
      );
    });
  });

/** The path of the Pod spec of an object of Kubernetes itself. */
export function podSpecPath(object: KubernetesObject): readonly string[] | undefined {
  const podKind = podKinds.get(object.kind);
  // A patch may leave out the apiVersion, and a template may have a variable there.
  const isKnownGroup =
    object.apiVersion === '' || /[{$]/.test(object.apiVersion) || podKind?.groups.includes(groupOf(object));
  return isKnownGroup ? podKind?.path : undefined;
}

/** An image of a Pod spec. */
export interface PodImage {
  readonly node: TreeNode & { kind: 'scalar' };
  readonly from: ImageSource;
  readonly field: string;
}

/** The images of the containers and image volumes of a Pod spec that stands at a path. */
export function podImages(spec: TreeNode, path: string): readonly PodImage[] {
  const found: PodImage[] = [];
  // A patch may name a container without its image: no value and an empty one are no use.
  const add = (node: TreeNode | undefined, from: ImageSource, field: string): void => {
    if (node?.kind === 'scalar' && text(node)) found.push({ node, from, field });
  };
  for (const [list, from] of containerLists) {
    for (const [index, container] of items(child(spec, list)).entries()) {
      add(child(container, 'image'), from, `${path}.${list}[${index}].image`);
    }
  }
  for (const [index, volume] of items(child(spec, 'volumes')).entries()) {
    add(descend(volume, 'image', 'reference'), 'imageVolume', `${path}.volumes[${index}].image.reference`);
  }
  return found;
}

/** What an object says about the Pods that it makes; `spec` has the fields of a Pod spec. */
export function readWorkload(object: KubernetesObject, spec: TreeNode): Workload {
  const metadata = child(object.root, 'metadata');
  const name = child(metadata, 'name') ?? child(metadata, 'generateName');
  const namespace = text(child(metadata, 'namespace'));
  const serviceAccountName = text(child(spec, 'serviceAccountName')) ?? text(child(spec, 'serviceAccount'));
  return {
    kind: object.kind,
    name: text(name) ?? '',
    ...(namespace !== undefined && { namespace }),
    location: name?.kind === 'scalar' ? locateScalar(object, name) : object.document.locate(object.root),
    placement: readPlacement(object, spec),
    imagePullSecrets: readSecretNames(object, child(spec, 'imagePullSecrets')),
    ...(serviceAccountName !== undefined && { serviceAccountName }),
  };
}

/** The names in a list of `imagePullSecrets`. */
export function readSecretNames(
  object: KubernetesObject,
  list: TreeNode | undefined,
): readonly Located<string>[] {
  return items(list).flatMap((item) => locatedText(object.document, child(item, 'name')) ?? []);
}

function readPlacement(object: KubernetesObject, spec: TreeNode): Placement {
  const nodeName = text(child(spec, 'nodeName'));
  const required = descend(
    spec,
    'affinity',
    'nodeAffinity',
    'requiredDuringSchedulingIgnoredDuringExecution',
  );
  return {
    ...(nodeName && { nodeName }),
    nodeSelector: readTexts(child(spec, 'nodeSelector')),
    // A term without requirements matches no node, so it adds none to what the others match.
    nodeAffinity: items(child(required, 'nodeSelectorTerms'))
      .map(readNodeSelectorTerm)
      .filter((term) => term.length > 0),
    tolerations: items(child(spec, 'tolerations')).map(readToleration),
    isDaemonSet: object.kind === 'DaemonSet',
  };
}

function readNodeSelectorTerm(term: TreeNode): readonly NodeRequirement[] {
  return [
    ...items(child(term, 'matchExpressions')).map((node) => readRequirement(node, 'label')),
    ...items(child(term, 'matchFields')).map((node) => readRequirement(node, 'field')),
  ];
}

function readRequirement(node: TreeNode, subject: NodeRequirement['subject']): NodeRequirement {
  return {
    key: text(child(node, 'key')) ?? '',
    operator: text(child(node, 'operator')) ?? '',
    values: items(child(node, 'values')).flatMap((value) => text(value) ?? []),
    subject,
  };
}

function readToleration(node: TreeNode): Toleration {
  const [key, operator, value, effect] = ['key', 'operator', 'value', 'effect'].map((name) =>
    text(child(node, name)),
  );
  return {
    ...(key !== undefined && { key }),
    ...(operator !== undefined && { operator }),
    ...(value !== undefined && { value }),
    ...(effect !== undefined && { effect }),
  };
}

function readTexts(node: TreeNode | undefined): Readonly<Record<string, string>> {
  const texts = entries(node).flatMap(({ key, value }) => {
    const content = text(value);
    return content === undefined ? [] : [[key.text, content] as const];
  });
  return Object.fromEntries(texts);
}

import type { Location } from '../../source/location.ts';
import { descend, text, type ScalarNode, type TreeNode } from '../../source/tree.ts';
import { createImageUse } from '../imageReader.ts';
import type { ImageParts, ImageUse } from '../imageUse.ts';
import { groupOf, type KubernetesObject } from '../manifest.ts';
import { locateScalar } from '../scalarLocation.ts';

/** Where kinds keep the configuration of a cluster, and the version of Kubernetes when that stands outside of it. */
interface KubeadmKind {
  readonly group: string;
  readonly configuration: readonly string[];
  readonly version?: readonly string[];
}

// kubernetes cmd/kubeadm/app/apis/kubeadm/v1beta4/types.go; cluster-api api/bootstrap/kubeadm, api/controlplane/kubeadm
const kubeadmKinds: ReadonlyMap<string, KubeadmKind> = new Map([
  ['ClusterConfiguration', { group: 'kubeadm.k8s.io', configuration: [] }],
  [
    'KubeadmControlPlane',
    {
      group: 'controlplane.cluster.x-k8s.io',
      configuration: ['spec', 'kubeadmConfigSpec', 'clusterConfiguration'],
      version: ['spec', 'version'],
    },
  ],
  [
    'KubeadmControlPlaneTemplate',
    {
      group: 'controlplane.cluster.x-k8s.io',
      configuration: ['spec', 'template', 'spec', 'kubeadmConfigSpec', 'clusterConfiguration'],
    },
  ],
  ['KubeadmConfig', { group: 'bootstrap.cluster.x-k8s.io', configuration: ['spec', 'clusterConfiguration'] }],
  [
    'KubeadmConfigTemplate',
    {
      group: 'bootstrap.cluster.x-k8s.io',
      configuration: ['spec', 'template', 'spec', 'clusterConfiguration'],
    },
  ],
]);

/** True for a kind that {@link readKubeadm} knows. */
export function isKubeadmKind(kind: string): boolean {
  return kubeadmKinds.has(kind);
}

/** The images of the control plane that kubeadm makes static Pods and add-ons of, as far as the configuration decides them. */
export function readKubeadm(
  object: KubernetesObject,
  substitutions: ReadonlyMap<string, string>,
): readonly ImageUse[] {
  const kind = kubeadmKinds.get(object.kind);
  if (!kind || groupOf(object) !== kind.group) return [];
  const configuration = descend(object.root, ...kind.configuration);
  const version =
    scalarAt(configuration, 'kubernetesVersion') ?? (kind.version && scalarAt(object.root, ...kind.version));
  const search = { object, substitutions, prefix: kind.configuration, configuration };
  return [
    ...readControlPlane(version, search),
    ...readComponent(['dns'], 'coredns', search),
    ...readComponent(['etcd', 'local'], 'etcd', search),
  ];
}

interface KubeadmSearch {
  readonly object: KubernetesObject;
  readonly substitutions: ReadonlyMap<string, string>;
  readonly prefix: readonly string[];
  readonly configuration: TreeNode | undefined;
}

// kubernetes cmd/kubeadm/app/images/images.go GetControlPlaneImages, constants.go KubeAPIServer, KubeProxy and their like
const controlPlane = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kube-proxy'];

/** The default of kubeadm from 1.25 on. */
// kubernetes cmd/kubeadm/app/apis/kubeadm/v1beta4/defaults.go DefaultImageRepository
const defaultRepository = 'registry.k8s.io';

function readControlPlane(version: ScalarNode | undefined, search: KubeadmSearch): readonly ImageUse[] {
  const [, minor] = /^v?1\.(\d+)\.\d+/.exec(version?.text ?? '') ?? [];
  const repository = scalarAt(search.configuration, 'imageRepository');
  if (!version || minor === undefined || (!repository && Number(minor) < 25)) return [];
  // kubernetes cmd/kubeadm/app/util/version.go KubernetesVersionToImageTag
  const tag = `${version.text.startsWith('v') ? '' : 'v'}${version.text.replaceAll(/[^\w.-]/g, '_')}`;
  const locations = locateParts(search.object, repository, version);
  const field = [...search.prefix, repository ? 'imageRepository' : 'kubernetesVersion'].join('.');
  return controlPlane.map((name) =>
    createUse(`${repository?.text ?? defaultRepository}/${name}:${tag}`, field, locations, search),
  );
}

// kubernetes cmd/kubeadm/app/images/images.go GetDNSImage, GetEtcdImage
function readComponent(path: readonly string[], name: string, search: KubeadmSearch): readonly ImageUse[] {
  const component = descend(search.configuration, ...path);
  const tag = scalarAt(component, 'imageTag');
  const own = scalarAt(component, 'imageRepository');
  const repository = own ?? scalarAt(search.configuration, 'imageRepository');
  // Without a tag it is the one that this version of kubeadm was built with.
  if (!tag || !repository) return [];
  const folder =
    name === 'coredns' && repository.text === defaultRepository
      ? `${repository.text}/coredns`
      : repository.text;
  const field = [...search.prefix, ...(own ? path : []), 'imageRepository'].join('.');
  return [
    createUse(`${folder}/${name}:${tag.text}`, field, locateParts(search.object, repository, tag), search),
  ];
}

interface PartLocations {
  readonly location: Location;
  readonly parts?: ImageParts;
}

function locateParts(
  object: KubernetesObject,
  repository: ScalarNode | undefined,
  tag: ScalarNode,
): PartLocations {
  const tagLocation = locateScalar(object, tag);
  if (!repository) return { location: tagLocation };
  const location = locateScalar(object, repository);
  return { location, parts: { repository: location, tag: tagLocation } };
}

function createUse(
  image: string,
  field: string,
  locations: PartLocations,
  { substitutions }: KubeadmSearch,
): ImageUse {
  const found = { text: image, confidence: 'certain', from: 'nodeConfig', field, ...locations } as const;
  return createImageUse(found, substitutions);
}

function scalarAt(node: TreeNode | undefined, ...path: readonly string[]): ScalarNode | undefined {
  const found = descend(node, ...path);
  return found?.kind === 'scalar' && text(found) ? found : undefined;
}

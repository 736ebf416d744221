import type { Reference } from '../reference/reference.ts';
import type { Located, Location } from '../source/location.ts';

/** How sure it is that a text is an image: a schema says so, key and grammar agree, or it only looks like one. */
export type Confidence = 'certain' | 'likely' | 'possible';

/** Where an image stands. */
export type ImageSource =
  | 'container'
  | 'initContainer'
  | 'ephemeralContainer'
  | 'imageVolume'
  /** A field of a custom resource. */
  | 'customResource'
  /** The values of a Helm chart, be it in the chart or in an object that installs it. */
  | 'chartValues'
  /** `images:` of a kustomization. */
  | 'kustomization'
  | 'environment'
  /** An item of `args` or `command`. */
  | 'argument'
  | 'configMap'
  | 'annotation'
  /** The settings of nodes and of the control plane: kubeadm, k3s, RKE2, Talos. */
  | 'nodeConfig'
  /** `images:` of registries.yaml. */
  | 'imageList'
  | 'sandbox';

/**
 * Who gets an image: the container runtime of a node, a controller with an HTTP client of its own, a program that builds or imports
 * images in a Pod, or the machine that runs CI.
 */
export type Puller = 'node' | 'controller' | 'builder' | 'runner';

/** The parts of an image that stand in places of their own, as `repository` and `tag` in the values of a chart. */
export type ImageParts = Readonly<Partial<Record<'registry' | 'repository' | 'tag' | 'digest', Location>>>;

/** One key, operator and values of a node selector term. */
export interface NodeRequirement {
  readonly key: string;
  /** `In`, `NotIn`, `Exists`, `DoesNotExist`, `Gt` or `Lt`. */
  readonly operator: string;
  readonly values: readonly string[];
  /** `label` for matchExpressions, `field` for matchFields (where `metadata.name` is the only key). */
  readonly subject: 'label' | 'field';
}

/** A toleration of a Pod. */
export interface Toleration {
  readonly key?: string;
  readonly operator?: string;
  readonly value?: string;
  readonly effect?: string;
}

/** What a Pod template says about the nodes that it may run on. */
export interface Placement {
  readonly nodeName?: string;
  readonly nodeSelector: Readonly<Record<string, string>>;
  /** requiredDuringScheduling terms: one of them must match, and each of its requirements; empty means no such condition. */
  readonly nodeAffinity: readonly (readonly NodeRequirement[])[];
  readonly tolerations: readonly Toleration[];
  /** DaemonSet Pods tolerate more taints than others. */
  readonly isDaemonSet: boolean;
}

/** A Kubernetes object that makes Pods. */
export interface Workload {
  readonly kind: string;
  readonly name: string;
  /** As written; absent when the manifest leaves it to the apply command. */
  readonly namespace?: string;
  readonly location: Location;
  readonly placement: Placement;
  readonly imagePullSecrets: readonly Located<string>[];
  readonly serviceAccountName?: string;
}

/** One place at which an image is named. */
export interface ImageUse {
  /** The image as written. */
  readonly text: string;
  readonly location: Location;
  /** `unresolved` when a template or placeholder stands where the image will be: never judged as a pull. */
  readonly status: 'resolved' | 'unresolved';
  /** The parsed image; absent when it is unresolved or no valid reference. */
  readonly reference?: Reference;
  /** Why a resolved text is no valid reference, in containerd's words. */
  readonly invalid?: string;
  readonly confidence: Confidence;
  readonly from: ImageSource;
  /** Only what a node pulls is judged by the mirrors of nodes. Empty when it is replaced before anybody pulls it. */
  readonly pulledBy: readonly Puller[];
  /** Absent when the image stands in one piece. */
  readonly parts?: ImageParts;
  /** The kustomizations and charts that make it, by their files; absent for an image that is pulled as it stands. */
  readonly builtBy?: readonly string[];
  /** The hooks of a Helm chart that its object is made for instead of the installation, as `test` or `pre-install,pre-upgrade`. */
  readonly hook?: string;
  /** Path of the field in its object, as `spec.template.spec.containers[0].image`. */
  readonly field: string;
  readonly workload?: Workload;
  /** The only nodes that pull it, by name; absent when placement decides. */
  readonly onlyNodes?: readonly string[];
}

/** The groups of Kubernetes itself that have kinds with many objects. Its other groups end in `.k8s.io`. */
const builtIn: ReadonlySet<string> = new Set(['', 'apps', 'batch', 'extensions', 'autoscaling', 'policy']);

/** Groups of projects that use `.k8s.io` as well and have images in their resources. */
const otherProjects =
  /(?:^|\.)x-k8s\.io$|^(?:snapshot\.storage|kubeadm|kops|node\.opencluster)\.k8s\.io$|sigs\.k8s\.io$/;

/** Objects that are not for pulling: policies with patterns, what other readers know better, and schemas. */
const passedOver =
  /(?:^|\.)kyverno\.io$|(?:^|\.)gatekeeper\.sh$|^kustomize\.|^helm\.|^cosigned?\.|^policy\.sigstore\.dev$|^image\.(?:policy|toolkit)\.|^apiextensions\./;

/** True for the group of a custom resource that may name images in fields that no catalogue knows. */
export function isCustomGroup(group: string): boolean {
  if (builtIn.has(group) || passedOver.test(group)) return false;
  return !group.endsWith('.k8s.io') || otherProjects.test(group);
}

/** Kinds of Kubernetes, and some of others, that are often there in numbers and never name an image. */
const withoutImages: ReadonlySet<string> = new Set(
  (
    'CustomResourceDefinition Namespace Ingress IngressClass NetworkPolicy Role ClusterRole RoleBinding ClusterRoleBinding ' +
    'PersistentVolume PersistentVolumeClaim StorageClass PodDisruptionBudget HorizontalPodAutoscaler LimitRange ResourceQuota ' +
    'PriorityClass APIService MutatingWebhookConfiguration ValidatingWebhookConfiguration Endpoints EndpointSlice Event Lease ' +
    'PodSecurityPolicy CSIDriver RuntimeClass ServiceMonitor PodMonitor PrometheusRule Certificate Issuer ClusterIssuer ' +
    'Kustomization Component HelmRelease HelmRepository GitRepository HelmChart HelmChartConfig Application ApplicationSet ' +
    'AppProject ClusterPolicy Policy ConstraintTemplate ValidatingAdmissionPolicy MutatingAdmissionPolicy'
  ).split(' '),
);

/** False for a kind in whose objects no image is looked for. */
export function mayBeCustomKind(kind: string): boolean {
  return !withoutImages.has(kind);
}

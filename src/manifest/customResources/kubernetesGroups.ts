/** The groups of Kubernetes itself without a domain. */
const builtIn: ReadonlySet<string> = new Set(['', 'apps', 'batch', 'extensions', 'autoscaling', 'policy']);

/** Those with the domain `k8s.io`, which projects use as well, some for resources with images. */
const builtInNames: ReadonlySet<string> = new Set(
  (
    'admission admissionregistration apiextensions apiregistration apiserver audit authentication authorization certificates ' +
    'coordination custom.metrics discovery events external.metrics flowcontrol.apiserver gateway.networking imagepolicy ' +
    'internal.apiserver metrics networking node policy.networking rbac.authorization resource scheduling storage storagemigration'
  ).split(' '),
);

/** Objects that are not for pulling: policies with patterns, what other readers know better, and schemas. */
const passedOver =
  /^kubeadm\.|(?:^|\.)kyverno\.io$|(?:^|\.)gatekeeper\.sh$|^kustomize\.|^helm\.|^cosigned?\.|^policy\.sigstore\.dev$|^image\.(?:policy|toolkit)\.|^apiextensions\./;

/** True for the group of a custom resource that may name images in fields that no catalogue knows. */
export function isCustomGroup(group: string): boolean {
  // Kubernetes takes no other group without a dot: `skaffold/v4` is of a file for a program.
  if (builtIn.has(group) || !group.includes('.') || passedOver.test(group)) return false;
  return !group.endsWith('.k8s.io') || !builtInNames.has(group.slice(0, -'.k8s.io'.length));
}

/** Kinds of Kubernetes, and some of others, that are often there in numbers and never name an image. */
const withoutImages: ReadonlySet<string> = new Set(
  (
    'CustomResourceDefinition Namespace Ingress IngressClass NetworkPolicy Role ClusterRole RoleBinding ClusterRoleBinding ' +
    'PersistentVolume PersistentVolumeClaim StorageClass PodDisruptionBudget HorizontalPodAutoscaler LimitRange ResourceQuota ' +
    'PriorityClass APIService MutatingWebhookConfiguration ValidatingWebhookConfiguration Endpoints EndpointSlice Event Lease ' +
    'PodSecurityPolicy CSIDriver RuntimeClass ServiceMonitor PodMonitor PrometheusRule Certificate Issuer ClusterIssuer ' +
    'Kustomization Component HelmRelease HelmRepository GitRepository HelmChart HelmChartConfig Application ApplicationSet ' +
    'AppProject ClusterPolicy Policy ConstraintTemplate ValidatingAdmissionPolicy'
  ).split(' '),
);

/** False for a kind in whose objects no image is looked for. */
export function mayBeCustomKind(kind: string): boolean {
  // A list of what may run has patterns, and pulls nothing.
  return !withoutImages.has(kind) && !/(?:allow|deny)list$/i.test(kind);
}

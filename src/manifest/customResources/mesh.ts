import { images, type CatalogueEntry, type JoinedField } from './field.ts';

/**
 * The two images that every installation has; others depend on the profile and on what is switched on.
 * istio operator/pkg/apis/types.go IstioOperatorSpec Hub, Tag; manifests/charts: hub/image:tag
 */
const hubAndTag = (at: string): JoinedField => ({
  form: 'joined',
  at,
  repository: 'hub',
  names: ['pilot', 'proxyv2'],
  tags: ['tag'],
  untagged: 'nothing',
});

export const mesh: readonly CatalogueEntry[] = [
  {
    project: 'Istio',
    group: 'install.istio.io',
    kinds: ['IstioOperator'],
    fields: [hubAndTag('spec'), hubAndTag('spec.values.global')],
  },
  // istio/api extensions/v1alpha1/wasm.proto url: the agent beside the proxy fetches it; no scheme means oci
  {
    project: 'Istio',
    group: 'extensions.istio.io',
    kinds: ['WasmPlugin'],
    fields: images(['spec.url'], { scheme: 'oci://', pulledBy: ['controller'] }),
  },
  // envoyproxy/gateway api/v1alpha1/shared_types.go KubernetesContainerSpec; charts/gateway-helm/crds
  {
    project: 'Envoy Gateway',
    group: 'gateway.envoyproxy.io',
    kinds: ['EnvoyProxy'],
    fields: images(
      ['envoyDeployment', 'envoyDaemonSet'].flatMap((workload) => [
        `spec.provider.kubernetes.${workload}.container.image`,
        `spec.provider.kubernetes.${workload}.initContainers[].image`,
      ]),
    ),
  },
];

/** Annotations of Pods that a controller reads an image from. */
// istio/api annotation/annotations.yaml
export const imageAnnotations: ReadonlySet<string> = new Set(['sidecar.istio.io/proxyImage']);

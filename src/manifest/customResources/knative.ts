import type { CatalogueEntry, PodSpecField } from './field.ts';

/** The controller asks the registry for the digest of a tag before any node pulls it. */
// knative.dev/docs/serving/tag-resolution; knative/serving pkg/reconciler/revision/background.go
const resolvedPodSpec = (path: string): readonly PodSpecField[] => [
  { form: 'podSpec', path, pulledBy: ['controller', 'node'] },
];

export const knative: readonly CatalogueEntry[] = [
  // knative/serving config/core/300-resources/{service,configuration,revision}.yaml
  {
    project: 'Knative Serving',
    group: 'serving.knative.dev',
    kinds: ['Service', 'Configuration'],
    fields: resolvedPodSpec('spec.template.spec'),
  },
  {
    project: 'Knative Serving',
    group: 'serving.knative.dev',
    kinds: ['Revision'],
    fields: resolvedPodSpec('spec'),
  },
  // knative.dev/caching pkg/apis/caching/v1alpha1/image_types.go: an image that nodes hold in advance
  {
    project: 'Knative Serving',
    group: 'caching.internal.knative.dev',
    kinds: ['Image'],
    fields: [{ form: 'image', path: 'spec.image' }],
  },
  // knative/eventing pkg/apis/sources/v1/container_types.go ContainerSourceSpec
  {
    project: 'Knative Eventing',
    group: 'sources.knative.dev',
    kinds: ['ContainerSource'],
    fields: [{ form: 'podSpec', path: 'spec.template.spec' }],
  },
];

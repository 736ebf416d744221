import { images, podSpecs, type CatalogueEntry, type ImageField } from './field.ts';

/** A reference to an image of a registry; other kinds name an image stream of the cluster. */
const from = (
  paths: readonly string[],
  pulledBy: NonNullable<ImageField['pulledBy']>,
): readonly ImageField[] => images(paths, { onlyIf: { key: 'kind', value: 'DockerImage' }, pulledBy });

export const openshift: readonly CatalogueEntry[] = [
  // openshift/api apps/v1/types.go DeploymentConfigSpec
  {
    project: 'OpenShift',
    group: 'apps.openshift.io',
    kinds: ['DeploymentConfig'],
    fields: podSpecs('spec.template.spec'),
  },
  // openshift/api image/v1/types.go ImageStreamSpec, TagReference: the API server imports the metadata
  {
    project: 'OpenShift',
    group: 'image.openshift.io',
    kinds: ['ImageStream'],
    fields: from(['spec.tags[].from.name'], ['controller']),
  },
  {
    project: 'OpenShift',
    group: 'image.openshift.io',
    kinds: ['ImageStreamImport'],
    fields: from(['spec.images[].from.name', 'spec.repository.from.name'], ['controller']),
  },
  // openshift/api build/v1/types.go BuildStrategy, ImageSource; `output.to` is where the build is pushed
  {
    project: 'OpenShift',
    group: 'build.openshift.io',
    kinds: ['BuildConfig', 'Build'],
    fields: from(
      [
        'spec.strategy.dockerStrategy.from.name',
        'spec.strategy.sourceStrategy.from.name',
        'spec.strategy.customStrategy.from.name',
        'spec.source.images[].from.name',
      ],
      ['builder'],
    ),
  },
  // openshift/api config/v1/types_cluster_version.go Update, machineconfiguration/v1/types.go
  {
    project: 'OpenShift',
    group: 'config.openshift.io',
    kinds: ['ClusterVersion'],
    fields: images(['spec.desiredUpdate.image']),
  },
  {
    project: 'OpenShift',
    group: 'machineconfiguration.openshift.io',
    kinds: ['MachineConfig'],
    fields: images(['spec.osImageURL', 'spec.baseOSExtensionsContainerImage']),
  },
  // operator-framework/api pkg/operators/v1alpha1/{catalogsource,clusterserviceversion}_types.go
  {
    project: 'Operator Lifecycle Manager',
    group: 'operators.coreos.com',
    kinds: ['CatalogSource'],
    fields: images(['spec.image']),
  },
  {
    project: 'Operator Lifecycle Manager',
    group: 'operators.coreos.com',
    kinds: ['ClusterServiceVersion'],
    fields: [
      ...images(['spec.relatedImages[].image']),
      ...podSpecs('spec.install.spec.deployments[].spec.template.spec'),
    ],
  },
];

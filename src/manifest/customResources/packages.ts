import { images, podSpecs, type CatalogueEntry } from './field.ts';

const controller = { pulledBy: ['controller'] } as const;

export const packages: readonly CatalogueEntry[] = [
  // crossplane apis/pkg/v1/{package,revision}_types.go: the package manager fetches it
  {
    project: 'Crossplane',
    group: 'pkg.crossplane.io',
    kinds: ['Provider', 'Configuration', 'Function'],
    fields: images(['spec.package'], controller),
  },
  {
    project: 'Crossplane',
    group: 'pkg.crossplane.io',
    kinds: ['ProviderRevision', 'ConfigurationRevision', 'FunctionRevision'],
    fields: images(['spec.image'], controller),
  },
  {
    project: 'Crossplane',
    group: 'pkg.crossplane.io',
    kinds: ['DeploymentRuntimeConfig'],
    fields: podSpecs('spec.deploymentTemplate.spec.template.spec'),
  },
  // fluxcd/source-controller api/v1/ocirepository_types.go OCIRepositorySpec, OCIRepositoryRef
  {
    project: 'Flux',
    group: 'source.toolkit.fluxcd.io',
    kinds: ['OCIRepository'],
    fields: [
      {
        form: 'joined',
        at: 'spec',
        repository: 'url',
        tags: ['ref.tag'],
        digest: 'ref.digest',
        scheme: 'oci://',
        pulledBy: ['controller'],
        untagged: 'open',
      },
    ],
  },
  // fluxcd/image-reflector-controller api/v1/imagerepository_types.go: it lists the tags
  {
    project: 'Flux',
    group: 'image.toolkit.fluxcd.io',
    kinds: ['ImageRepository'],
    fields: images(['spec.image'], controller),
  },
];

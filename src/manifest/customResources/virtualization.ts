import { images, type CatalogueEntry, type CatalogueField } from './field.ts';

// kubevirt staging/src/kubevirt.io/api/core/v1/schema.go ContainerDiskSource, KernelBootContainer
const machineFields = (spec: string): readonly CatalogueField[] =>
  images([`${spec}.volumes[].containerDisk.image`, `${spec}.domain.firmware.kernelBoot.container.image`]);

/** An importer Pod reads the image, unless the container runtime of the node is told to get it. */
// containerized-data-importer-api pkg/apis/core/v1beta1/types.go DataVolumeSourceRegistry, RegistryPullMethod
const importFields = (source: string): readonly CatalogueField[] =>
  images([`${source}.registry.url`], {
    scheme: 'docker://',
    pulledBy: ['builder'],
    nodeIf: { key: 'pullMethod', value: 'node' },
  });

export const virtualization: readonly CatalogueEntry[] = [
  {
    project: 'KubeVirt',
    group: 'kubevirt.io',
    kinds: ['VirtualMachineInstance', 'VirtualMachineInstanceReplicaSet'],
    fields: [...machineFields('spec'), ...machineFields('spec.template.spec')],
  },
  {
    project: 'KubeVirt',
    group: 'kubevirt.io',
    kinds: ['VirtualMachine'],
    fields: [
      ...machineFields('spec.template.spec'),
      ...importFields('spec.dataVolumeTemplates[].spec.source'),
    ],
  },
  // kubevirt.io/api/core/v1/types.go InterfaceBindingPlugin
  {
    project: 'KubeVirt',
    group: 'kubevirt.io',
    kinds: ['KubeVirt'],
    fields: images(['spec.configuration.network.binding.*.sidecarImage']),
  },
  // kubevirt.io/api/pool/v1beta1/types.go VirtualMachinePoolSpec
  {
    project: 'KubeVirt',
    group: 'pool.kubevirt.io',
    kinds: ['VirtualMachinePool'],
    fields: [
      ...machineFields('spec.virtualMachineTemplate.spec.template.spec'),
      ...importFields('spec.virtualMachineTemplate.spec.dataVolumeTemplates[].spec.source'),
    ],
  },
  {
    project: 'CDI',
    group: 'cdi.kubevirt.io',
    kinds: ['DataVolume', 'VolumeImportSource'],
    fields: importFields('spec.source'),
  },
  {
    project: 'CDI',
    group: 'cdi.kubevirt.io',
    kinds: ['DataImportCron'],
    fields: importFields('spec.template.spec.source'),
  },
];

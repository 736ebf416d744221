import { images, podSpecs, type CatalogueEntry } from './field.ts';

export const storage: readonly CatalogueEntry[] = [
  // rook deploy/examples/crds.yaml
  {
    project: 'Rook',
    group: 'ceph.rook.io',
    kinds: ['CephCluster'],
    fields: images(['spec.cephVersion.image']),
  },
  {
    project: 'Rook',
    group: 'ceph.rook.io',
    kinds: ['CephCOSIDriver'],
    fields: images(['spec.image', 'spec.objectProvisionerImage']),
  },
  {
    project: 'Rook',
    group: 'ceph.rook.io',
    kinds: ['CephNFS'],
    fields: images(['spec.server.image', 'spec.security.sssd.sidecar.image']),
  },
  { project: 'Rook', group: 'ceph.rook.io', kinds: ['CephNVMeOFGateway'], fields: images(['spec.image']) },
  // minio/operator resources/base/crds/minio.min.io_tenants.yaml
  {
    project: 'MinIO operator',
    group: 'minio.min.io',
    kinds: ['Tenant'],
    fields: [
      ...images(['spec.image', 'spec.kes.image', 'spec.initContainers[].image']),
      ...podSpecs('spec.sideCars'),
    ],
  },
];

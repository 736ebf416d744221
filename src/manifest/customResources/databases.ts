import { images, podSpecs, type CatalogueEntry } from './field.ts';

export const databases: readonly CatalogueEntry[] = [
  // cloudnative-pg api/v1/{cluster,imagecatalog,pooler}_types.go, config/crd/bases
  {
    project: 'CloudNativePG',
    group: 'postgresql.cnpg.io',
    kinds: ['Cluster'],
    fields: images(['spec.imageName', 'spec.postgresql.extensions[].image.reference']),
  },
  {
    project: 'CloudNativePG',
    group: 'postgresql.cnpg.io',
    kinds: ['ImageCatalog', 'ClusterImageCatalog'],
    fields: images([
      'spec.images[].image',
      'spec.images[].extensions[].image.reference',
      'spec.componentImages[].image',
    ]),
  },
  {
    project: 'CloudNativePG',
    group: 'postgresql.cnpg.io',
    kinds: ['Pooler'],
    fields: [...images(['spec.pgbouncer.image']), ...podSpecs('spec.template.spec')],
  },
  // postgres-operator (Zalando) manifests/{postgresql,operatorconfiguration}.crd.yaml
  {
    project: 'Zalando Postgres operator',
    group: 'acid.zalan.do',
    kinds: ['postgresql'],
    fields: images([
      'spec.dockerImage',
      'spec.connectionPooler.dockerImage',
      'spec.sidecars[].image',
      'spec.initContainers[].image',
    ]),
  },
  {
    project: 'Zalando Postgres operator',
    group: 'acid.zalan.do',
    kinds: ['OperatorConfiguration'],
    fields: images([
      'configuration.docker_image',
      'configuration.connection_pooler.connection_pooler_image',
      'configuration.logical_backup.logical_backup_docker_image',
      'configuration.scalyr.scalyr_image',
      'configuration.sidecar_docker_images.*',
    ]),
  },
  // percona-xtradb-cluster-operator config/crd/bases
  {
    project: 'Percona XtraDB Cluster operator',
    group: 'pxc.percona.com',
    kinds: ['PerconaXtraDBCluster'],
    fields: images([
      'spec.initImage',
      'spec.initContainer.image',
      'spec.pxc.image',
      'spec.pxc.sidecars[].image',
      'spec.haproxy.image',
      'spec.haproxy.sidecars[].image',
      'spec.proxysql.image',
      'spec.proxysql.sidecars[].image',
      'spec.logcollector.image',
      'spec.pmm.image',
      'spec.backup.image',
    ]),
  },
  {
    project: 'Percona XtraDB Cluster operator',
    group: 'pxc.percona.com',
    kinds: ['PerconaXtraDBClusterRestore'],
    fields: images(['spec.backupSource.image', 'spec.pitr.backupSource.image']),
  },
  // percona-server-mongodb-operator config/crd/bases
  {
    project: 'Percona Server for MongoDB operator',
    group: 'psmdb.percona.com',
    kinds: ['PerconaServerMongoDB'],
    fields: images([
      'spec.image',
      'spec.initImage',
      'spec.backup.image',
      'spec.logcollector.image',
      'spec.pmm.image',
      'spec.search.image',
      'spec.replsets[].sidecars[].image',
      'spec.sharding.configsvrReplSet.sidecars[].image',
      'spec.sharding.mongos.sidecars[].image',
    ]),
  },
  // percona-postgresql-operator config/crd/bases
  {
    project: 'Percona PostgreSQL operator',
    group: 'pgv2.percona.com',
    kinds: ['PerconaPGCluster'],
    fields: images([
      'spec.image',
      'spec.initContainer.image',
      'spec.backups.pgbackrest.image',
      'spec.extensions.image',
      'spec.instances[].sidecars[].image',
      'spec.instances[].initContainers[].image',
      'spec.logcollector.image',
      'spec.pmm.image',
      'spec.proxy.pgBouncer.image',
      'spec.proxy.pgBouncer.sidecars[].image',
    ]),
  },
  {
    project: 'Percona PostgreSQL operator',
    group: 'pgv2.percona.com',
    kinds: ['PerconaPGUpgrade'],
    fields: images(['spec.image', 'spec.toPostgresImage', 'spec.toPgBouncerImage', 'spec.toPgBackRestImage']),
  },
];

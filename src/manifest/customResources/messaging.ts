import { images, podSpecs, type CatalogueEntry } from './field.ts';

export const messaging: readonly CatalogueEntry[] = [
  // strimzi-kafka-operator packaging/install/cluster-operator/04*-Crd-*.yaml
  {
    project: 'Strimzi',
    group: 'kafka.strimzi.io',
    kinds: ['Kafka'],
    fields: images([
      'spec.kafka.image',
      'spec.kafka.brokerRackInitImage',
      'spec.entityOperator.topicOperator.image',
      'spec.entityOperator.userOperator.image',
      'spec.cruiseControl.image',
      'spec.kafkaExporter.image',
    ]),
  },
  {
    project: 'Strimzi',
    group: 'kafka.strimzi.io',
    kinds: ['KafkaConnect', 'KafkaMirrorMaker2', 'KafkaBridge'],
    fields: images(['spec.image', 'spec.clientRackInitImage']),
  },
  // rabbitmq/cluster-operator config/crd/bases/rabbitmq.com_rabbitmqclusters.yaml
  {
    project: 'RabbitMQ cluster operator',
    group: 'rabbitmq.com',
    kinds: ['RabbitmqCluster'],
    fields: [
      ...images(['spec.image', 'spec.secretBackend.vault.defaultUserUpdaterImage'], { pod: 'spec' }),
      ...podSpecs('spec.override.statefulSet.spec.template.spec'),
    ],
  },
  // emqx-operator config/crd/bases; apis/apps/v2beta1/emqx_types.go
  {
    project: 'EMQX operator',
    group: 'apps.emqx.io',
    kinds: ['EMQX'],
    fields: images(
      ['coreTemplate', 'replicantTemplate'].reduce<string[]>(
        (paths, template) => [
          ...paths,
          `spec.${template}.spec.extraContainers[].image`,
          `spec.${template}.spec.initContainers[].image`,
        ],
        ['spec.image'],
      ),
    ),
  },
  {
    project: 'EMQX operator',
    group: 'apps.emqx.io',
    kinds: ['EmqxBroker', 'EmqxEnterprise'],
    fields: images([
      'spec.template.spec.reloaderImage',
      'spec.template.spec.extraContainers[].image',
      'spec.template.spec.initContainers[].image',
    ]),
  },
];

import { images, podSpecs, type CatalogueEntry } from './field.ts';

const project = 'Elastic Cloud on Kubernetes';

// cloud-on-k8s config/crds/v1/resources
export const elastic: readonly CatalogueEntry[] = [
  {
    project,
    group: 'elasticsearch.k8s.elastic.co',
    kinds: ['Elasticsearch'],
    fields: [...images(['spec.image']), ...podSpecs('spec.nodeSets[].podTemplate.spec')],
  },
  ...[
    ['kibana.k8s.elastic.co', 'Kibana'],
    ['apm.k8s.elastic.co', 'ApmServer'],
    ['enterprisesearch.k8s.elastic.co', 'EnterpriseSearch'],
    ['logstash.k8s.elastic.co', 'Logstash'],
    ['maps.k8s.elastic.co', 'ElasticMapsServer'],
    ['packageregistry.k8s.elastic.co', 'PackageRegistry'],
    ['autoops.k8s.elastic.co', 'AutoOpsAgentPolicy'],
  ].map(([group = '', kind = '']): CatalogueEntry => ({
    project,
    group,
    kinds: [kind],
    fields: [...images(['spec.image']), ...podSpecs('spec.podTemplate.spec')],
  })),
  ...[
    ['agent.k8s.elastic.co', 'Agent'],
    ['beat.k8s.elastic.co', 'Beat'],
  ].map(([group = '', kind = '']): CatalogueEntry => ({
    project,
    group,
    kinds: [kind],
    fields: [
      ...images(['spec.image']),
      ...podSpecs(
        'spec.daemonSet.podTemplate.spec',
        'spec.deployment.podTemplate.spec',
        'spec.statefulSet.podTemplate.spec',
      ),
    ],
  })),
];

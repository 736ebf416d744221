import { images, podSpecs, type CatalogueEntry, type JoinedField } from './field.ts';

// prometheus-operator pkg/operator/image.go BuildImagePath: image, or baseImage with sha, tag or version in this order
const baseImage = (at: string): JoinedField => ({
  form: 'joined',
  at,
  unless: 'image',
  repository: 'baseImage',
  tags: ['tag', 'version'],
  digest: 'sha',
  untagged: 'open',
});

export const monitoring: readonly CatalogueEntry[] = [
  // prometheus-operator pkg/apis/monitoring/v1/{prometheus,alertmanager}_types.go
  {
    project: 'Prometheus operator',
    group: 'monitoring.coreos.com',
    kinds: ['Prometheus', 'Alertmanager'],
    fields: [
      ...images(['spec.image'], { pod: 'spec' }),
      { ...baseImage('spec'), pod: 'spec' },
      ...images(['spec.thanos.image'], { pod: 'spec' }),
      baseImage('spec.thanos'),
      ...podSpecs('spec'),
    ],
  },
  // pkg/apis/monitoring/v1alpha1/prometheusagent_types.go, pkg/apis/monitoring/v1/thanos_types.go
  {
    project: 'Prometheus operator',
    group: 'monitoring.coreos.com',
    kinds: ['PrometheusAgent', 'ThanosRuler'],
    fields: [...images(['spec.image'], { pod: 'spec' }), ...podSpecs('spec')],
  },
  // grafana-operator controllers/reconcilers/grafana/deployment_reconciler.go getGrafanaImage: a version, or an image
  {
    project: 'Grafana operator',
    group: 'grafana.integreatly.org',
    kinds: ['Grafana'],
    fields: [
      ...images(['spec.version'], { isAlways: false }),
      ...podSpecs('spec.deployment.spec.template.spec'),
    ],
  },
];

import { images, podSpecs, type CatalogueEntry, type CatalogueField } from './field.ts';

// argo-workflows pkg/apis/workflow/v1alpha1/workflow_types.go Template, ContainerSetTemplate; manifests/base/crds/full
const templateFields = (at: string): readonly CatalogueField[] => [
  ...images([`${at}.container.image`, `${at}.script.image`, `${at}.sidecars[].image`]),
  ...podSpecs(at, `${at}.containerSet`),
];

const workflowFields = (spec: string): readonly CatalogueField[] => [
  ...templateFields(`${spec}.templates[]`),
  ...templateFields(`${spec}.templates[].steps[][].inline`),
  ...templateFields(`${spec}.templates[].dag.tasks[].inline`),
  ...templateFields(`${spec}.templateDefaults`),
  ...images([`${spec}.executorPlugins[].spec.sidecar.container.image`]),
];

/** The triggers of Argo Events hold whole objects, which are found wherever they stand. */
export const argo: readonly CatalogueEntry[] = [
  {
    project: 'Argo Workflows',
    group: 'argoproj.io',
    kinds: ['Workflow', 'WorkflowTemplate', 'ClusterWorkflowTemplate'],
    fields: workflowFields('spec'),
  },
  {
    project: 'Argo Workflows',
    group: 'argoproj.io',
    kinds: ['CronWorkflow'],
    fields: workflowFields('spec.workflowSpec'),
  },
  // argo-rollouts manifests/crds/{rollout,experiment,analysis-template,cluster-analysis-template}-crd.yaml
  {
    project: 'Argo Rollouts',
    group: 'argoproj.io',
    kinds: ['Rollout'],
    fields: podSpecs('spec.template.spec'),
  },
  {
    project: 'Argo Rollouts',
    group: 'argoproj.io',
    kinds: ['Experiment'],
    fields: podSpecs('spec.templates[].template.spec'),
  },
  {
    project: 'Argo Rollouts',
    group: 'argoproj.io',
    kinds: ['AnalysisTemplate', 'ClusterAnalysisTemplate', 'AnalysisRun'],
    fields: podSpecs('spec.metrics[].provider.job.spec.template.spec'),
  },
];

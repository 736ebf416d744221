import { images, type CatalogueEntry, type CatalogueField } from './field.ts';

// tektoncd/pipeline pkg/apis/pipeline/v1/{task,pipeline,pipelinerun,taskrun}_types.go, config/300-crds/300_task.yaml
const taskFields = (spec: string): readonly CatalogueField[] =>
  images([`${spec}.steps[].image`, `${spec}.stepTemplate.image`, `${spec}.sidecars[].image`]);

/**
 * A bundle is fetched by the resolver, a controller.
 * pkg/apis/pipeline/v1beta1/{taskref,pipelineref}_types.go Bundle; pkg/resolution/resolver/bundle/params.go ParamBundle
 */
const bundleFields = (reference: string): readonly CatalogueField[] => [
  ...images([`${reference}.bundle`], { pulledBy: ['controller'] }),
  ...images([`${reference}.params[].value`], {
    pulledBy: ['controller'],
    onlyIf: { key: 'name', value: 'bundle' },
  }),
];

const pipelineFields = (spec: string): readonly CatalogueField[] =>
  [
    `${spec}.tasks[]`,
    `${spec}.finally[]`,
    `${spec}.tasks[].pipelineSpec.tasks[]`,
    `${spec}.tasks[].pipelineSpec.finally[]`,
  ].flatMap((task) => [...taskFields(`${task}.taskSpec`), ...bundleFields(`${task}.taskRef`)]);

export const tekton: readonly CatalogueEntry[] = [
  { project: 'Tekton', group: 'tekton.dev', kinds: ['Task', 'ClusterTask'], fields: taskFields('spec') },
  { project: 'Tekton', group: 'tekton.dev', kinds: ['StepAction'], fields: images(['spec.image']) },
  {
    project: 'Tekton',
    group: 'tekton.dev',
    kinds: ['TaskRun'],
    fields: [...taskFields('spec.taskSpec'), ...bundleFields('spec.taskRef')],
  },
  { project: 'Tekton', group: 'tekton.dev', kinds: ['Pipeline'], fields: pipelineFields('spec') },
  {
    project: 'Tekton',
    group: 'tekton.dev',
    kinds: ['PipelineRun'],
    fields: [...pipelineFields('spec.pipelineSpec'), ...bundleFields('spec.pipelineRef')],
  },
];

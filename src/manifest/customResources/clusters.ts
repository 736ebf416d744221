import { images, podSpecs, type CatalogueEntry, type CatalogueField } from './field.ts';

const runnerProject = 'Actions Runner Controller';

/** A container of an upgrade whose image has no tag gets the version of the plan. */
// rancher/system-upgrade-controller pkg/upgrade/container/container.go WithLatestTag
const upgradeImage = (container: string): CatalogueField => ({
  form: 'joined',
  at: 'spec',
  repository: `${container}.image`,
  tags: ['version'],
  untagged: 'open',
});

export const clusters: readonly CatalogueEntry[] = [
  {
    project: 'system-upgrade-controller',
    group: 'upgrade.cattle.io',
    kinds: ['Plan'],
    fields: [upgradeImage('upgrade'), upgradeImage('prepare')],
  },
  // actions/actions-runner-controller config/crd/bases
  {
    project: runnerProject,
    group: 'actions.github.com',
    kinds: ['AutoscalingRunnerSet'],
    fields: podSpecs('spec.template.spec', 'spec.listenerTemplate.spec'),
  },
  {
    project: runnerProject,
    group: 'actions.summerwind.dev',
    kinds: ['RunnerDeployment', 'RunnerReplicaSet'],
    fields: [...images(['spec.template.spec.image']), ...podSpecs('spec.template.spec')],
  },
  {
    project: runnerProject,
    group: 'actions.summerwind.dev',
    kinds: ['RunnerSet'],
    fields: [...images(['spec.image']), ...podSpecs('spec.template.spec')],
  },
];

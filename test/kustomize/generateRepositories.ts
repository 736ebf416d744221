import * as fc from 'fast-check';
import type { Fixture } from './fixtures.ts';

const names = [
  'nginx',
  'redis',
  'registry.example.com/app',
  'registry.example.com:5000/team/app',
  'registry-example.com/app',
];

const digests = ['a', 'b'].map((digit) => `sha256:${digit.repeat(64)}`);

const images = fc
  .record(
    {
      name: fc.constantFrom(...names),
      tag: fc.constantFrom('1.0', 'v2-rc.1', 'latest'),
      digest: fc.constantFrom(...digests),
    },
    { requiredKeys: ['name'] },
  )
  .map(({ name, tag, digest }) => `${name}${tag ? `:${tag}` : ''}${digest ? `@${digest}` : ''}`);

const rules = fc.record(
  {
    name: fc.constantFrom(...names, 'mirror.example.com/app', 'registry.*'),
    newName: fc.constantFrom('mirror.example.com/app', 'mirror.example.com/nginx', 'nginx'),
    newTag: fc.constantFrom('9', 'v9.1'),
    digest: fc.constantFrom(...digests),
    tagSuffix: fc.constantFrom('-slim', '.x'),
  },
  { requiredKeys: ['name'] },
);

const containers = fc
  .record({
    initContainers: fc.array(images, { maxLength: 1 }),
    containers: fc.array(images, { minLength: 1, maxLength: 3 }),
  })
  .map((lists) =>
    Object.fromEntries(
      Object.entries(lists).map(([list, all]) => [
        list,
        all.map((image, index) => ({ name: `${list === 'containers' ? 'c' : 'i'}${index}`, image })),
      ]),
    ),
  );

function workload(kind: string, name: string, spec: unknown): unknown {
  const metadata = { name };
  const template = { spec };
  if (kind === 'Pod') return { apiVersion: 'v1', kind, metadata, spec };
  if (kind === 'CronJob')
    return { apiVersion: 'batch/v1', kind, metadata, spec: { jobTemplate: { spec: { template } } } };
  return { apiVersion: 'apps/v1', kind, metadata, spec: { template } };
}

const kinds = fc.constantFrom('Pod', 'Deployment', 'CronJob', 'StatefulSet');

/** An overlay of a base with a few workloads and a component, each with rules for images; the overlay patches one of them. */
export const generatedRepositories: fc.Arbitrary<Fixture> = fc
  .record({
    workloads: fc.array(fc.record({ kind: kinds, spec: containers }), { minLength: 1, maxLength: 3 }),
    patch: fc.option(containers),
    prefix: fc.constantFrom('', 'a-'),
    baseRules: fc.array(rules, { maxLength: 2 }),
    componentRules: fc.array(rules, { maxLength: 2 }),
    overlayRules: fc.array(rules, { maxLength: 3 }),
  })
  .map(({ workloads, patch, prefix, baseRules, componentRules, overlayRules }) => {
    const files = workloads.map(({ kind, spec }, index) => [
      `w${index}.json`,
      workload(kind, `w${index}`, spec),
    ]);
    const [{ kind } = { kind: 'Pod' }] = workloads;
    const texts: Record<string, unknown> = {
      'base/kustomization.yaml': {
        resources: files.map(([file]) => file),
        namePrefix: prefix,
        images: baseRules,
      },
      ...Object.fromEntries(files.map(([file, object]) => [`base/${String(file)}`, object])),
      'component/kustomization.yaml': {
        apiVersion: 'kustomize.config.k8s.io/v1alpha1',
        kind: 'Component',
        images: [...componentRules, { name: 'nobody' }],
      },
      'overlay/kustomization.yaml': {
        resources: ['../base'],
        components: ['../component'],
        images: overlayRules,
        ...(patch && { patches: [{ path: 'patch.json' }] }),
      },
      ...(patch && { 'overlay/patch.json': workload(kind, 'w0', patch) }),
    };
    return Object.fromEntries(
      Object.entries(texts).map(([path, content]) => [path, `${JSON.stringify(content, undefined, 2)}\n`]),
    );
  });

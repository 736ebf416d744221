/** Files of a small repository, by their paths. */
export type Fixture = Readonly<Record<string, string>>;

function deployment(name: string, image: string, more = ''): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
spec:
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec:
      containers:
        - name: app
          image: ${image}
${more}`;
}

function podWith(name = '', metadata: string): string {
  return `apiVersion: v1
kind: Pod
metadata: {name: ${name}, ${metadata}}
spec: {containers: [{name: app, image: "registry.example.com/${name}:1.0"}]}
`;
}

const sidecar = `        - name: sidecar
          image: "envoyproxy/envoy:v1.30.1"
`;

const digest = (digit: string): string => `sha256:${digit.repeat(64)}`;

/** A base, two overlays of it, and a component. */
const overlays: Fixture = {
  'base/kustomization.yaml': 'resources:\n  - web.yaml\n  - job.yaml\n',
  'base/web.yaml': deployment('web', 'registry.example.com/team/web:1.0', sidecar),
  'base/job.yaml': `apiVersion: batch/v1
kind: CronJob
metadata: {name: nightly}
spec:
  schedule: "0 0 * * *"
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Never
          initContainers:
            - {name: wait, image: 'busybox:1.36'}
          containers:
            - name: job
              image: registry.example.com/team/job@${digest('a')}
`,
  'debug/kustomization.yaml': `apiVersion: kustomize.config.k8s.io/v1alpha1
kind: Component
resources: [shell.yaml]
images:
  - name: busybox
    newName: mirror.example.com/library/busybox
`,
  'debug/shell.yaml': deployment('shell', 'busybox'),
  'staging/kustomization.yaml': `namespace: staging
namePrefix: staging-
resources:
  - ../base
components:
  - ../debug
images:
  - name: registry.example.com/team/web
    newTag: 2.0-rc1
  - name: registry.example.com/team/job
    digest: ${digest('b')}
`,
  'production/kustomization.yaml': `namespace: production
resources: [../base]
images:
  - name: registry.example.com/team/web
    newName: "harbor.example.com/team/web"
    newTag: '1.9'
  - {name: envoyproxy/envoy, newTag: v1.30.4, digest: "${digest('c')}"}
`,
};

/** Strategic merge patches and JSON patches, inline and in files. */
const patches: Fixture = {
  'base/kustomization.yml': 'resources: [web.yaml, api.yaml, old.yaml]\n',
  'base/web.yaml': deployment('web', 'nginx:1.25', sidecar),
  'base/api.yaml': deployment('api', 'registry.example.com/api:1.0'),
  'base/old.yaml': deployment('old', 'registry.example.com/old:1.0'),
  'overlay/Kustomization': `resources: [../base]
patchesStrategicMerge:
  - web.yaml
  - |-
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: old
    $patch: delete
patches:
  - path: operations.yaml
    target: {kind: Deployment, name: api}
  - patch: |
      apiVersion: apps/v1
      kind: Deployment
      metadata:
        name: api
      spec:
        template:
          spec:
            initContainers:
              - name: migrate
                image: registry.example.com/migrate:3.1
            nodeSelector: {zone: edge}
  - target: {kind: Deployment, name: we.*}
    patch: '[{"op": "replace", "path": "/spec/template/spec/containers/1/image", "value": "envoyproxy/envoy:v1.31.0"}]'
images:
  - name: nginx
    newName: mirror.example.com/library/nginx
`,
  'overlay/web.yaml': `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      containers:
        - name: app
          image: nginx:1.27
        - name: added
          image: registry.example.com/added:0.1
`,
  'overlay/operations.yaml': `- op: replace
  path: /spec/template/spec/containers/0/image
  value: registry.example.com/api:1.1
`,
};

/** What only kustomize itself can carry out. */
const copied: Fixture = {
  'kustomization.yaml': `resources: [web.yaml, versions.yaml]
configMapGenerator:
  - name: generated
    literals:
      - IMAGE=registry.example.com/team/api:4.2
replacements:
  - source: {kind: ConfigMap, name: versions, fieldPath: data.web}
    targets:
      - select: {kind: Deployment, name: web}
        fieldPaths:
          - spec.template.spec.containers.[name=app].image
        options: {delimiter: ":", index: 1}
  - source: {kind: ConfigMap, name: generated, fieldPath: data.IMAGE}
    targets:
      - select: {kind: Deployment, name: web}
        fieldPaths:
          - spec.template.spec.containers.[name=sidecar].image
  - path: replacement.yaml
`,
  'replacement.yaml': `source: {kind: ConfigMap, name: versions, fieldPath: data.tools}
targets:
  - select: {kind: Deployment, name: web}
    fieldPaths: [spec.template.spec.initContainers.0.image]
`,
  'web.yaml': deployment(
    'web',
    'registry.example.com/team/web:none',
    `${sidecar}      initContainers: [{name: tools, image: tools}]\n`,
  ),
  'versions.yaml': `apiVersion: v1
kind: ConfigMap
metadata:
  name: versions
data:
  web: "1.7.3"
  tools: registry.example.com/tools@${digest('d')}
`,
};

/** Variables, which are older than replacements. */
const variables: Fixture = {
  'kustomization.yaml': `resources: [web.yaml, names.yaml]
vars:
  - name: WEB_IMAGE
    objref: {apiVersion: v1, kind: ConfigMap, name: names}
    fieldref: {fieldpath: data.image}
configurations: [references.yaml]
`,
  'references.yaml': `varReference:
  - path: spec/template/spec/containers/image
    kind: Deployment
`,
  'web.yaml': deployment('web', '$(WEB_IMAGE)'),
  'names.yaml': `apiVersion: v1
kind: ConfigMap
metadata: {name: names}
data:
  image: registry.example.com/team/web:5.5
`,
};

/** Transformers with a configuration of their own. */
const transformers: Fixture = {
  'kustomization.yaml': `resources: [web.yaml]
transformers:
  - tag.yaml
  - |
    apiVersion: builtin
    kind: ImageTagTransformer
    metadata: {name: inline}
    imageTag:
      name: envoyproxy/envoy
      newName: mirror.example.com/envoy
    fieldSpecs: []
`,
  'tag.yaml': `apiVersion: builtin
kind: ImageTagTransformer
metadata: {name: tags}
imageTag:
  name: registry.example.com/web
  newTag: v9
fieldSpecs: []
`,
  'web.yaml': deployment('web', 'registry.example.com/web:v1', sidecar),
};

/** Rules after rules, suffixes, expressions as names, JSON, lists, a file beside the folder. */
const chains: Fixture = {
  'one/kustomization.yaml': `resources: [web.json, list.yaml, ../shared/extra.yaml]
images:
  - name: app
    newName: registry.example.com/first/app
  - name: redis
    tagSuffix: -alpine
`,
  'one/web.json': JSON.stringify({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'web' },
    spec: { containers: [{ name: 'app', image: 'app:1' }] },
  }),
  'one/list.yaml': `apiVersion: v1
kind: List
items:
  - apiVersion: v1
    kind: Pod
    metadata: {name: cache}
    spec:
      containers:
        - name: cache
          image: redis:7
  - apiVersion: batch/v1
    kind: CronJob
    metadata: {name: backup}
    spec: {schedule: "", jobTemplate: {spec: {template: {spec: {containers: [{name: backup, image: "redis:6"}]}}}}}
`,
  'shared/extra.yaml': deployment('extra', 'quay.io/prometheus/node-exporter:v1.8.1'),
  'two/kustomization.yaml': `resources:
- ../one
images:
- name: registry.example.com/first/app
  newName: registry.example.com/second/app
- name: quay.io/(prometheus|other)/node-exporter
  newTag: v1.8.2
`,
};

/** Objects for tools on the machine of a user, which kustomize leaves out, and one that a patch makes an object of the cluster. */
const local: Fixture = {
  'base/kustomization.yaml': 'resources: [tools.yaml, web.yaml]\n',
  'base/tools.yaml': [
    ['tool', '"true"'],
    ['empty', '""'],
    ['shipped', '"false"'],
  ]
    .map(([name, value]) => podWith(name, `annotations: {config.kubernetes.io/local-config: ${value}}`))
    .join('---\n'),
  'base/web.yaml': deployment('web', 'registry.example.com/web:1.0'),
  'overlay/kustomization.yaml': `resources: [../base]
images:
  - name: registry.example.com/tool
    newTag: "2.0"
  - name: registry.example.com/shipped
    newTag: "2.0"
`,
};

const freed: Fixture = {
  ...local,
  'overlay/kustomization.yaml': `resources: [../base]
patches:
  - patch: |
      apiVersion: v1
      kind: Pod
      metadata:
        name: tool
        annotations: {config.kubernetes.io/local-config: null}
  - target: {name: empty}
    patch: |
      - {op: replace, path: /metadata/annotations, value: {config.kubernetes.io/local-config: "false"}}
`,
};

/** Fields that only the kustomization knows to be images. */
const declared: Fixture = {
  'kustomization.yaml': `resources: [engine.yaml]
configurations: [fields.yaml]
images:
  - name: registry.example.com/engine
    newName: mirror.example.com/engine
  - name: registry.example.com/plugin
    newTag: v3
`,
  'fields.yaml': `images:
  - path: spec/runtime/source
    kind: Engine
  - path: spec/plugins[]/source
`,
  'engine.yaml': `apiVersion: example.com/v1
kind: Engine
metadata: {name: main}
spec:
  runtime: {source: "registry.example.com/engine:v1"}
  plugins:
    - source: registry.example.com/plugin:v2
    - source: registry.example.com/other
`,
};

export const fixtures: Readonly<Record<string, Fixture>> = {
  overlays,
  patches,
  copied,
  variables,
  transformers,
  chains,
  declared,
  local,
  freed,
};

/** Those of which everything can be told without kustomize. */
export const plainFixtures: Readonly<Record<string, Fixture>> = {
  overlays,
  patches,
  chains,
  declared,
  local,
  freed,
};

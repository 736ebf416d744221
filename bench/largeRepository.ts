import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** How much was written. */
export interface RepositorySize {
  readonly files: number;
  readonly resources: number;
  readonly bytes: number;
}

type Template = (name: string, team: string, index: number) => string;

function metadata(name: string, team: string): string {
  return `metadata:
  name: ${name}
  namespace: ${team}
  labels:
    app.kubernetes.io/name: ${name}
    app.kubernetes.io/part-of: ${team}
    app.kubernetes.io/managed-by: kustomize
`;
}

function podSpec(name: string, team: string, index: number, indent: string): string {
  const sidecar =
    index % 4 === 0
      ? `
  - name: proxy
    image: quay.io/proxies/envoy:v1.${index % 30}.2
    args: ["--config-path", "/etc/envoy/envoy.yaml", '--log-level=warning']
    volumeMounts:
    - {name: config, mountPath: /etc/envoy, readOnly: true}`
      : '';
  return `serviceAccountName: ${name}
securityContext: {runAsNonRoot: true, fsGroup: 2000}
initContainers:
  - name: migrate
    image: registry.example.com/${team}/${name}-migrate:1.${index % 7}.0
    command: ["/bin/migrate", "up"]
containers:${sidecar}
  - name: app
    image: "registry.example.com/${team}/${name}:1.${index % 7}.0" # updated by a bot
    imagePullPolicy: IfNotPresent
    args:
      - --listen=:8080
      - --metrics=:9090
    env:
      - name: LOG_LEVEL
        value: "info"
      - name: DATABASE_URL
        valueFrom:
          secretKeyRef:
            name: ${name}-database
            key: url
    ports:
      - name: http
        containerPort: 8080
    readinessProbe:
      httpGet: {path: /ready, port: http}
      initialDelaySeconds: 5
    resources:
      requests:
        cpu: 50m
        memory: 64Mi
      limits:
        memory: 256Mi
volumes:
  - name: config
    configMap:
      name: ${name}-config`
    .split('\n')
    .map((line) => indent + line)
    .join('\n');
}

const deployment: Template = (name, team, index) => `apiVersion: apps/v1
kind: Deployment
${metadata(name, team)}spec:
  replicas: ${(index % 3) + 1}
  selector:
    matchLabels:
      app.kubernetes.io/name: ${name}
  template:
    metadata:
      labels:
        app.kubernetes.io/name: ${name}
      annotations:
        prometheus.io/scrape: "true"
    spec:
${podSpec(name, team, index, '      ')}
`;

const cronJob: Template = (name, team, index) => `apiVersion: batch/v1
kind: CronJob
${metadata(name, team)}spec:
  schedule: "*/${(index % 50) + 5} * * * *"
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Never
${podSpec(name, team, index, '          ')}
`;

const service: Template = (name, team) => `apiVersion: v1
kind: Service
${metadata(name, team)}spec:
  type: ClusterIP
  selector:
    app.kubernetes.io/name: ${name}
  ports:
    - name: http
      port: 80
      targetPort: http
`;

const configMap: Template = (name, team, index) => `# Generated: do not edit.
apiVersion: v1
kind: ConfigMap
${metadata(`${name}-config`, team)}data:
  envoy.yaml: |
${Array.from({ length: 20 + (index % 60) }, (_, line) => `    setting_${line}: {enabled: true, weight: ${line}} # note ${line}`).join('\n')}
  app.properties: |-
    log.level=info
    cache.size=${index}
`;

const serviceAccount: Template = (name, team) => `apiVersion: v1
kind: ServiceAccount
${metadata(name, team)}`;

const ingress: Template = (name, team) => `apiVersion: networking.k8s.io/v1
kind: Ingress
${metadata(name, team)}spec:
  ingressClassName: nginx
  rules:
    - host: ${name}.example.com
      http:
        paths:
          - path: /
            pathType: Prefix
            backend:
              service:
                name: ${name}
                port: {name: http}
`;

const serviceMonitor: Template = (name, team) => `apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
${metadata(name, team)}spec:
  selector:
    matchLabels:
      app.kubernetes.io/name: ${name}
  endpoints:
    - port: metrics
      interval: 30s
      relabelings:
        - sourceLabels: [__meta_kubernetes_pod_node_name]
          targetLabel: node
`;

const role: Template = (name, team) => `apiVersion: rbac.authorization.k8s.io/v1
kind: Role
${metadata(name, team)}rules:
  - apiGroups: ["", "apps"]
    resources: ["configmaps", "deployments"]
    verbs: ["get", "list", "watch"]
`;

const helmRelease: Template = (name, team, index) => `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
${metadata(name, team)}spec:
  interval: 10m
  chart:
    spec:
      chart: ${name}
      version: "1.${index % 20}.x"
      sourceRef:
        kind: HelmRepository
        name: internal
  values:
    replicaCount: 2
    image:
      repository: registry.example.com/${team}/${name}
      tag: 2.${index % 9}.1
    resources: {}
`;

/** How often each kind of resource comes, of 20. */
const mix: readonly Template[] = [
  ...Array.from({ length: 5 }, () => deployment),
  cronJob,
  ...Array.from({ length: 4 }, () => service),
  ...Array.from({ length: 4 }, () => configMap),
  serviceAccount,
  serviceAccount,
  ingress,
  serviceMonitor,
  role,
  helmRelease,
];

/**
 * Writes a repository as large companies have them: resources of mixed kinds and sizes, most of them in a file of their own, the
 * others in files of several. The same arguments give the same bytes.
 */
export function writeLargeRepository(root: string, files: number, resources: number): RepositorySize {
  const extra = resources - files;
  let next = 0;
  let bytes = 0;
  for (let file = 0; file < files; file++) {
    const team = `team-${Math.floor(file / 100)}`;
    const folder = join(root, 'clusters', team);
    if (file % 100 === 0) mkdirSync(folder, { recursive: true });
    const shared = Math.floor(((file + 1) * extra) / files) - Math.floor((file * extra) / files);
    const documents = Array.from({ length: 1 + shared }, () => {
      const index = next++;
      return mix[(index * 7) % mix.length]?.(`app-${index}`, team, index) ?? '';
    });
    const text = documents.join('---\n');
    bytes += text.length;
    writeFileSync(join(folder, `app-${file}.yaml`), text);
  }
  const registries = 'mirrors:\n  registry.example.com:\n    endpoint: ["http://10.10.1.106:5000"]\n';
  writeFileSync(join(root, 'registries.yaml'), registries);
  return { files, resources: next, bytes };
}

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { describeUses, usesIn } from '../../support/uses.ts';

/** Texts that other tools take for images, in manifests as people write them. */
const silent: Readonly<Record<string, string>> = {
  'names of RBAC': `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: "images:view"}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: "system:image-puller"}
subjects: [{kind: Group, name: "system:serviceaccounts:team"}]
`,
  'addresses, URLs, times and checksums in containers': `apiVersion: v1
kind: Pod
spec:
  containers:
    - name: a
      args: ["--listen=0.0.0.0:8443", "--peer", "node-1.example.com:2380", "--at=12:30", "system:auth-delegator"]
      env:
        - {name: URL, value: "https://quay.io/a/b"}
        - {name: ADDRESS, value: "redis:6379"}
        - {name: SUM, value: "sha256:${'0'.repeat(64)}"}
        - {name: DATABASE, value: "postgres://user:pass@db.example.com/x"}
`,
  'style sheets and data in a ConfigMap': `apiVersion: v1
kind: ConfigMap
data:
  style.css: |
    body { background-image: url(images/a.png); border-image:none }
    a:hover { color:red }
  dashboard.json: |
    {"panels": [{"expr": "sum(rate(x{image!=\\"\\",pod=~\\"a:b\\"}[5m]))", "imageUrl": "https://example.com/a.png"}]}
  nginx.conf: |
    location ~ \\.(jpg|png)$ { proxy_pass http://images.example.com:8080; }
  rules.yaml: |
    groups: [{rules: [{record: "node:image_size:sum", expr: "a:b:c"}]}]
  mirrors.yaml: |
    registry: quay.io
    image: {width: 10, path: a/b.png}
`,
  'the schema of a custom resource': `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
spec:
  versions:
    - schema:
        openAPIV3Schema:
          properties:
            image: {type: string, default: "quay.io/a/b:1", description: "such as quay.io/a/b:1"}
`,
  'names of network policies': `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: image, labels: {app.kubernetes.io/version: "1.2"}}
spec: {podSelector: {matchLabels: {image: "a:1"}}}
`,
  'a version of Grafana': `apiVersion: grafana.integreatly.org/v1beta1
kind: Grafana
spec: {version: 12.2.0}
`,
  'patterns of policies': `apiVersion: kyverno.io/v1
kind: ClusterPolicy
spec:
  rules:
    - verifyImages: [{imageReferences: ["ghcr.io/a/*", "quay.io/a/b:1"]}]
---
apiVersion: policy.sigstore.dev/v1beta1
kind: ClusterImagePolicy
spec: {images: [{glob: "quay.io/a/b:1"}]}
`,
  'the status of an object': `apiVersion: example.com/v1
kind: Thing
status: {image: "docker-pullable://quay.io/a/b@sha256:${'0'.repeat(64)}", imageID: "quay.io/a/b:1"}
`,
  'pictures and disks': `apiVersion: example.com/v1
kind: Thing
spec: {image: assets/logo.png, logoImage: example.com/logo.svg, imageURL: "https://example.com/a:1", diskImage: ubuntu-24.04.qcow2}
`,
  'volumes of other systems': `apiVersion: example.com/v1
kind: Thing
spec: {volumes: [{rbd: {image: foo, monitors: ["10.16.154.78:6789"]}}, {quobyte: {registry: "registry:7861"}}]}
`,
};

describe('what looks like an image and is none', () => {
  for (const [what, source] of Object.entries(silent)) {
    it(`is passed over: ${what}`, () => {
      const judged = usesIn(source).filter(({ confidence }) => confidence !== 'possible');
      assert.deepEqual(judged, []);
    });
  }

  it('is what a tool or template fills in: nobody pulls it as it stands', () => {
    const pod = (image: string): readonly string[] =>
      describeUses(`apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - name: a\n      image: ${image}\n`);
    for (const image of ['auto', 'controller:latest', 'ko://example.com/cmd/app']) {
      assert.deepEqual(pod(image), [`6:14 ${image} (certain, container, unresolved, pulled by nobody)`]);
    }
    assert.deepEqual(pod('"${IMAGE}:${TAG}"'), ['6:15 ${IMAGE}:${TAG} (certain, container, unresolved)']);
  });

  it('may be a custom resource with everything hostile in it', () => {
    const value = `"\\u202e${'a/'.repeat(3000)}:1"`;
    const source = `apiVersion: example.com/v1\nkind: Thing\nspec:\n  image: ${value}\n  ? [a]\n  : b\n`;
    assert.deepEqual(usesIn(source), []);
    const deep = `apiVersion: example.com/v1\nkind: Thing\nspec: ${'{a: '.repeat(150)}{image: "quay.io/a/b:1"}${'}'.repeat(150)}\n`;
    assert.equal(usesIn(deep).length, 1);
    const nested = `apiVersion: v1\nkind: ConfigMap\ndata:\n  image: |\n    ${'['.repeat(5000)}\n    image: quay.io/a/b:1\n`;
    assert.ok(usesIn(nested).length <= 1);
  });
});

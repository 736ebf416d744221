import type { Finding } from '../../src/check/finding.ts';
import type { Report } from '../../src/report/report.ts';

/** A finding in which only what a test is about has to be said. */
export function exampleFinding(
  parts: Partial<Finding> & { readonly line?: number; readonly file?: string } = {},
): Finding {
  const { line = 1, file = 'registries.yaml', ...finding } = parts;
  return {
    check: 'endpoint-scheme',
    severity: 'error',
    message: 'The endpoint has no scheme.',
    location: { file, start: { line, column: 3 }, end: { line, column: 20 } },
    ...finding,
  };
}

/** A report of a repository with two images and two differing nodes, one of which lacks the mirror. */
export function exampleReport(parts: Partial<Report> = {}): Report {
  const image = '10.10.1.106:5000/shop/cart:1.4';
  return {
    tool: { name: 'mirrorproof', version: '0.0.0' },
    registriesFile: 'registries.yaml',
    otherRegistriesFiles: [],
    nodes: [
      { name: 'k2s', runtime: 'containerd://1.6.20', architecture: 'amd64', assumedVersion: false },
      { name: 'k8s2', runtime: 'containerd://2.1.4', assumedVersion: true },
    ],
    images: [
      {
        text: image,
        location: {
          file: 'deploy/cart.yaml',
          start: { line: 17, column: 18 },
          end: { line: 17, column: 48 },
        },
        status: 'resolved',
        reference: { domain: '10.10.1.106:5000', path: 'shop/cart', tag: '1.4' },
        confidence: 'certain',
        from: 'container',
        pulledBy: ['node'],
        field: 'spec.template.spec.containers[0].image',
        workload: {
          kind: 'Deployment',
          name: 'cart',
          namespace: 'shop',
          location: { file: 'deploy/cart.yaml', start: { line: 1, column: 1 }, end: { line: 20, column: 1 } },
          placement: { nodeSelector: {}, nodeAffinity: [], tolerations: [], isDaemonSet: false },
          imagePullSecrets: [],
        },
      },
    ],
    findings: [
      exampleFinding({
        check: 'mirror-missing-on-node',
        message:
          'Node `k8s2` has no mirror for `10.10.1.106:5000`, so containerd asks https://10.10.1.106:5000.',
        file: 'deploy/cart.yaml',
        line: 17,
        nodes: ['k8s2'],
        image,
        related: [
          {
            message: 'The mirror is set here for node `k2s`.',
            location: { file: 'registries.yaml', start: { line: 3, column: 5 }, end: { line: 3, column: 9 } },
          },
        ],
        fix: {
          message: 'Move the mirror to the top level of the file.',
          edit: {
            location: { file: 'registries.yaml', start: { line: 3, column: 1 }, end: { line: 4, column: 1 } },
            replacement: 'mirrors:\n',
          },
        },
      }),
      exampleFinding({
        check: 'mutable-tag',
        severity: 'notice',
        message: 'The tag `1.4` can move.',
        line: 9,
      }),
    ],
    ignored: 1,
    matrix: {
      columns: [
        { name: 'k2s', nodes: ['k2s'] },
        { name: 'k8s2', nodes: ['k8s2'] },
      ],
      rows: [
        {
          image,
          uses: 1,
          cells: [
            { outcome: 'mirror', attempts: ['http://10.10.1.106:5000'] },
            { outcome: 'upstream', attempts: ['https://10.10.1.106:5000'] },
          ],
        },
        {
          image: 'nginx',
          uses: 3,
          cells: [
            { outcome: 'not-scheduled', attempts: [] },
            { outcome: 'upstream', attempts: ['https://registry-1.docker.io'] },
          ],
        },
      ],
    },
    rendered: new Map([
      ['nodes/k2s/etc/containerd/certs.d/10.10.1.106:5000/hosts.toml', '[host."http://10.10.1.106:5000"]\n'],
      ['nodes/k2s/apply.sh', '#!/bin/sh\nexit 0\n'],
    ]),
    statistics: { files: 3, references: 2, nodeConfigurations: 2, pairs: 4 },
    ...parts,
  };
}

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { stringify } from 'yaml';
import { explainReport, type ExplainedReport } from '../../src/diagnose/explainReport.ts';
import { formatJson } from '../../src/diagnose/json.ts';
import { formatText } from '../../src/diagnose/text.ts';
import { readFolder } from '../../src/files/folder.ts';
import { analyse } from '../../src/pipeline/run.ts';

const golden = join(import.meta.dirname, '../golden/diagnose');

const image = '10.10.1.106:5000/apiserver:1.4.2';
const refused = `failed to pull and unpack image "${image}": failed to resolve reference "${image}": failed to do request: Head "https://10.10.1.106:5000/v2/apiserver/manifests/1.4.2": http: server gave HTTP response to HTTPS client`;
const failed = `Failed to pull image "${image}": rpc error: code = Unknown desc = ${refused}`;

const described = `Name:             apiserver-7d9f8
Namespace:        default
Node:             worker-2/10.10.1.12
Containers:
  apiserver:
    Image:          ${image}
    State:          Waiting
      Reason:       ImagePullBackOff
Events:
  Type     Reason     Age                From               Message
  ----     ------     ----               ----               -------
  Normal   Scheduled  5m10s              default-scheduler  Successfully assigned default/apiserver-7d9f8 to worker-2
  Normal   Pulling    3m (x4 over 5m)    kubelet            Pulling image "${image}"
  Warning  Failed     3m (x4 over 5m)    kubelet            ${failed}
  Warning  Failed     3m (x4 over 5m)    kubelet            Error: ErrImagePull
  Normal   BackOff    10s (x12 over 5m)  kubelet            Back-off pulling image "${image}"
  Warning  Failed     10s (x12 over 5m)  kubelet            Error: ImagePullBackOff
  Warning  Unhealthy  10s (x12 over 5m)  kubelet            Liveness probe failed: dial tcp 10.2.3.4:80: connect: connection refused
`;

const listed = `LAST SEEN   TYPE      REASON    OBJECT                MESSAGE
3m          Normal    Pulling   pod/apiserver-7d9f8   Pulling image "${image}"
3m          Warning   Failed    pod/apiserver-7d9f8   ${failed}
3m          Warning   Failed    pod/apiserver-7d9f8   Error: ErrImagePull
10s         Normal    BackOff   pod/apiserver-7d9f8   Back-off pulling image "${image}"
`;

const journal = `Nov 21 10:00:00 worker-2 containerd[55]: time="2026-11-21T10:00:00Z" level=info msg="PullImage \\"${image}\\""
Nov 21 10:00:01 worker-2 containerd[55]: time="2026-11-21T10:00:01Z" level=error msg="PullImage \\"${image}\\" failed" error="${refused.replaceAll('"', '\\"')}"
Nov 21 10:00:01 worker-2 kubelet[66]: E1121 10:00:01.000000 66 pod_workers.go:1298] "Error syncing pod, skipping" err="failed to \\"StartContainer\\" for \\"apiserver\\" with ErrImagePull: \\"${refused.replaceAll('"', '\\\\\\"')}\\"" pod="default/apiserver-7d9f8" podUID="1"
Nov 21 10:00:09 worker-2 kubelet[66]: E1121 10:00:09.000000 66 pod_workers.go:1298] "Error syncing pod, skipping" err="failed to \\"StartContainer\\" for \\"apiserver\\" with ImagePullBackOff: \\"Back-off pulling image \\\\\\"${image}\\\\\\"\\"" pod="default/apiserver-7d9f8" podUID="1"
Nov 21 10:00:09 worker-2 kubelet[66]: I1121 10:00:09.000000 66 prober.go:107] "Probe failed" err="dial tcp 10.2.3.4:80: connect: connection refused"
`;

const crictl = `E1121 10:00:00.000000   77 remote_image.go:180] "PullImage from image service failed" err="rpc error: code = Unknown desc = ${refused.replaceAll('"', '\\"')}" image="${image}"
\u001b[31mFATA\u001b[0m[0000] pulling image: rpc error: code = Unknown desc = ${refused}
`;

const events = {
  apiVersion: 'v1',
  kind: 'List',
  items: [
    {
      apiVersion: 'v1',
      kind: 'Event',
      count: 4,
      involvedObject: { kind: 'Pod', name: 'apiserver-7d9f8', namespace: 'default' },
      message: failed,
      reason: 'Failed',
      source: { component: 'kubelet', host: 'worker-2' },
      type: 'Warning',
    },
    {
      apiVersion: 'v1',
      kind: 'Event',
      message: 'Error: ErrImagePull',
      involvedObject: { name: 'apiserver-7d9f8', namespace: 'default' },
    },
    {
      apiVersion: 'v1',
      kind: 'Event',
      message: 'Liveness probe failed: connection refused',
      involvedObject: { name: 'x' },
    },
  ],
};

const podObject = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'apiserver-7d9f8', namespace: 'default' },
  spec: { nodeName: 'worker-2' },
  status: {
    containerStatuses: [
      { image, name: 'apiserver', state: { waiting: { reason: 'ErrImagePull', message: refused } } },
      { image: 'nginx', name: 'web', state: { running: {} } },
    ],
  },
};

const jsonLines = `${JSON.stringify({ MESSAGE: `level=error msg="PullImage failed" error="${refused}"`, _HOSTNAME: 'worker-2' })}\n${JSON.stringify({ MESSAGE: 'started' })}\n`;

const folder = join(import.meta.dirname, '../../examples/endpoint-without-scheme/broken');
const analysis = analyse(readFolder(folder, { manifests: [] }), { substitutions: new Map() });

function summary({ errors }: ExplainedReport): readonly string[] {
  return errors.map(
    ({ cause, location, count, nodes, pods }) =>
      `${cause} ${location?.file}:${location?.start.line} ${count} [${nodes.join()}] [${pods.join()}]`,
  );
}

suite('a report with one pull error', () => {
  const at = 'http-to-https-client nodes/worker-2/config.toml:4';
  const reports: readonly (readonly [string, string, string])[] = [
    ['kubectl describe pod', described, `${at} 4 [worker-2] [apiserver-7d9f8]`],
    [
      'kubectl describe pod with CRLF',
      described.replaceAll('\n', '\r\n'),
      `${at} 4 [worker-2] [apiserver-7d9f8]`,
    ],
    ['the journal', journal, `${at} 2 [worker-2] [default/apiserver-7d9f8]`],
    ['events in JSON', JSON.stringify(events), `${at} 4 [worker-2] [default/apiserver-7d9f8]`],
    ['events in YAML', stringify(events, { lineWidth: 60 }), `${at} 4 [worker-2] [default/apiserver-7d9f8]`],
    ['one event in YAML', stringify(events.items[0]), `${at} 4 [worker-2] [default/apiserver-7d9f8]`],
    ['a Pod in YAML', stringify(podObject), `${at} 1 [worker-2] [default/apiserver-7d9f8]`],
  ];
  for (const [name, report, expected] of reports) {
    test(`is explained once: ${name}`, () =>
      assert.deepEqual(summary(explainReport(report, analysis)), [expected]));
  }

  const nodeless: readonly (readonly [string, string, number])[] = [
    ['kubectl get events', listed, 1],
    ['crictl', crictl, 2],
    ['a journal in JSON', jsonLines, 1],
    ['the bare error', 'http: server gave HTTP response to HTTPS client', 1],
  ];
  for (const [name, report, count] of nodeless) {
    test(`is explained once: ${name}`, () => {
      const { errors } = explainReport(report, analysis, 'worker-2');
      assert.deepEqual(
        errors.map((error) => [error.cause, error.count, error.nodes]),
        [['http-to-https-client', count, ['worker-2']]],
      );
    });
  }
});

suite('a report', () => {
  test('without a pull error has none', () => {
    for (const report of [
      '',
      '\n',
      '{}',
      '[]',
      'null',
      'all is well',
      'Pulling image "nginx"\n',
      '{"kind":"Event"}',
      'kind: Pod\n',
    ]) {
      assert.deepEqual(explainReport(report), { errors: [], leftOut: 0 }, report);
    }
  });

  test('names the error that nobody knows, and keeps its text', () => {
    const { errors } = explainReport('Failed to pull image "a.io/b:1": all wrong');
    assert.deepEqual(
      errors.map(({ cause, image, text }) => [cause, image, text]),
      [['unknown', 'a.io/b:1', 'Failed to pull image "a.io/b:1": all wrong']],
    );
  });

  test('with nothing but waiting says so, once for each image', () => {
    const report =
      'Back-off pulling image "a.io/b:1"\nError: ImagePullBackOff\nBack-off pulling image "a.io/b:1"\n';
    const { errors } = explainReport(report);
    assert.deepEqual(
      errors.map(({ cause, image, count }) => [cause, image, count]),
      [['back-off', 'a.io/b:1', 2]],
    );
  });

  test('keeps what a registry says on the next line with its error', () => {
    const report = `Failed to pull image "a.io/b:1": unexpected status from GET request to https://a.io/v2/b/manifests/1: 403 Forbidden\ndenied: IP not allowed\n`;
    const { errors } = explainReport(report);
    assert.deepEqual(
      errors.map(({ cause }) => cause),
      ['forbidden'],
    );
    assert.match(errors[0]?.text ?? '', /IP not allowed$/);
  });

  test('tells different images, URLs and nodes apart', () => {
    const report = ['a', 'b'].map((name) => `Failed to pull image "${name}.io/x:1": EOF at: EOF`).join('\n');
    assert.equal(explainReport(report).errors.length, 2);
  });

  test('leaves alone what is not about pulls', () => {
    const report = [
      'kubelet[6]: "ContainerStatus from runtime service failed" err="rpc error: code = NotFound desc = an error occurred when try to find container \\"a\\": not found"',
      'kubelet[6]: "Probe failed" err="Get \\"https://10.0.0.1:8443/\\": x509: certificate signed by unknown authority"',
      failed,
    ].join('\n');
    assert.deepEqual(
      explainReport(report).errors.map(({ cause }) => cause),
      ['http-to-https-client'],
    );
  });

  test('finds the settings that containerd remarks on, among other lines', () => {
    const report =
      'time="x" level=info msg="loading plugin"\ntime="x" level=error msg="failed to decode hosts.toml" error="invalid `host` tree"\n';
    assert.deepEqual(
      explainReport(report).errors.map(({ cause }) => cause),
      ['hosts-file-dropped'],
    );
  });

  test('explains so many errors, and says how many are left out', () => {
    const report = Array.from(
      { length: 250 },
      (_, index) => `Failed to pull image "a.io/x${index}:1": EOF`,
    ).join('\n');
    const { errors, leftOut } = explainReport(report);
    assert.equal(errors.length + leftOut, 250);
    assert.equal(leftOut, 50);
  });
});

suite('explained errors', () => {
  const report = explainReport(
    `${described}\nFailed to pull image "a.io/b:1": all wrong\nlevel=info msg="host will try HTTPS first since it is configured for HTTP with a TLS configuration"\n`,
    analysis,
  );
  const printed: Readonly<Record<string, string>> = {
    'report.txt': formatText(report, analysis.files, (_style, text) => text),
    'report.json': formatJson(report),
  };
  for (const [name, text] of Object.entries(printed)) {
    test(`are printed as in ${name}`, () => {
      const file = join(golden, name);
      if (process.env['UPDATE_EXPECTED']) writeFileSync(file, text);
      assert.equal(text, readFileSync(file, 'utf8'));
    });
  }

  test('are none, in one sentence', () => {
    const text = formatText({ errors: [], leftOut: 0 }, analysis.files, (_style, words) => words);
    assert.equal(text, 'No pull error was found in the input.\n');
  });
});

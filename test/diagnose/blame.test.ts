import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { diagnose, type Diagnosis } from '../../src/diagnose/diagnose.ts';
import { filesInMemory } from '../../src/files/repositoryFiles.ts';
import { analyse, type Analysis } from '../../src/pipeline/run.ts';
import { parseReference } from '../../src/reference/parseReference.ts';

function repository(files: Readonly<Record<string, string>>): Analysis {
  return analyse(filesInMemory(files), { substitutions: new Map() });
}

function pod(image: string, extra = ''): string {
  return `apiVersion: v1\nkind: Pod\nmetadata: {name: app, namespace: shop}\nspec:\n${extra}  containers:\n    - name: app\n      image: ${image}\n`;
}

function failed(image: string, reason: string): string {
  return `failed to pull and unpack image "${image}": failed to resolve reference "${image}": ${reason}`;
}

function placeOf({ location }: Diagnosis): string | undefined {
  return location && `${location.file}:${location.start.line}:${location.start.column}`;
}

const mirrored = {
  'registries.yaml': [
    'mirrors:',
    '  docker.io:',
    '    endpoint:',
    '      - "https://one.example.net"',
    '      - "https://two.example.net:5000"',
    'configs:',
    '  "one.example.net":',
    '    auth: {username: robot, password: "${PASSWORD}"}',
    '    tls: {ca_file: /etc/ssl/one.crt}',
    'nodes: [{name: a, runtime: "containerd://1.7.24"}, {name: b, runtime: "containerd://1.7.24", mirrors: {docker.io: {endpoint: ["http://b.example.net:80"]}}}]',
    '',
  ].join('\n'),
  'app.yaml': pod('nginx:1.27'),
};

suite('the line that is to blame, where no check says more', () => {
  const analysis = repository(mirrored);
  const image = 'docker.io/library/nginx:1.27';

  test('is the endpoint that the text names, with a fix of its scheme', () => {
    const text = failed(
      image,
      'failed to do request: Head "https://two.example.net:5000/v2/library/nginx/manifests/1.27?ns=docker.io": http: server gave HTTP response to HTTPS client',
    );
    const diagnosis = diagnose(text, analysis);
    assert.equal(placeOf(diagnosis), 'registries.yaml:5:9');
    assert.equal(diagnosis.url, 'https://two.example.net:5000/v2/library/nginx/manifests/1.27');
    assert.equal(diagnosis.image, image);
    assert.equal(diagnosis.fix?.message, 'write `http://two.example.net:5000`');
    assert.equal(diagnosis.fix?.edit?.replacement, '"http://two.example.net:5000"');
    assert.deepEqual(
      diagnosis.related?.map(({ location }) => location.file),
      ['app.yaml'],
    );
  });

  test('is the endpoint whose host the text names', () => {
    const old = failed(
      image,
      'pulling from host two.example.net:5000 failed with status code [manifests 1.27]: 502 Bad Gateway',
    );
    assert.equal(placeOf(diagnose(old, analysis)), 'registries.yaml:5:9');
    const lookup = failed(image, 'dial tcp: lookup one.example.net on 10.0.0.2:53: no such host');
    assert.equal(placeOf(diagnose(lookup, analysis)), 'registries.yaml:4:9');
  });

  test('is that of the node, where the text or the caller names the node', () => {
    const text = failed(
      image,
      'failed to do request: Head "http://b.example.net:80/v2/library/nginx/manifests/1.27?ns=docker.io": EOF',
    );
    assert.equal(diagnose(text, analysis).location?.start.line, 10);
    const vague = failed(image, `${image}: not found`);
    assert.deepEqual(
      diagnose(vague, analysis, { node: 'b' }).related?.map(({ location }) => location.start.line),
      [10],
    );
    assert.deepEqual(
      diagnose(vague, analysis, { node: 'a' }).related?.map(({ location }) => location.start.line),
      [4, 5],
    );
  });

  test('is found for a node that the repository does not know, too', () => {
    const text = failed(image, 'dial tcp: lookup one.example.net on 10.0.0.2:53: no such host');
    assert.equal(placeOf(diagnose(text, analysis, { node: 'ip-10-0-0-1' })), 'registries.yaml:4:9');
  });

  test('is the login or the CA of the host that was asked', () => {
    const url = 'https://one.example.net/v2/library/nginx/manifests/1.27?ns=docker.io';
    const unauthorized = failed(image, `unexpected status from HEAD request to ${url}: 401 Unauthorized`);
    assert.equal(placeOf(diagnose(unauthorized, analysis)), 'registries.yaml:8:22');
    const untrusted = failed(
      image,
      `failed to do request: Head "${url}": x509: certificate signed by unknown authority`,
    );
    assert.equal(placeOf(diagnose(untrusted, analysis)), 'registries.yaml:9:20');
  });

  test('is the first mirror, where the registry itself failed after all of them', () => {
    const text = failed(
      image,
      'failed to do request: Head "https://registry-1.docker.io/v2/library/nginx/manifests/1.27": dial tcp 1.2.3.4:443: i/o timeout',
    );
    const diagnosis = diagnose(text, analysis, { node: 'a' });
    assert.equal(placeOf(diagnosis), 'registries.yaml:4:9');
    assert.match(diagnosis.reason ?? '', /one\.example\.net is asked before it/);
  });

  test('is the image, where the image is at fault', () => {
    const diagnosis = diagnose(failed(image, 'no match for platform in manifest: not found'), analysis);
    assert.equal(placeOf(diagnosis), 'app.yaml:7:14');
  });

  test('is the pull secret of the workload rather than the login of the node', () => {
    const files = { ...mirrored, 'app.yaml': pod('nginx:1.27', '  imagePullSecrets: [{name: hub}]\n') };
    const url = 'https://one.example.net/v2/library/nginx/manifests/1.27';
    const text = failed(image, `unexpected status from HEAD request to ${url}: 401 Unauthorized`);
    assert.equal(diagnose(text, repository(files)).location?.file, 'app.yaml');
  });

  test('is no lack of a mirror, where the registry itself has answered', () => {
    const own = repository({ 'app.yaml': pod('reg.lan:5000/app:1') });
    const url = 'https://reg.lan:5000/v2/app/manifests/1';
    const answered = diagnose(
      failed('reg.lan:5000/app:1', `unexpected status from HEAD request to ${url}: 401 Unauthorized`),
      own,
    );
    assert.equal(answered.check, undefined);
    assert.equal(placeOf(answered), 'app.yaml:7:14');
    const silent = diagnose(failed('reg.lan:5000/app:1', `failed to do request: Head "${url}": EOF`), own);
    assert.equal(silent.check, 'unconfigured-registry');
  });

  test('is none for a full disk', () => {
    const diagnosis = diagnose(failed(image, 'write /x: no space left on device'), analysis);
    assert.equal(diagnosis.location, undefined);
    assert.equal(diagnosis.cause, 'disk-full');
  });

  test('is an endpoint even for an image of which the repository does not speak', () => {
    const other = 'docker.io/library/redis:7';
    const text = failed(other, 'dial tcp: lookup two.example.net on 10.0.0.2:53: no such host');
    assert.equal(placeOf(diagnose(text, analysis)), 'registries.yaml:5:9');
  });

  test('is found by the URL alone', () => {
    const text = 'Head "https://two.example.net:5000/v2/library/nginx/manifests/1.27": EOF';
    assert.equal(placeOf(diagnose(text, analysis)), 'registries.yaml:5:9');
  });

  test('is none where nothing of the text is in the repository', () => {
    const text = failed(
      'other.example.net/app:1',
      'failed to do request: Head "https://other.example.net/v2/app/manifests/1": EOF',
    );
    assert.equal(diagnose(text, analysis).location, undefined);
  });
});

suite('a diagnosis', () => {
  test('takes the image from the hint, where the text names none', () => {
    const analysis = repository(mirrored);
    const reference = parseReference('nginx:1.27');
    assert.ok(reference.ok);
    const byReference = diagnose('no match for platform in manifest', analysis, {
      reference: reference.reference,
    });
    assert.equal(placeOf(byReference), 'app.yaml:7:14');
    const byImage = diagnose('no match for platform in manifest', analysis, { image: 'nginx:1.27' });
    assert.equal(placeOf(byImage), 'app.yaml:7:14');
    assert.equal(byImage.image, 'nginx:1.27');
  });

  test('says where a token was wanted', () => {
    const text = failed(
      'docker.io/a/b:1',
      'failed to authorize: failed to fetch anonymous token: Get "https://auth.docker.io/token?scope=x": dial tcp 1.2.3.4:443: i/o timeout',
    );
    const { message, url } = diagnose(text);
    assert.equal(url, 'https://auth.docker.io/token');
    assert.match(message, /`auth\.docker\.io` cannot be reached.*token/);
  });

  test('says what a missing sandbox image means', () => {
    const { message, image } = diagnose(
      'failed to get sandbox image "k8s.gcr.io/pause:3.6": failed to pull image "k8s.gcr.io/pause:3.6": dial tcp: lookup k8s.gcr.io: no such host',
    );
    assert.equal(image, 'k8s.gcr.io/pause:3.6');
    assert.match(message, /`k8s\.gcr\.io` does not resolve on the node, and without the sandbox image/);
  });

  test('shows no login of a URL', () => {
    const diagnosis = diagnose(
      'failed to do request: Head "https://robot:secret@reg.lan/v2/a/manifests/1": EOF',
    );
    assert.ok(!JSON.stringify(diagnosis).includes('secret'));
  });

  test('takes no hosts.toml for another one', () => {
    const analysis = repository({
      'registries.yaml': 'nodes: [{name: a, runtime: "containerd://1.7.24"}]\n',
      'certs.d/quay.io/hosts.toml': 'server = 1\n',
      'certs.d/ghcr.io/hosts.toml': 'server = 2\n',
    });
    const text = 'level=error msg="failed to decode /etc/containerd/certs.d/ghcr.io/hosts.toml" error="x"';
    assert.equal(diagnose(text, analysis).location?.file, 'certs.d/ghcr.io/hosts.toml');
  });
});

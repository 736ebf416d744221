import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import { GrpcError } from '../../src/proof/containerd/grpc.ts';
import { CertificateAuthority, expired, type KeyPair } from '../../src/proof/standIn/certificates.ts';
import {
  removeState,
  startContainerd,
  type RunningContainerd,
} from '../../src/proof/containerd/containerdProcess.ts';
import { NameServer } from '../../src/proof/standIn/nameServer.ts';
import { syntheticImage, type SyntheticImage } from '../../src/proof/standIn/image.ts';
import type { RunningServer } from '../../src/proof/standIn/server.ts';
import { startRegistry, type SeenRequest } from '../support/registry.ts';
import type { ServerCertificate } from '../support/registryRules.ts';
import {
  defaultDeadline,
  placeholders,
  type Case,
  type Observation,
  type Result,
  type Startup,
} from './case.ts';
import { nameServer } from './addresses.ts';
import { normaliseRequest, normaliseText } from './normalise.ts';

// The process in a simulated node: it plays the registries and the name server, runs containerd and pulls.

/** What the process is asked. */
export interface CaseRequest {
  readonly case: Case;
  /** No two requests to a process have the same: it makes their images differ. */
  readonly label: string;
}

/** After so many cases a containerd is replaced: its content store grows. */
const casesForOneContainerd = 200;

const root = process.argv[2] ?? '';
const authorities = {
  system: new CertificateAuthority('system authority'),
  private: new CertificateAuthority('private authority'),
};
const clientPair = authorities.private.issue({ commonName: 'node', names: [] });
const serverPairs = new Map<string, KeyPair>();
const dns = new NameServer();

/** The containerd that runs, and the files with which it was started. */
let running:
  { readonly containerd: RunningContainerd; readonly startFiles: string; cases: number } | undefined;

async function prepareNode(): Promise<void> {
  const files = {
    'etc/hosts': '127.0.0.1 localhost\n',
    'etc/resolv.conf': `nameserver ${nameServer}\n`,
    'etc/nsswitch.conf': 'hosts: files dns\n',
    'etc/passwd': 'root:x:0:0:root:/root:/bin/sh\n',
    'etc/group': 'root:x:0:\n',
    'etc/ssl/certs/ca-certificates.crt': authorities.system.certificate,
  };
  for (const [path, text] of Object.entries(files)) await writeNodeFile(path, text);
  await dns.listen(nameServer);
}

async function writeNodeFile(path: string, text: string): Promise<void> {
  const target = join(root, path);
  await mkdir(dirname(target), { recursive: true });
  await writeFile(target, text);
}

async function observe({ case: given, label }: CaseRequest): Promise<Observation> {
  const image = syntheticImage(label);
  const seen: SeenRequest[] = [];
  await writeFiles(given);
  dns.zone = new Map(Object.entries(given.names));
  const registries: RunningServer[] = [];
  try {
    for (const double of given.registries) {
      const certificate = double.certificate && serverPair(double.certificate);
      const clientAuthority = authorities.private.certificate;
      const onRequest = (request: SeenRequest): void => void seen.push(request);
      registries.push(await startRegistry(double, { image, certificate, clientAuthority, onRequest }));
    }
    const { startup, ...pulled } = await pull(given, image);
    return {
      startup,
      requests: seen.map((request) => normaliseRequest(request, image)),
      dropped: [],
      ...pulled,
    };
  } finally {
    await Promise.all(registries.map((registry) => registry.close()));
  }
}

/** Replaces the files of the case before; the node's own stay. */
async function writeFiles({ files, folders = [] }: Case): Promise<void> {
  for (const folder of ['etc/containerd', 'etc/docker', 'etc/rancher']) {
    await rm(join(root, folder), { recursive: true, force: true });
  }
  for (const [path, text] of Object.entries(files)) await writeNodeFile(path, fillIn(text));
  for (const folder of folders) await mkdir(join(root, folder), { recursive: true });
}

function fillIn(text: string): string {
  return text
    .replaceAll(placeholders.privateAuthority, authorities.private.certificate)
    .replaceAll(placeholders.clientCertificate, clientPair.certificate)
    .replaceAll(placeholders.clientKey, clientPair.key);
}

function serverPair(wanted: ServerCertificate): KeyPair {
  const { authority, names } = wanted;
  const key = JSON.stringify([authority, names, wanted.expired]);
  const known = serverPairs.get(key);
  if (known) return known;
  const validity = wanted.expired === true ? { validity: expired } : {};
  const pair = authorities[authority].issue({ commonName: names[0] ?? 'registry', names, ...validity });
  serverPairs.set(key, pair);
  return pair;
}

interface Pulled {
  readonly startup: Startup;
  readonly result?: Result;
  readonly dropped?: readonly string[];
}

async function pull(given: Case, image: SyntheticImage): Promise<Pulled> {
  const started = await containerdFor(given.files);
  if (started.kind === 'ended') return { startup: { kind: 'ended', text: reasonOfEnd(started.log) } };
  const { containerd } = started;
  const logStart = containerd.log().length;
  const name = given.reference.replaceAll('{{manifest}}', image.manifest.digest);
  const result = await resultOf(containerd, name, given, image);
  const log = await completeLog(containerd);
  if (result.kind === 'failed' && result.code === 'Unimplemented') {
    return { startup: { kind: 'without-cri', text: reasonWithoutCri(log) } };
  }
  // Without an answer it may still be busy with this case, or be gone.
  if (result.kind === 'hung' || result.kind === 'crashed') await stopContainerd();
  return { startup: { kind: 'ok' }, result, dropped: decodeErrors(log.slice(logStart)) };
}

/** The log up to the answer that has just come: what was written before it may still be on its way. */
async function completeLog({ log }: RunningContainerd): Promise<string> {
  await setImmediate();
  await setImmediate();
  return log();
}

async function resultOf(
  { cri, end, log }: RunningContainerd,
  name: string,
  { auth, deadline = defaultDeadline }: Case,
  image: SyntheticImage,
): Promise<Result> {
  const start = performance.now();
  try {
    await cri.pullImage(name, { deadline, auth });
    return { kind: 'pulled' };
  } catch (error) {
    if (!(error instanceof GrpcError)) throw error;
    // The error after the deadline may be that of a host that was asked before.
    if (error.code === 'DeadlineExceeded' || performance.now() - start >= deadline) return { kind: 'hung' };
    const hasCrashed =
      error.code === 'Unavailable' && (await Promise.race([end.then(() => true), sleep(1000, false)]));
    if (hasCrashed) return { kind: 'crashed', panic: panicOf(log()) ?? '' };
    return { kind: 'failed', code: error.code, message: normaliseText(error.message, image) };
  }
}

type Started =
  | { readonly kind: 'running'; readonly containerd: RunningContainerd }
  | { readonly kind: 'ended'; readonly log: string };

/** containerd with these files: the one that runs where it was started with the same ones. It reads `certs.d` at each pull. */
async function containerdFor(files: Case['files']): Promise<Started> {
  const startFiles = JSON.stringify(Object.entries(files).filter(([path]) => !path.includes('/certs.d/')));
  if (running?.startFiles === startFiles && running.cases < casesForOneContainerd) {
    running.cases += 1;
    return { kind: 'running', containerd: running.containerd };
  }
  await stopContainerd();
  await removeState(root);
  const started = await startContainerd(root);
  if (started.kind === 'running') running = { containerd: started.containerd, startFiles, cases: 1 };
  return started;
}

async function stopContainerd(): Promise<void> {
  await running?.containerd.stop();
  running = undefined;
}

/** containerd prints why it ends as its last line, if it does not panic. */
function reasonOfEnd(log: string): string {
  return panicOf(log) ?? log.trimEnd().split('\n').at(-1) ?? '';
}

/** The words of a panic, without Go's remark that somebody looked at it and panicked once more. */
function panicOf(log: string): string | undefined {
  return /^panic: .*$/m.exec(log)?.[0].replace(/ \[recovered[^\]]*\]$/, '');
}

function reasonWithoutCri(log: string): string {
  const line = log
    .split('\n')
    .find((text) => /msg="failed to load plugin/.test(text) && /\bcri\b/.test(text));
  return field(line ?? '', 'error');
}

function decodeErrors(log: string): readonly string[] {
  const lines = log.split('\n').filter((line) => /msg="failed to decode \S*hosts\.toml"/.test(line));
  return lines.map((line) => field(line, 'error'));
}

/** A field of a line of containerd's log: a Go string literal, or a word. */
function field(line: string, name: string): string {
  const [, quoted, word = ''] = new RegExp(`\\b${name}=(?:("(?:[^"\\\\]|\\\\.)*")|(\\S+))`).exec(line) ?? [];
  return quoted === undefined ? word : String(JSON.parse(quoted));
}

process.on('disconnect', () => process.exit());
process.on('message', (request: CaseRequest) => {
  void observe(request).then(
    (observation) => process.send?.({ observation }),
    (error: unknown) => process.send?.({ failure: error instanceof Error ? error.stack : String(error) }),
  );
});
await prepareNode();

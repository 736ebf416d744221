import { mkdir, realpath, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { groupBy } from '../../source/groupBy.ts';
import { mayBeFor } from '../apiPath.ts';
import { atOnce } from '../atOnce.ts';
import { CertificateAuthority } from '../standIn/certificates.ts';
import { nodeCertificates } from '../standIn/nodeCertificates.ts';
import { NameServer } from '../standIn/nameServer.ts';
import { answerRequest, Contents, type SeenRequest } from '../standIn/registry.ts';
import { placesOf, serverAt, type Place } from '../standIn/places.ts';
import { startServer, type ReceivedRequest, type Reply, type RunningServer } from '../standIn/server.ts';
import type { StandIn, Surroundings } from '../surroundings.ts';
import { startContainerd, type RunningContainerd } from './containerdProcess.ts';
import { GrpcError } from './grpc.ts';
import { isWritable, ownShare, pathOnNode } from './nodePaths.ts';
import type { NodeRequest, NodeStart, PullReport, PullResult, PullTask } from './nodeProtocol.ts';

/** Where the node's name server is: where that of a systemd machine is too. */
const nameServer = '127.0.0.53';

/** A node in its own network: its registries, its name server, its containerd, and who pulls. */
export class ProofNode {
  readonly #root: string;
  readonly #authorities = {
    system: new CertificateAuthority('system authority'),
    private: new CertificateAuthority('private authority'),
  };
  readonly #contents = new Contents();
  readonly #names = new NameServer();
  #seen: SeenRequest[] = [];
  #servers: readonly RunningServer[] = [];
  #containerd: RunningContainerd | undefined;

  constructor(root: string) {
    this.#root = root;
  }

  async start(surroundings: Surroundings): Promise<NodeStart> {
    try {
      await this.#placeFiles(surroundings);
    } catch (error) {
      return { kind: 'failed', text: `the node's files cannot be written: ${messageOf(error)}` };
    }
    this.#names.zone = new Map(Object.entries(surroundings.names));
    await this.#names.listen(nameServer);
    // Where nobody can listen (port 0, an address of a group) nobody answers on a real node either.
    const places = placesOf(surroundings.standIns);
    const servers = await Promise.allSettled(places.map((place) => this.#listen(place)));
    this.#servers = servers.flatMap((server) => (server.status === 'fulfilled' ? [server.value] : []));
    const started = await startContainerd(this.#root).catch((error: unknown) => messageOf(error));
    if (typeof started === 'string') return { kind: 'failed', text: started };
    if (started.kind === 'ended') {
      const text = reasonOfEnd(started.log);
      return started.wasKilled
        ? { kind: 'failed', text: `containerd was killed: ${text}` }
        : { kind: 'ended', text };
    }
    this.#containerd = started.containerd;
    return answers(started.containerd);
  }

  /**
   * Pulls several images at a time, and hands over each result as soon as it is there. One image is pulled with one login after the
   * other: nobody could tell their requests apart.
   */
  async pull(
    { pulls, limit, deadline }: Extract<NodeRequest, { kind: 'pull' }>,
    onReport: (report: PullReport) => void,
  ): Promise<void> {
    const byImage = groupBy(pulls, ({ reference: { domain, path, tag, digest } }) =>
      JSON.stringify([domain, path, digest ?? tag]),
    );
    await atOnce(limit, [...byImage.values()], async (same) => {
      for (const pull of same) onReport(await this.#pullOne(pull, deadline));
    });
  }

  /** Pulls an image once more while no registry answers. */
  async control(task: PullTask, deadline: number): Promise<PullResult> {
    const image = this.#imageOf(task);
    try {
      await this.#containerd?.cri.removeImage(image, { deadline });
    } catch (error) {
      if (!(error instanceof GrpcError)) throw error;
      return { kind: 'crashed', text: `${error.code}: ${error.message}` };
    }
    await Promise.all(this.#servers.map((server) => server.close()));
    this.#servers = [];
    return this.#tryLogins(task, image, deadline);
  }

  async #pullOne(task: PullTask, deadline: number): Promise<PullReport> {
    const image = this.#imageOf(task);
    const result = await this.#tryLogins(task, image, deadline);
    const name = image.slice(image.lastIndexOf(image.includes('@') ? '@' : ':') + 1);
    const own = this.#takeRequests(task, name);
    const served = own.findLast(({ isManifest, status }) => isManifest && status === 200);
    return {
      id: task.id,
      result,
      requests: own.map(({ method, url, status }) => ({ method, url, status })),
      ...(result.kind === 'pulled' && served && { via: served.origin }),
      isUpstream: served?.isUpstream ?? false,
    };
  }

  /** The requests for an image: for its tag, and for all that came of it. */
  #takeRequests(task: PullTask, name: string): readonly SeenRequest[] {
    const mayBe = this.#seen.filter(mayBeFor(task));
    const named = mayBe.filter((request) => request.isManifest && request.name === name);
    const images = new Set(named.flatMap(({ image }) => image ?? []));
    const own = new Set([...named, ...mayBe.filter(({ image }) => image !== undefined && images.has(image))]);
    const taken = this.#seen.filter((request) => own.has(request));
    this.#seen = this.#seen.filter((request) => !own.has(request));
    return taken;
  }

  /** The image as it is pulled: a digest is replaced by that of the content that stands in for it. */
  #imageOf({ image, reference }: PullTask): string {
    if (reference.digest === undefined) return image;
    return `${reference.domain}/${reference.path}@${this.#contents.pin(reference)}`;
  }

  // kubernetes pkg/kubelet/kuberuntime/kuberuntime_image.go PullImage
  async #tryLogins({ logins }: PullTask, image: string, deadline: number): Promise<PullResult> {
    let last: PullResult | undefined;
    const texts: string[] = [];
    for (const auth of logins.length > 0 ? logins : [undefined]) {
      last = await this.#pullWith(image, auth, deadline);
      if (last.kind !== 'failed') return last;
      texts.push(last.text);
    }
    if (last?.kind !== 'failed' || texts.length < 2) return last ?? { kind: 'hung' };
    return { ...last, text: `[${texts.join(', ')}]` };
  }

  async #pullWith(
    image: string,
    auth: PullTask['logins'][number] | undefined,
    deadline: number,
  ): Promise<PullResult> {
    const containerd = this.#containerd;
    if (!containerd) return { kind: 'crashed', text: 'containerd does not run' };
    const start = performance.now();
    try {
      await containerd.cri.pullImage(image, { deadline, auth });
      return { kind: 'pulled' };
    } catch (error) {
      if (!(error instanceof GrpcError)) throw error;
      if (error.code === 'DeadlineExceeded' || performance.now() - start >= deadline) return { kind: 'hung' };
      if (error.code === 'Unavailable' && (await hasEnded(containerd)))
        return { kind: 'crashed', text: reasonOfEnd(containerd.log()) };
      return { kind: 'failed', code: error.code, text: error.message };
    }
  }

  #listen(place: Place): Promise<RunningServer> {
    const { address, port } = place;
    const answer = (request: ReceivedRequest, standIn: StandIn): Reply =>
      answerRequest(request, standIn, this.#contents, (seen) => this.#seen.push(seen));
    return startServer({ address, port, ...serverAt(place, this.#authorities, answer) });
  }

  /** @throws Error where a file cannot be where it should be */
  async #placeFiles(surroundings: Surroundings): Promise<void> {
    const write = (path: string, text: string): Promise<void> => this.#write(path, text);
    for (const [path, text] of Object.entries(surroundings.files)) {
      if (!isWritable(path)) throw new Error(`${path} cannot be put on a node that is only played`);
      await write(path, text);
    }
    // Where one of these is missing, the pull that wants it is not judged.
    for (const [path, text] of nodeCertificates(surroundings, this.#authorities.private))
      if (isWritable(path)) await write(path, text);
    const names = Object.entries({ localhost: '127.0.0.1', ...surroundings.hosts });
    await write('/etc/hosts', names.map(([name, address]) => `${address} ${name}\n`).join(''));
    await write('/etc/resolv.conf', `nameserver ${nameServer}\n`);
    await write('/etc/nsswitch.conf', 'hosts: files dns\n');
    await write('/etc/passwd', 'root:x:0:0:root:/root:/bin/sh\n');
    await write('/etc/group', 'root:x:0:\n');
    // The configuration may name the file, too, and the repository may have it.
    await this.#write('/etc/ssl/certs/ca-certificates.crt', `\n${this.#authorities.system.certificate}`, 'a');
  }

  /** Nothing leads out of the node's folder: `..` stops at its root, and it has no links but those of the machine to programs. */
  async #write(path: string, text: string, flag: 'w' | 'a' = 'w'): Promise<void> {
    const onNode = pathOnNode(path);
    const target = join(this.#root, onNode);
    if (onNode.startsWith(`${ownShare}/`)) {
      const share = join(await realpath(this.#root), ownShare);
      if ((await realpath(share)) !== share) throw new Error(`${ownShare} is a link on this machine`);
    }
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, text, { flag });
  }
}

/** Whether it has a CRI plugin to answer. */
async function answers(containerd: RunningContainerd): Promise<NodeStart> {
  try {
    await containerd.cri.listImages({ deadline: 10_000 });
    return { kind: 'running' };
  } catch (error) {
    if (!(error instanceof GrpcError)) throw error;
    const text = `${error.code}: ${error.message}`;
    if (error.code !== 'Unimplemented') {
      const end = reasonOfEnd(containerd.log());
      return (await hasEnded(containerd)) ? { kind: 'ended', text: end } : { kind: 'failed', text };
    }
    const reason = reasonWithoutCri(containerd.log());
    return { kind: 'without-cri', text: reason === '' ? text : `${text} (${reason})` };
  }
}

/** A moment after an answer that did not come: its end may be about to be known. */
function hasEnded({ end }: RunningContainerd): Promise<boolean> {
  return Promise.race([end.then(() => true), sleep(1000, false)]);
}

/** containerd prints why it ends as its last line, if it does not panic. */
function reasonOfEnd(log: string): string {
  return /^panic: .*$/m.exec(log)?.[0] ?? log.trimEnd().split('\n').at(-1) ?? '';
}

/** Why the CRI plugin is not there, from the line of containerd's log about it. */
function reasonWithoutCri(log: string): string {
  const lines = log.split('\n').filter((line) => /msg="failed to load plugin/.test(line));
  const line = lines.find((text) => /\bcri\b/.test(text)) ?? '';
  const [, quoted] = /\berror=("(?:[^"\\]|\\.)*")/.exec(line) ?? [];
  try {
    return quoted === undefined ? '' : String(JSON.parse(quoted));
  } catch {
    return quoted ?? '';
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

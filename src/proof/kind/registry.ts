import { setTimeout as sleep } from 'node:timers/promises';
import { atOnce } from '../atOnce.ts';
import type { ReceivedRequest, Reply } from '../standIn/server.ts';
import type { Blob } from '../standIn/image.ts';
import { readRegistryLog, type HeldImage, type NodeRequest } from './requests.ts';
import type { KindRun } from './runs.ts';
import { lastLine, ToolError, type Tools } from './tools.ts';

/** A plain-HTTP registry in a container on the network of the cluster. */
export class Registry {
  readonly #run: KindRun;
  readonly #tools: Tools;
  /** Where this process reaches it. */
  readonly #url: string;
  /** `ADDRESS:PORT` where the nodes do. */
  readonly address: string;

  private constructor(run: KindRun, tools: Tools, url: string, address: string) {
    this.#run = run;
    this.#tools = tools;
    this.#url = url;
    this.address = address;
  }

  /** @throws ToolError where it does not come up */
  static async start(run: KindRun, image: string, tools: Tools, signal: AbortSignal): Promise<Registry> {
    const { registry: name, name: network, labels } = run;
    const published = ['--publish', '127.0.0.1::5000'];
    const settings = [
      'REGISTRY_HTTP_ADDR=:5000',
      'REGISTRY_LOG_FORMATTER=json',
      'REGISTRY_LOG_LEVEL=info',
      'OTEL_TRACES_EXPORTER=none',
    ];
    const environment = settings.flatMap((setting) => ['--env', setting]);
    const args = ['--detach', '--name', name, '--network', network, ...labels, ...published, ...environment];
    // It may have to be downloaded first.
    await tools.callLong('docker', ['run', ...args, image], signal).catch((error: unknown) => {
      if (!(error instanceof ToolError)) throw error;
      throw new ToolError(`the registry could not be started: ${reasonOf(error.message)}`, { cause: error });
    });
    const [port] = (await tools.call('docker', ['port', name, '5000/tcp'])).split('\n');
    const format = '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}';
    const address = (await tools.call('docker', ['inspect', '--format', format, name])).trim();
    const registry = new Registry(run, tools, `http://${port?.trim() ?? ''}`, `${address}:5000`);
    await registry.#waitUntilReady();
    return registry;
  }

  async #waitUntilReady(): Promise<void> {
    for (let tries = 0; tries < 200; tries += 1) {
      if (await this.isAlive()) return;
      await sleep(100);
    }
    const log = await this.#tools.call('docker', ['logs', '--tail', '3', this.#run.registry], {
      withErrors: true,
    });
    throw new ToolError(`the registry does not answer at ${this.#url}: ${log.trim()}`);
  }

  async isAlive(): Promise<boolean> {
    try {
      const response = await fetch(`${this.#url}/v2/`, { signal: AbortSignal.timeout(5000) });
      await response.arrayBuffer();
      return response.ok;
    } catch {
      return false;
    }
  }

  /** Pushes images, several at a time. One whose repository no registry could have is left out. */
  async push(images: readonly HeldImage[]): Promise<void> {
    const possible = images.filter(({ repository }) => repositoryGrammar.test(repository));
    await atOnce(8, possible, (image) => this.#pushOne(image));
  }

  async #pushOne({ repository, name, image: { manifest, config, layer } }: HeldImage): Promise<void> {
    const root = `/v2/${repository}`;
    for (const blob of [config, layer]) {
      const upload = await this.#send('POST', `${root}/blobs/uploads/`);
      const location = new URL(upload.headers.get('location') ?? '', this.#url);
      location.searchParams.set('digest', blob.digest);
      await this.#send('PUT', location.pathname + location.search, blob);
    }
    await this.#send('PUT', `${root}/manifests/${name}`, manifest);
  }

  // distribution docs/spec/api.md, Pushing An Image
  async #send(method: string, path: string, blob?: Blob): Promise<Response> {
    const type = blob?.mediaType.includes('manifest') === true ? blob.mediaType : 'application/octet-stream';
    const body = blob && { headers: { 'Content-Type': type }, body: new Uint8Array(blob.bytes) };
    try {
      const response = await fetch(this.#url + path, {
        method,
        signal: AbortSignal.timeout(30_000),
        ...body,
      });
      const text = await response.text();
      if (response.ok) return response;
      throw new ToolError(`the registry refuses ${method} ${path}: ${response.status} ${text}`);
    } catch (error) {
      if (error instanceof ToolError) throw error;
      throw new ToolError(`the registry does not answer ${method} ${path}`, { cause: error });
    }
  }

  /** Hands a request on to it, for a registry that wants TLS or a login in front. */
  async answer({ method, target, headers }: ReceivedRequest): Promise<Reply> {
    const accept = headers.flatMap(([name, value]) => (name.toLowerCase() === 'accept' ? [value] : []));
    try {
      const response = await fetch(this.#url + target, {
        method,
        headers: { Accept: accept.join(', ') || '*/*', 'Accept-Encoding': 'identity' },
        redirect: 'manual',
        signal: AbortSignal.timeout(30_000),
      });
      const body = Buffer.from(await response.arrayBuffer());
      const kept = ['Content-Type', 'Content-Length', 'Docker-Content-Digest'].flatMap(
        (name): [string, string][] => {
          const value = response.headers.get(name);
          return value === null ? [] : [[name, value]];
        },
      );
      return { kind: 'reply', status: response.status, headers: Object.fromEntries(kept), body };
    } catch {
      return { kind: 'close' };
    }
  }

  /** What it was asked by now, by the address that asked. */
  async requests(): Promise<ReadonlyMap<string, readonly NodeRequest[]>> {
    const log = await this.#tools.call('docker', ['logs', this.#run.registry], { withErrors: true });
    return readRegistryLog(log);
  }
}

/** Docker prints how far a download is, what went wrong behind `docker:`, and where its help is. */
function reasonOf(said: string): string {
  return /^docker: (.*)/m.exec(said)?.[1] ?? lastLine(said);
}

// distribution reference/regexp.go
const repositoryGrammar =
  /^(?=.{1,255}$)[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*$/;

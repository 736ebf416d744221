import { isIP } from 'node:net';
import { configFile } from '../../config/containerdConfig.ts';
import type { NodePull } from '../plan.ts';
import type { Control } from '../proof.ts';
import { nodeCertificates } from '../standIn/nodeCertificates.ts';
import { placesOf, type Authorities } from '../standIn/places.ts';
import { Contents } from '../standIn/registry.ts';
import type { KindNode } from './cluster.ts';
import { Front, needsFront } from './front.ts';
import { judgeCrictlControl, type NodeFacts } from './judge.ts';
import type { ClusterNetwork } from './network.ts';
import { configureKindNode, isSafePath, type NodeConfig } from './nodeConfig.ts';
import {
  controlScript,
  pullScript,
  readPulls,
  setupScript,
  type CrictlResult,
  type Translation,
} from './nodeScript.ts';
import type { Registry } from './registry.ts';
import { prefixedHosts, pulledImage, type NodeRequest } from './requests.ts';
import { ToolError, type Tools } from './tools.ts';

/** What all nodes of a cluster share. */
export interface NodeWorld {
  readonly tools: Tools;
  readonly network: ClusterNetwork;
  readonly registry: Registry;
  readonly authorities: Authorities;
  /** The names of all nodes of the cluster. */
  readonly nodeNames: readonly string[];
  readonly here: Here;
}

/** Where this process listens on the network of the cluster; or why it cannot. */
export type Here =
  | { readonly ok: true; readonly address: string; readonly port: number; readonly namePort: number }
  | { readonly ok: false; readonly problem: string };

/** A node of the running cluster: what is done on it. */
export class NodeSession {
  readonly node: KindNode;
  readonly #world: NodeWorld;
  readonly #front: Front;
  #facts: NodeFacts | undefined;

  constructor(node: KindNode, world: NodeWorld) {
    this.node = node;
    this.#world = world;
    this.#front = new Front(world.registry, contentsOf(node.pulls), world.authorities);
  }

  /** Its address on the network of the cluster. */
  get address(): string {
    return this.#world.network.addresses.get(this.node.name) ?? '';
  }

  /** What is known of it once it is set up. */
  get facts(): NodeFacts | undefined {
    return this.#facts;
  }

  /** The requests that this process answered for it. */
  get requests(): readonly NodeRequest[] {
    return this.#front.requests;
  }

  /**
   * Puts the node's files in place and the registries around it.
   *
   * @returns why nothing can be tried on it; undefined where all is well
   * @throws ToolError where the node does not do what it is told
   */
  async setUp(): Promise<string | undefined> {
    const { planned } = this.node;
    if (!planned.setting.ok) return planned.setting.reason;
    const { config, version, kubelet } = await this.#look();
    const kindConfig = configureKindNode(planned, config, version);
    if (!kindConfig.ok) return kindConfig.reason;
    const { translations, problem, fronts } = await this.#openPlaces();
    const script = this.#setupScript(kindConfig, translations, version);
    const output = await this.#shell(script);
    const reason = output.includes('unreachable') ? notReached : problem;
    this.#facts = {
      planned,
      version,
      kubelet,
      assumptions: kindConfig.assumptions,
      ...(reason !== undefined && { silent: { reason, hostnames: fronts } }),
    };
    return undefined;
  }

  async #look(): Promise<{ readonly config: string; readonly version: string; readonly kubelet: string }> {
    const output = await this.#shell(`containerd --version\nkubelet --version\necho --\ncat ${configFile}\n`);
    const [versions = '', config = ''] = output.split(/^--\n/m, 2);
    const [, version] = /^containerd .*?\bv?(\d+\.\d+\.\d+)/m.exec(versions) ?? [];
    const [, kubelet] = /^Kubernetes (v\S+)/m.exec(versions) ?? [];
    if (version === undefined) throw new ToolError(`${this.node.name} does not say which containerd it has`);
    return { config, version, kubelet: kubelet ?? '' };
  }

  async #openPlaces(): Promise<OpenedPlaces> {
    const { here, registry } = this.#world;
    const { setting } = this.node.planned;
    const standIns = setting.ok ? setting.surroundings.standIns : [];
    // The translation of packets knows no other ones.
    const places = placesOf(standIns.filter(({ address }) => isIP(address) === 4));
    const prefixed = prefixedHosts(this.node.pulls);
    const fronts = places.filter((place) => needsFront(place, prefixed));
    const plain = places
      .filter((place) => !fronts.includes(place))
      .map(({ address, port }) => ({ address, port, to: registry.address }));
    const names = new Set(fronts.flatMap(({ standIns }) => standIns.map(({ hostname }) => hostname)));
    if (!here.ok) return { translations: plain, fronts: names, problem: here.problem };
    const opened = await Promise.all(fronts.map((place) => this.#front.open(place, here.address)));
    return { translations: [...plain, ...opened], fronts: names };
  }

  #setupScript(
    config: Extract<NodeConfig, { ok: true }>,
    translations: readonly Translation[],
    version: string,
  ): string {
    const { authorities, network, nodeNames, here } = this.#world;
    const files = new Map([...config.files, ...this.#certificates()]);
    if (config.configToml !== undefined) files.set(configFile, config.configToml);
    return setupScript({
      files,
      trusted: authorities.system.certificate,
      hosts: this.#hosts(nodeNames),
      translations,
      subnet: network.subnet,
      ...(here.ok && { here }),
      restartsContainerd: config.configToml !== undefined,
      readsNamesOnce: /^1\.[0-6]\./.test(version),
    });
  }

  #certificates(): readonly (readonly [path: string, text: string])[] {
    const { setting } = this.node.planned;
    if (!setting.ok) return [];
    const all = nodeCertificates(setting.surroundings, this.#world.authorities.private);
    return all.filter(([path]) => isSafePath(path));
  }

  /** The nodes of the cluster find each other as they did before. */
  #hosts(nodeNames: readonly string[]): readonly [string, string][] {
    const { setting } = this.node.planned;
    const { hosts, names } = setting.ok ? setting.surroundings : { hosts: {}, names: {} };
    const { addresses } = this.#world.network;
    const nodes = nodeNames.map((name): [string, string] => [name, addresses.get(name) ?? '']);
    const taken = new Set([...nodeNames, 'localhost']);
    const others = Object.entries({ ...hosts, ...names }).filter(
      ([name]) => !taken.has(name) && /^[\w.-]+$/.test(name),
    );
    return [...nodes, ...others];
  }

  /** Pulls images by crictl, one after the other, and removes each one again. */
  async pull(pulls: readonly NodePull[]): Promise<ReadonlyMap<string, CrictlResult>> {
    if (pulls.length === 0) return new Map();
    const output = await this.#shell(pullScript(pulls.map(pulledImage)), 60_000 * (pulls.length + 1));
    const results = readPulls(output);
    const pairs = pulls.flatMap((pull, index): [string, CrictlResult][] => {
      const result = results[index];
      return result ? [[pull.id, result]] : [];
    });
    return new Map(pairs);
  }

  /**
   * Pulls an image once more while no registry answers.
   *
   * @throws ToolError where the node does not try it
   */
  async control(pull: NodePull): Promise<Control> {
    const [result] = readPulls(await this.#shell(controlScript(pulledImage(pull))));
    if (!result) throw new ToolError(`${this.node.name} does not say how the control ended`);
    return judgeCrictlControl(pull, result);
  }

  async close(): Promise<void> {
    await this.#front.close();
  }

  #shell(script: string, time = 120_000): Promise<string> {
    const args = ['exec', '--interactive', this.node.name, 'bash', '-s'];
    return this.#world.tools.call('docker', args, { input: script, time });
  }
}

interface OpenedPlaces {
  readonly translations: readonly Translation[];
  /** The names of registries that this process plays. */
  readonly fronts: ReadonlySet<string>;
  /** Why they are not there. */
  readonly problem?: string;
}

const notReached =
  'the nodes do not reach this process, which plays registries with TLS or a login: a firewall may be in between';

/** The images that a front knows to be there: what it lets through, the registry has. */
function contentsOf(pulls: readonly NodePull[]): Contents {
  const contents = new Contents();
  for (const { reference } of pulls) if (reference.digest !== undefined) contents.pin(reference);
  return contents;
}

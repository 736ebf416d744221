import { formatReference } from '../reference/parseReference.ts';
import type { Reference } from '../reference/reference.ts';
import { quote } from '../hosts/goText.ts';
import { credentialsOf, dockerBase, type DockerBase, type PullLogins } from './dockerBase.ts';
import { layersOf, selectManifests, readIndex, readManifest, type ManifestChildren } from './imageContent.ts';
import { ingest } from './ingest.ts';
import { isConfigType, isIndexType, isManifestType, schema1Manifest } from './mediaTypes.ts';
import { pullPath, type NodeConfiguration } from './nodeConfiguration.ts';
import { defaultPlatform, type Platform } from './platform.ts';
import {
  asPullError,
  Crash,
  NotEmulated,
  notFound,
  PullError,
  wrapError,
  type GrpcCode,
} from './pullError.ts';
import { printError } from './printError.ts';
import { RecordingTransport, type Exchange } from './recordingTransport.ts';
import { resolve, schema1Error, type Descriptor } from './resolver.ts';
import type { Transport } from './transport.ts';

export interface PullOptions extends PullLogins {
  readonly transport: Transport;
  /** Of the node; `linux/amd64` where it is absent. */
  readonly platform?: Platform | undefined;
  /** As containerd names it in an error; `overlayfs` where it is absent. */
  readonly snapshotter?: string | undefined;
}

/** A pull as the kubelet asks for it. */
export interface PullResult {
  /** The requests in their order; those of the phase `layers` have none among each other. */
  readonly exchanges: readonly Exchange[];
  readonly outcome: PullOutcome;
}

export type PullOutcome =
  | { readonly kind: 'pulled'; readonly descriptor: Descriptor }
  | PullFailure
  /** containerd itself comes to an end. */
  | { readonly kind: 'crashed'; readonly panic: string }
  /** What containerd makes of the answers is not known here. */
  | { readonly kind: 'not-emulated'; readonly reason: string };

export interface PullFailure {
  readonly kind: 'failed';
  readonly code: GrpcCode;
  /** As the CRI plugin returns it. */
  readonly message: string;
  /** Where several layers fail at once, the message may be one of these too. */
  readonly alternatives: readonly string[];
}

/**
 * Pulls an image as the node's containerd does, with requests that go through a transport. Never rejects, unless the
 * transport does with something else than its own error.
 */
// containerd v2.3.4 internal/cri/server/images/image_pull.go PullImage
export function pullImage(
  configuration: NodeConfiguration,
  reference: Reference,
  options: PullOptions,
): Promise<PullResult> {
  return settle(configuration, reference, options, (pull) => pull.run());
}

/** Begins a pull, and ends it as soon as it is known what the reference stands for: nothing of the image is fetched. */
export function resolveImage(
  configuration: NodeConfiguration,
  reference: Reference,
  options: PullOptions,
): Promise<PullResult> {
  return settle(configuration, reference, options, (pull) => pull.resolve());
}

/**
 * Begins a pull, and ends it once the manifest for the node's platform is there: of an image that is no index this is the
 * manifest itself. No config and no layer is fetched.
 */
export function pullManifests(
  configuration: NodeConfiguration,
  reference: Reference,
  options: PullOptions,
): Promise<PullResult> {
  return settle(configuration, reference, options, (pull) => pull.runManifests());
}

async function settle(
  configuration: NodeConfiguration,
  reference: Reference,
  options: PullOptions,
  run: (pull: ImagePull) => Promise<Descriptor>,
): Promise<PullResult> {
  const transport = new RecordingTransport(options.transport);
  const { exchanges } = transport;
  if (configuration.registry.form === 'docker') {
    return { exchanges, outcome: { kind: 'not-emulated', reason: 'dockerd pulls in another way' } };
  }
  try {
    const descriptor = await run(new ImagePull(configuration, reference, options, transport));
    return { exchanges, outcome: { kind: 'pulled', descriptor } };
  } catch (error) {
    if (error instanceof NotEmulated) {
      return { exchanges, outcome: { kind: 'not-emulated', reason: error.message } };
    }
    if (error instanceof Crash) return { exchanges, outcome: { kind: 'crashed', panic: error.message } };
    return { exchanges, outcome: failure(error, configuration) };
  }
}

/** Errors of layers that are fetched at the same time: whichever comes first is returned. */
class LayerErrors extends Error {
  readonly errors: readonly [PullError, ...PullError[]];

  constructor(errors: readonly [PullError, ...PullError[]]) {
    super('layers failed');
    this.errors = errors;
  }
}

function failure(error: unknown, { profile }: NodeConfiguration): PullFailure {
  const errors = error instanceof LayerErrors ? error.errors : ([asPullError(error)] as const);
  const messages = errors.map((each) => printError(each, profile));
  const [message = '', ...alternatives] = [...new Set(messages)];
  return { kind: 'failed', code: errors[0].facts.code ?? 'Unknown', message, alternatives };
}

class ImagePull {
  readonly #configuration: NodeConfiguration;
  readonly #reference: Reference;
  readonly #options: PullOptions;
  readonly #transport: RecordingTransport;
  readonly #isTransfer: boolean;
  #endsAtManifests = false;

  constructor(
    configuration: NodeConfiguration,
    reference: Reference,
    options: PullOptions,
    transport: RecordingTransport,
  ) {
    this.#configuration = configuration;
    this.#reference = reference;
    this.#options = options;
    this.#transport = transport;
    this.#isTransfer = pullPath(configuration) === 'transfer';
  }

  run(): Promise<Descriptor> {
    return this.#named((name) => this.#pull(name));
  }

  runManifests(): Promise<Descriptor> {
    this.#endsAtManifests = true;
    return this.run();
  }

  resolve(): Promise<Descriptor> {
    return this.#named((name) => this.#resolve(name));
  }

  async #named(run: (name: string) => Promise<Descriptor>): Promise<Descriptor> {
    const name = formatReference(this.#reference);
    try {
      return await run(name);
    } catch (error) {
      if (error instanceof ConfigError || error instanceof NotEmulated) throw error;
      const wrap = (each: PullError): PullError =>
        wrapError(`failed to pull and unpack image ${quote(name)}`, each);
      if (!(error instanceof LayerErrors)) throw wrap(asPullError(error));
      const [first, ...others] = error.errors;
      throw new LayerErrors([wrap(first), ...others.map(wrap)]);
    }
  }

  // containerd v2.3.4 client/pull.go fetch, core/transfer/local/pull.go pull
  async #pull(name: string): Promise<Descriptor> {
    const descriptor = await this.#resolve(name);
    if (descriptor.mediaType === schema1Manifest) throw this.#schema1Error();
    this.#transport.phase = 'fetch';
    const base = this.#fetcher(name);
    const content = await ingest(base, descriptor);
    if (isIndexType(descriptor.mediaType)) await this.#fetchIndex(base, descriptor, content);
    else if (isManifestType(descriptor.mediaType)) await this.#fetchImage(base, descriptor, content);
    else throw this.#unexpectedMediaType(descriptor);
    return descriptor;
  }

  async #resolve(name: string): Promise<Descriptor> {
    const words = this.#isTransfer ? 'failed to resolve image' : `failed to resolve reference ${quote(name)}`;
    try {
      return await resolve(this.#base());
    } catch (error) {
      throw wrapError(words, error);
    }
  }

  #fetcher(name: string): DockerBase {
    try {
      return this.#base();
    } catch (error) {
      throw wrapError(`failed to get fetcher for ${quote(name)}`, error);
    }
  }

  #base(): DockerBase {
    const credentials = credentialsOf(this.#configuration, this.#options);
    return dockerBase(this.#configuration, this.#reference, this.#transport, credentials);
  }

  #schema1Error(): Error {
    if (this.#configuration.profile.requests.convertsSchema1)
      return new NotEmulated('the image is of schema 1');
    if (!this.#isTransfer) return schema1Error('v2.1');
    const text = 'schema 1 image manifests are no longer supported: invalid argument';
    return new PullError(text, { code: 'InvalidArgument' });
  }

  async #fetchIndex(base: DockerBase, index: Descriptor, content: Uint8Array): Promise<void> {
    const children = readIndex(index, content);
    const platform = this.#options.platform ?? defaultPlatform;
    const manifests = selectManifests(children, platform, this.#isTransfer);
    if (manifests.length === 0) throw this.#noMatch(index);
    for (const manifest of manifests) {
      await this.#fetchImage(base, manifest, await ingest(base, manifest));
    }
  }

  // containerd v2.3.4 core/unpack/unpacker.go Unpack: the layers come after the config
  async #fetchImage(base: DockerBase, manifest: Descriptor, content: Uint8Array): Promise<void> {
    if (!isManifestType(manifest.mediaType)) throw new NotEmulated('an index within an index');
    const children = readManifest(manifest, content);
    if (this.#endsAtManifests) return;
    const config = await ingest(base, children.config);
    if (!isConfigType(children.config.mediaType))
      throw new NotEmulated('the image has a config of another kind');
    await this.#fetchLayers(base, children, config);
  }

  // containerd v2.3.4 core/unpack/unpacker.go fetch: all at once
  async #fetchLayers(base: DockerBase, children: ManifestChildren, config: Uint8Array): Promise<void> {
    const layers = layersOf(children, config);
    this.#transport.phase = 'layers';
    const errors: PullError[] = [];
    for (const layer of layers) {
      await ingest(base, layer).catch((error: unknown) => errors.push(asPullError(error)));
    }
    this.#transport.phase = 'fetch';
    const [first, ...others] = errors;
    if (first) throw new LayerErrors([first, ...others]);
  }

  // containerd v2.3.4 core/images/handlers.go LimitManifests, image.go Manifest
  #noMatch({ digest }: Descriptor): PullError {
    if (!this.#isTransfer) return notFound('no match for platform in manifest');
    return new ConfigError(`no match for platform in manifest ${digest}`);
  }

  // containerd v2.3.4 core/images/image.go Manifest
  #unexpectedMediaType({ mediaType, digest }: Descriptor): PullError {
    const text = `unexpected media type ${mediaType} for ${digest}`;
    if (this.#isTransfer) return new ConfigError(text);
    const { snapshotter = 'overlayfs' } = this.#options;
    return notFound(`failed to unpack image on snapshotter ${snapshotter}: ${text}`);
  }
}

/** An error that comes up after the pull, when the CRI plugin reads the image. */
class ConfigError extends PullError {
  constructor(text: string) {
    super(`get image config descriptor: ${text}: not found`, { code: 'NotFound' });
  }
}

import { GrpcConnection } from './grpc.ts';
import { DecodedMessage, encodeMessage } from './protobuf.ts';

/** The login that the kubelet found for an image, as it passes it on. */
export interface AuthConfig {
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  /** `user:password` in base64. */
  readonly auth?: string | undefined;
  /** The registry that the login is for, as a URL. */
  readonly serverAddress?: string | undefined;
  readonly identityToken?: string | undefined;
  readonly registryToken?: string | undefined;
}

export interface CriVersion {
  readonly runtimeName: string;
  readonly runtimeVersion: string;
}

/** An image that the runtime has. */
export interface CriImage {
  readonly id: string;
  readonly repoTags: readonly string[];
  readonly repoDigests: readonly string[];
  /** In bytes. */
  readonly size: bigint;
}

/** For how long a call may take, in milliseconds. */
export interface Deadline {
  readonly deadline: number;
}

/**
 * What the kubelet asks a container runtime about images, over the runtime's socket. All methods throw `GrpcError` with the
 * runtime's own text; a runtime whose CRI plugin is not loaded answers with `Unimplemented`.
 */
// kubernetes/cri-api pkg/apis/runtime/v1/api.proto: the numbers below are those of its fields
export class CriClient {
  readonly #connection: GrpcConnection;

  constructor(socketPath: string) {
    this.#connection = new GrpcConnection(socketPath);
  }

  async version(options: Deadline): Promise<CriVersion> {
    const answer = await this.#call('RuntimeService/Version', encodeMessage([]), options);
    return { runtimeName: answer.text(2), runtimeVersion: answer.text(3) };
  }

  /** Pulls an image and returns its reference in the runtime. */
  async pullImage(
    image: string,
    options: Deadline & { readonly auth?: AuthConfig | undefined },
  ): Promise<string> {
    const auth = options.auth && { message: encodeAuthConfig(options.auth) };
    const request = encodeMessage([
      [1, imageSpec(image)],
      [2, auth],
    ]);
    return (await this.#call('ImageService/PullImage', request, options)).text(1);
  }

  /** The image, or undefined where the runtime does not have it. */
  async imageStatus(image: string, options: Deadline): Promise<CriImage | undefined> {
    const answer = await this.#call(
      'ImageService/ImageStatus',
      encodeMessage([[1, imageSpec(image)]]),
      options,
    );
    const found = answer.message(1);
    return found && decodeImage(found);
  }

  async listImages(options: Deadline): Promise<readonly CriImage[]> {
    const answer = await this.#call('ImageService/ListImages', encodeMessage([]), options);
    return answer.messages(1).map(decodeImage);
  }

  /** Removes an image. One that the runtime does not have is no error. */
  async removeImage(image: string, options: Deadline): Promise<void> {
    await this.#call('ImageService/RemoveImage', encodeMessage([[1, imageSpec(image)]]), options);
  }

  close(): void {
    this.#connection.close();
  }

  async #call(method: string, request: Uint8Array, { deadline }: Deadline): Promise<DecodedMessage> {
    return new DecodedMessage(await this.#connection.call(`/runtime.v1.${method}`, request, deadline));
  }
}

function imageSpec(image: string): { readonly message: Uint8Array } {
  return { message: encodeMessage([[1, image]]) };
}

function encodeAuthConfig(config: AuthConfig): Uint8Array {
  return encodeMessage([
    [1, config.username],
    [2, config.password],
    [3, config.auth],
    [4, config.serverAddress],
    [5, config.identityToken],
    [6, config.registryToken],
  ]);
}

function decodeImage(image: DecodedMessage): CriImage {
  return { id: image.text(1), repoTags: image.texts(2), repoDigests: image.texts(3), size: image.integer(4) };
}

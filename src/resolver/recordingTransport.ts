import type { TlsOptions } from './registryHost.ts';
import {
  TransportError,
  type RegistryRequest,
  type RegistryResponse,
  type Transport,
  type TransportOptions,
} from './transport.ts';

/** A request and what came of it. */
export interface Exchange {
  /** The requests for layers have no order among each other. */
  readonly phase: 'resolve' | 'fetch' | 'layers';
  readonly request: RegistryRequest;
  /** Null for plain HTTP. */
  readonly tls: TlsOptions | null;
  readonly answer:
    | { readonly kind: 'answered'; readonly status: number; readonly reason: string }
    | { readonly kind: 'failed'; readonly error: TransportError };
}

/** Sends requests through another transport and keeps what it sent. */
export class RecordingTransport implements Transport {
  readonly #transport: Transport;
  readonly exchanges: Exchange[] = [];
  phase: Exchange['phase'] = 'resolve';

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  async send(request: RegistryRequest, options: TransportOptions): Promise<RegistryResponse> {
    const record = (answer: Exchange['answer']): void => {
      this.exchanges.push({ phase: this.phase, request, tls: options.tls, answer });
    };
    try {
      const response = await this.#transport.send(request, options);
      record({ kind: 'answered', status: response.status, reason: response.reason });
      return response;
    } catch (error) {
      if (error instanceof TransportError) record({ kind: 'failed', error });
      throw error;
    }
  }
}

import { UserError } from '../errors.ts';
import type { Reference } from '../reference/reference.ts';
import type { AuthConfig } from '../resolver/credentials.ts';
import type { NodeConfiguration } from '../resolver/nodeConfiguration.ts';
import { resolveImage, type PullOutcome } from '../resolver/pullImage.ts';
import type { Exchange } from '../resolver/recordingTransport.ts';
import { HttpsTransport } from '../transport/https.ts';
import { withoutSignature } from '../source/signedUrl.ts';
import { variableName } from '../source/variable.ts';

/** A node as it is played from this machine. */
export interface LiveNode {
  readonly configuration: NodeConfiguration;
  readonly configuredAuth: (host: string) => AuthConfig | undefined;
  /** The names that the node knows besides those of DNS. */
  readonly addresses: ReadonlyMap<string, string>;
  /** Reads a certificate or key by its path on the node; from this machine where it is absent. */
  readonly readFile?: (path: string) => string;
}

/** What the registries answered to this machine when it asked as the node would. */
export interface LiveAnswers {
  readonly requests: readonly LiveRequest[];
  readonly outcome: PullOutcome;
}

/** A request without its headers: those may hold a login. */
export interface LiveRequest {
  readonly method: string;
  readonly url: string;
  /** `200 OK`, or why there was no answer. */
  readonly answer: string;
}

/** Sends the requests that find out what a reference stands for; nothing of the image is fetched, nothing is changed. */
export async function askRegistries(node: LiveNode, reference: Reference): Promise<LiveAnswers> {
  const { addresses, readFile, configuration } = node;
  const { exchanges, outcome } = await resolveImage(configuration, reference, {
    transport: new HttpsTransport({ addresses, readFile }),
    configuredAuth: (host) => withVariables(node.configuredAuth(host)),
  });
  return { requests: exchanges.map(describeExchange), outcome };
}

function describeExchange({ request, answer }: Exchange): LiveRequest {
  const { method, url } = request;
  const words = answer.kind === 'answered' ? `${answer.status} ${answer.reason}` : answer.error.message;
  return { method, url: withoutSignature(url), answer: words.trimEnd() };
}

function withVariables(auth: AuthConfig | undefined): AuthConfig | undefined {
  if (!auth) return undefined;
  const { username, password, auth: encoded, identityToken } = auth;
  return {
    username: fillIn(username),
    password: fillIn(password),
    auth: fillIn(encoded),
    identityToken: fillIn(identityToken),
  };
}

/** The text, or the variable of the environment that it names. */
function fillIn(text: string | undefined): string | undefined {
  const name = variableName(text ?? '');
  if (name === undefined) return text;
  const value = process.env[name];
  if (value === undefined)
    throw new UserError(`the variable ${name} of a login is not set`, `export ${name}`);
  return value;
}

import type { IncomingMessage, ServerResponse } from 'node:http';
import { Ajv2020 } from 'ajv/dist/2020.js';
import openapi from './githubOpenapi.json' with { type: 'json' };
import { startLocalServer, type LocalServer } from './localServer.ts';

/** A file as GitHub lists it for a pull request. */
export interface PullFile {
  readonly filename: string;
  readonly patch?: string;
}

/** How the double answers. */
export interface GithubBehaviour {
  readonly files?: readonly PullFile[];
  /** Answers every request with this status instead. */
  readonly refuseWith?: number;
}

/** GitHub's REST API on a local port, for the one operation that mirrorproof calls. */
export interface GithubDouble extends LocalServer {
  /** Method and path of each request, in order. */
  readonly requests: readonly string[];
  /** What of the requests and of the double's own answers GitHub's description does not allow. */
  readonly violations: readonly string[];
}

type Operation = (typeof openapi.operations)[number];

const ajv = new Ajv2020({ strict: false, coerceTypes: true, formats: { uri: true } });
const [listFiles] = openapi.operations;

/** Starts a double that judges each request by GitHub's published OpenAPI description. */
export async function startGithub(behaviour: GithubBehaviour = {}): Promise<GithubDouble> {
  const requests: string[] = [];
  const violations: string[] = [];
  const server = await startLocalServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    answer(request, response, behaviour, violations);
  });
  return { ...server, requests, violations };
}

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { files = [], refuseWith }: GithubBehaviour,
  violations: string[],
): void {
  const url = new URL(request.url ?? '/', `http://${request.headers.host}`);
  const parameters = listFiles === undefined ? undefined : matchOperation(listFiles, request.method, url);
  if (listFiles === undefined || parameters === undefined) {
    violations.push(`GitHub has no operation ${request.method} ${url.pathname} in the excerpt`);
    return send(response, 404, { message: 'Not Found' });
  }
  violations.push(...validate(listFiles, parameters));
  if (!/^(?:token|bearer) \S+$/i.test(request.headers.authorization ?? ''))
    violations.push('a request without a token');
  if (refuseWith !== undefined)
    return send(response, refuseWith, { message: 'Resource not accessible by integration' });
  const page = Number(parameters['page'] ?? 1);
  const size = Number(parameters['per_page'] ?? 30);
  const listed = files.slice((page - 1) * size, page * size).map(describeFile);
  if (files.length > page * size) {
    url.searchParams.set('page', String(page + 1));
    response.setHeader('link', `<${url.href}>; rel="next"`);
  }
  if (!ajv.validate(listFiles.response, listed)) violations.push(`the double's answer: ${ajv.errorsText()}`);
  return send(response, 200, listed);
}

/** The parameters of a request in path and query, or undefined when it is for another operation. */
function matchOperation(
  { method, path }: Operation,
  asked: string | undefined,
  url: URL,
): Record<string, string> | undefined {
  const pattern = path.replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)');
  const match = new RegExp(`^${pattern}$`).exec(url.pathname);
  if (method !== asked || match === null) return undefined;
  return { ...match.groups, ...Object.fromEntries(url.searchParams) };
}

function validate({ parameters }: Operation, given: Readonly<Record<string, string>>): string[] {
  const schema = {
    type: 'object',
    additionalProperties: false,
    required: parameters.filter((parameter) => 'required' in parameter).map(({ name }) => name),
    properties: Object.fromEntries(parameters.map((parameter) => [parameter.name, parameter.schema])),
  };
  const violations = ajv.validate(schema, { ...given }) ? [] : [`parameters: ${ajv.errorsText()}`];
  // Only the description's prose says this.
  return Number(given['per_page'] ?? 30) > 100 ? [...violations, 'per_page is over 100'] : violations;
}

function describeFile({ filename, patch }: PullFile): object {
  const url = 'https://example.invalid/file';
  const counts = { additions: 1, deletions: 0, changes: 1 };
  const urls = { blob_url: url, raw_url: url, contents_url: url };
  return {
    sha: '0'.repeat(40),
    filename,
    status: 'modified',
    ...counts,
    ...urls,
    ...(patch === undefined ? {} : { patch }),
  };
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

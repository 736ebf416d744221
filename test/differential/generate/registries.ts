import * as fc from 'fast-check';
import type {
  Answer,
  ConnectionFault,
  RegistryDouble,
  Rule,
  ServerCertificate,
} from '../../support/registryRules.ts';
import { mostly, seldom } from './chance.ts';
import { addressOf, type Endpoint } from './world.ts';

/** How a registry behaves, wherever it is. */
export interface Behaviour {
  /** It speaks what the configuration takes it to speak, or the other of HTTP and HTTPS; or it is not there. */
  readonly presence: 'fitting' | 'other scheme' | 'absent' | ConnectionFault;
  readonly certificate: Certificate;
  readonly login: Login | undefined;
  /** What it answers about manifests by tag, about manifests by digest, and about blobs, where not with the image. */
  readonly resolve: Answer | undefined;
  readonly manifest: Answer | undefined;
  readonly blob: Answer | undefined;
}

type Certificate =
  'good' | 'private authority' | 'other name' | 'expired' | 'no names' | 'names only' | 'asks for one';

type Login = 'basic' | 'bearer' | TokenFault | 'negotiate';
type TokenFault =
  | 'token refused'
  | 'token forbidden'
  | 'token never accepted'
  | 'empty token'
  | 'no realm'
  | 'get only'
  | 'access_token';

/** Which kinds of behaviour are to be had. */
export interface BehaviourOptions {
  readonly logins: boolean;
  /** Whatever is not a plain answer: closed connections, other protocols, redirects, odd headers. */
  readonly faults: boolean;
}

function reply(status: number, headers?: Readonly<Record<string, string>>, body?: string): Answer {
  return { kind: 'reply', status, ...(headers && { headers }), ...(body !== undefined && { body }) };
}

const plainAnswer = fc.constantFrom(404, 500, 403, 503, 502).map((status) => reply(status));

const errorBody = '{"errors":[{"code":"DENIED","message":"not for you"}]}';

const oddAnswer: fc.Arbitrary<Answer> = fc.oneof(
  fc.constantFrom(400, 401, 405, 408, 410, 429, 504, 300, 304).map((status) => reply(status)),
  fc
    .constantFrom(401, 403, 404, 429)
    .map((status) => reply(status, { 'Content-Type': 'application/json' }, errorBody)),
  fc.constant(reply(301)),
  fc
    .constantFrom(
      '/elsewhere',
      'https://mirror.test/v2/elsewhere',
      'http://other.test:5000/',
      'http://gone.test/',
    )
    .map((Location) => reply(307, { Location })),
  fc.constant(reply(200, { 'Content-Type': 'text/html' }, '<html>Welcome</html>')),
  fc.constant<Answer>({ kind: 'image', headers: { 'Docker-Content-Digest': null } }),
  fc.constant<Answer>({ kind: 'image', headers: { 'Docker-Content-Digest': 'sha256:short' } }),
  fc.constant<Answer>({ kind: 'image', headers: { 'Content-Type': 'text/html' } }),
  fc.constantFrom<Answer>({ kind: 'close' }, { kind: 'garbage' }, { kind: 'silence' }),
);

/** How registries behave: mostly well. */
export function behaviour({ logins, faults }: BehaviourOptions): fc.Arbitrary<Behaviour> {
  const answer = faults ? mostly(plainAnswer, oddAnswer) : plainAnswer;
  return fc.record({
    presence: mostly<Behaviour['presence']>(
      fc.constantFrom('fitting', 'fitting', 'fitting', 'fitting', 'absent'),
      faults
        ? fc.constantFrom('other scheme', 'closed', 'other-protocol', 'silent')
        : fc.constant('other scheme'),
    ),
    certificate: mostly<Certificate>(
      fc.constant('good'),
      fc.constantFrom('private authority', 'other name', 'expired', 'no names', 'names only', 'asks for one'),
    ),
    login: logins
      ? seldom(
          fc.constantFrom<Login[]>(
            ...([
              'basic',
              'bearer',
              'token refused',
              'token forbidden',
              'token never accepted',
              'empty token',
            ] as const),
            ...(['no realm', 'get only', 'access_token', 'negotiate'] as const),
          ),
        )
      : fc.constant(undefined),
    resolve: fc.oneof({ weight: 2, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: answer }),
    manifest: seldom(answer),
    blob: seldom(answer),
  });
}

const connectionFaults: readonly ConnectionFault[] = ['closed', 'silent', 'other-protocol'];

/** The login that registries take: `user`, `password`. */
const basicLogin = 'Basic dXNlcjpwYXNzd29yZA==';

/** Puts registries where containerd may connect to: the first behaviour to the first endpoint, and so on. */
export function placeRegistries(
  endpoints: readonly Endpoint[],
  behaviours: readonly Behaviour[],
): readonly RegistryDouble[] {
  const doubles = new Map<string, RegistryDouble>();
  let next = 0;
  for (const endpoint of endpoints) {
    const address = addressOf(endpoint.host);
    const key = `${address} ${endpoint.port}`;
    if (address === undefined || endpoint.port < 1 || endpoint.port > 65_535 || doubles.has(key)) continue;
    const chosen = behaviours[next % behaviours.length];
    next += 1;
    if (!chosen || chosen.presence === 'absent') continue;
    doubles.set(key, place(endpoint, address, chosen));
  }
  return [...doubles.values()];
}

function place({ isTls, host, port }: Endpoint, address: string, chosen: Behaviour): RegistryDouble {
  const speaksTls = isTls !== (chosen.presence === 'other scheme');
  const fault = connectionFaults.find((known) => known === chosen.presence);
  const certificate = speaksTls && fault === undefined && certificateOf(chosen.certificate, host, address);
  const bracketed = address.includes(':') ? `[${address}]` : address;
  const rules = rulesOf(chosen, `${speaksTls ? 'https' : 'http'}://${bracketed}:${port}`);
  return {
    address,
    port,
    ...(certificate !== false && { certificate }),
    ...(fault !== undefined && { connection: fault }),
    ...(rules.length > 0 && fault === undefined && { rules }),
  };
}

function certificateOf(kind: Certificate, host: string, address: string): ServerCertificate {
  const names = [...new Set([host.toLowerCase().replaceAll(/^\[|\]$/g, ''), address])];
  switch (kind) {
    case 'good':
      return { authority: 'system', names };
    case 'private authority':
      return { authority: 'private', names };
    case 'other name':
      return { authority: 'system', names: ['elsewhere.test'] };
    case 'expired':
      return { authority: 'system', names, expired: true };
    case 'no names':
      return { authority: 'system', names: [] };
    case 'names only':
      return { authority: 'system', names: ['reg.test', 'mirror.test', 'other.test'] };
    case 'asks for one':
      return { authority: 'system', names, asksForClientCertificate: true };
  }
}

function rulesOf({ login, resolve, manifest, blob }: Behaviour, origin: string): readonly Rule[] {
  return [
    ...(login === undefined ? [] : loginRules(login, origin)),
    ...(manifest ? [{ path: '/manifests/sha256:', method: 'GET', answer: manifest }] : []),
    ...(resolve ? [{ path: '/manifests/', answer: resolve }] : []),
    ...(blob ? [{ path: '/blobs/', answer: blob }] : []),
  ];
}

/** The rules by which requests without the login are refused; one with it goes on to the next rule. */
function loginRules(login: Login, origin: string): readonly Rule[] {
  const refuse = (challenge: string): Answer => reply(401, { 'WWW-Authenticate': challenge }, errorBody);
  if (login === 'negotiate') return [{ answer: refuse('Negotiate') }];
  if (login === 'basic') {
    const wrong = ['', 'Basic dXNlcjp3cm9uZw==', 'Bearer *'];
    return wrong.map((authorization) => ({ authorization, answer: refuse('Basic realm="registry"') }));
  }
  const realm = login === 'no realm' ? '' : `realm="${origin}/token",`;
  const error = login === 'token never accepted' ? ',error="insufficient_scope"' : '';
  const challenge = refuse(`Bearer ${realm}service="registry"${error}`);
  const wrong = login === 'token never accepted' ? ['', 'Bearer *', 'Basic *'] : ['', 'Basic *'];
  return [...tokenRules(login), ...wrong.map((authorization) => ({ authorization, answer: challenge }))];
}

function tokenRules(login: Exclude<Login, 'basic' | 'negotiate'>): readonly Rule[] {
  const path = '/token';
  const json = { 'Content-Type': 'application/json' };
  const token = reply(200, json, '{"token":"t0ken"}');
  switch (login) {
    case 'token refused':
      return [{ path, answer: reply(401, json, errorBody) }];
    case 'token forbidden':
      return [{ path, answer: reply(403, json, errorBody) }];
    case 'empty token':
      return [{ path, answer: reply(200, json, '{}') }];
    case 'get only':
      return [
        { path, method: 'POST', answer: reply(405) },
        { path, authorization: '', answer: reply(401, json, errorBody) },
        { path, authorization: basicLogin, answer: token },
      ];
    case 'access_token':
      return [{ path, answer: reply(200, json, '{"access_token":"t0ken"}') }];
    case 'bearer':
    case 'token never accepted':
    case 'no realm':
      return [{ path, answer: token }];
  }
}

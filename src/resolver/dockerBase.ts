import type { Reference } from '../reference/reference.ts';
import { DockerAuthorizer, type CredentialsFunction } from './authorizer.ts';
import { parseAuth, type AuthConfig, type Login } from './credentials.ts';
import { addValues, type GoHeader } from './goHeader.ts';
import { quote } from '../hosts/goText.ts';
import type { HeaderField } from '../hosts/hostsFile.ts';
import { HttpClient } from './httpClient.ts';
import { pullPath, type NodeConfiguration } from './nodeConfiguration.ts';
import type { Profile } from './profile.ts';
import { Crash, PullError, wrapError } from './pullError.ts';
import type { RegistryHost } from './registryHost.ts';
import { registryHosts } from './registryHosts.ts';
import type { Transport } from './transport.ts';
import { withUserAgent } from './userAgent.ts';

/** The logins that a pull has. */
export interface PullLogins {
  /** What the kubelet passes along. With it no other login counts. */
  readonly auth?: AuthConfig | undefined;
  /** `registry.configs."host".auth` of the runtime's configuration. */
  readonly configuredAuth?: ((host: string) => AuthConfig | undefined) | undefined;
}

/** A registry host with the client that asks it. */
export interface BoundHost {
  readonly host: RegistryHost;
  readonly client: HttpClient;
  readonly authorizer: DockerAuthorizer;
}

/** A repository and the registry hosts that are asked for it. One is made to resolve, and another to fetch. */
// containerd v2.3.4 core/remotes/docker/resolver.go dockerBase
export interface DockerBase {
  readonly profile: Profile;
  readonly reference: Reference;
  readonly hosts: readonly BoundHost[];
  /** Sent with every request. */
  readonly header: GoHeader;
  /** What may be answered to a request by tag or digest. */
  readonly accept: readonly string[];
}

const manifestTypes =
  'application/vnd.docker.distribution.manifest.v2+json, application/vnd.docker.distribution.manifest.list.v2+json, application/vnd.oci.image.manifest.v1+json, application/vnd.oci.image.index.v1+json, */*';

/** Makes clients for the hosts of a reference. Throws {@link PullError} where the node has none for it, or {@link Crash}. */
export function dockerBase(
  configuration: NodeConfiguration,
  reference: Reference,
  transport: Transport,
  credentials: (host: RegistryHost) => CredentialsFunction | undefined,
): DockerBase {
  const { profile } = configuration;
  const result = registryHosts(configuration, reference.domain);
  if (!result.ok) throw result.isCrash ? new Crash(result.error) : new PullError(result.error);
  const fields = configuration.headers ?? [];
  const accept = fields.find(({ name }) => name === 'Accept')?.values ?? [manifestTypes];
  const header = withFields(fields.filter(({ name }) => name !== 'Accept'));
  const keepsAgent = header.has('User-Agent') || profile.requests.userAgentReplaceable;
  return {
    profile,
    reference,
    hosts: bindHosts(result.hosts, configuration, transport, credentials),
    header: keepsAgent ? header : withUserAgent(header, profile),
    accept,
  };
}

function withFields(fields: readonly HeaderField[], header: GoHeader = new Map()): GoHeader {
  return fields.reduce(addValues, header);
}

// containerd v2.3.4 core/remotes/docker/config/hosts.go ConfigureHosts: one client for all hosts without settings
function bindHosts(
  hosts: readonly RegistryHost[],
  configuration: NodeConfiguration,
  transport: Transport,
  credentials: (host: RegistryHost) => CredentialsFunction | undefined,
): readonly BoundHost[] {
  const { profile } = configuration;
  const bind = (host: RegistryHost): BoundHost => {
    const { tls, dialTimeout, httpFallback } = host;
    const client = new HttpClient(transport, { profile, tls, dialTimeout, httpFallback });
    const header = tokenServerHeader(configuration, host);
    return { host, client, authorizer: new DockerAuthorizer({ client, header, profile }, credentials(host)) };
  };
  let shared: BoundHost | undefined;
  return hosts.map((host) => {
    if (host.ownClient) return bind(host);
    shared ??= bind(host);
    return { ...shared, host };
  });
}

// containerd v2.3.4 internal/cri/server/images/image_pull.go registryHosts: the transfer service hands on no headers
function tokenServerHeader(configuration: NodeConfiguration, { header }: RegistryHost): GoHeader {
  if (!configuration.profile.requests.sendsHeadersToTokenServer) return new Map();
  const common = pullPath(configuration) === 'local' ? (configuration.headers ?? []) : [];
  return withFields([...common, ...header]);
}

/** Who has which login on a node. */
// containerd v2.3.4 internal/cri/server/images/image_pull.go PullImage; v1.7.34 pkg/cri/server/image_pull.go
// registryHosts
export function credentialsOf(
  configuration: NodeConfiguration,
  { auth, configuredAuth }: PullLogins,
): (host: RegistryHost) => CredentialsFunction {
  const { profile, registry } = configuration;
  const isTransfer = pullPath(configuration) === 'transfer';
  const isBound = registry.form === 'inline' && !profile.requests.looksUpLoginByChallenger;
  return (endpoint) =>
    (host): Login => {
      try {
        return parseAuth(auth ?? configuredAuth?.(isBound ? endpoint.host : host), host, profile);
      } catch (error) {
        // containerd v2.3.4 internal/cri/server/images/image_pull.go GetCredentials
        throw isTransfer ? wrapError(`failed to get credentials for ${quote(host)}`, error) : error;
      }
    };
}

/** The header of a request to a host. */
// containerd v2.3.4 core/remotes/docker/resolver.go request; v2.0.11 NewResolver sets the agent first
export function requestHeader({ header, profile }: DockerBase, { host }: BoundHost): GoHeader {
  return withUserAgent(withFields(host.header, header), profile);
}

import { findHostMistake } from '../../registries/namespaceHost.ts';
import type { RegistryConfigs } from '../../registries/registries.ts';
import type { Location } from '../../source/location.ts';
import { upstreamHostOf } from '../configuredMirror.ts';
import { withoutSecrets, type RenderedAuth } from '../secretPlaceholder.ts';
import { variableName } from '../../source/variable.ts';

/** The login for a registry host as it is rendered: secrets are `${NAME}`. */
export interface Login {
  /** Host and port of the registry host; `registry-1.docker.io` for Docker Hub. */
  readonly host: string;
  /** What of a login counts: a user name and its password, or a token, or both encoded. */
  readonly auth: RenderedAuth;
  readonly location: Location;
}

/** The logins for the hosts that are asked. */
export function loginsOf(configs: RegistryConfigs): Login[] {
  const logins = [...configs.values()].flatMap(({ host, auth }): [string, Login][] => {
    if (!auth || findHostMistake(host.value) || host.value === '*') return [];
    const counting = whatCounts(withoutSecrets(host.value, auth));
    const asked = upstreamHostOf(host.value);
    return counting ? [[asked, { host: asked, auth: counting, location: host.location }]] : [];
  });
  return [...new Map(logins).values()];
}

// containerd internal/cri/server/images/image_pull.go ParseAuth
function whatCounts({ username, password, identityToken, auth }: RenderedAuth): RenderedAuth | undefined {
  if (username) return { username, ...(password && { password }) };
  if (identityToken) return { identityToken };
  return auth ? { auth } : undefined;
}

/** The `${NAME}`s that are to be filled in, sorted. */
export function placeholdersOf(logins: readonly Login[]): string[] {
  const texts = logins.flatMap(({ auth }) => Object.values(auth).filter((text) => typeof text === 'string'));
  return [...new Set(texts.filter((text) => variableName(text) !== undefined))].sort();
}

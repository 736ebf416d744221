import { setSecret } from '@actions/core';
import type { Environment } from '../github/environment.ts';
import type { Auth, Registries } from '../registries/registries.ts';

/** Shorter values are no secrets, and masking one would make the log unreadable. */
const shortest = 4;

/**
 * Has the runner hide the credentials of registries.yaml in everything that is printed from here on: the values of the
 * environment variables that it names, and what somebody wrote into it.
 */
export function maskSecrets(registries: Registries, environment: Environment): void {
  for (const secret of listSecrets(registries, environment)) {
    if (secret.trim().length >= shortest) setSecret(secret);
  }
}

/** The credentials of registries.yaml, with variables replaced by their values where they have one. */
export function listSecrets({ configs, nodes }: Registries, environment: Environment): Set<string> {
  const logins = [configs, ...nodes.map((node) => node.configs)].flatMap((hosts) => [...hosts.values()]);
  const written = logins.flatMap(({ auth }) => (auth === undefined ? [] : writtenSecrets(auth)));
  return new Set(written.flatMap((text) => environment[variableName(text) ?? ''] ?? text));
}

function writtenSecrets({ password, auth, identityToken }: Auth): string[] {
  return [password, auth, identityToken].flatMap((secret) => secret?.value ?? []);
}

/** `NAME` of `${NAME}`. */
function variableName(text: string): string | undefined {
  return /^\$\{([A-Za-z_]\w*)\}$/.exec(text)?.[1];
}

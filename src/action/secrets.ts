import { setSecret } from '@actions/core';
import type { Environment } from '../github/environment.ts';
import type { Auth, Registries } from '../registries/registries.ts';
import { variableName } from '../source/variable.ts';

/** Shorter values are no secrets, and masking one would make the log unreadable. */
const shortest = 4;

/** Has the runner hide the credentials of registries.yaml in everything that is printed from here on. */
export function maskSecrets(registries: Registries, environment: Environment): void {
  for (const secret of listSecrets(registries, environment)) setSecret(secret);
}

/**
 * The credentials of registries.yaml: the values of the environment variables that it names, and what somebody wrote into it
 * in clear, which a quoted line of the file would show.
 */
export function listSecrets({ configs, nodes }: Registries, environment: Environment): Set<string> {
  const hosts = [configs, ...nodes.map((node) => node.configs)].flatMap((byHost) => [...byHost.values()]);
  const written = hosts.flatMap(({ auth }) => (auth === undefined ? [] : writtenSecrets(auth)));
  const secrets = written.flatMap((text) => [
    text,
    ...variablesIn(text).flatMap((name) => environment[name] ?? []),
  ]);
  // A text that only names a variable has nothing to hide.
  return new Set(
    secrets.filter((secret) => secret.trim().length >= shortest && variableName(secret) === undefined),
  );
}

function writtenSecrets({ password, auth, identityToken }: Auth): string[] {
  return [password, auth, identityToken].flatMap((secret) => secret?.value ?? []);
}

/** `NAME` of each `${NAME}`. */
function variablesIn(text: string): string[] {
  return [...text.matchAll(/\$\{([A-Za-z_]\w*)\}/g)].flatMap(([, name]) => name ?? []);
}

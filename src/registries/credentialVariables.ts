import type { Registries } from './registries.ts';

/** Names of the environment variables that logins are taken from (`${NAME}`), sorted. */
export function credentialVariables(registries: Registries): string[] {
  const configs = [registries, ...registries.nodes].flatMap((section) => [...section.configs.values()]);
  const texts = configs.flatMap(({ auth }) => [auth?.username, auth?.password, auth?.auth, auth?.identityToken]);
  const names = texts.flatMap((text) => [...(text?.value ?? '').matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name ?? ''));
  return [...new Set(names)].sort();
}

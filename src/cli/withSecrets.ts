import { UserError } from '../errors.ts';
import { fillSecrets, secretNames } from '../render/secretPlaceholder.ts';

/**
 * The rendered files with the secrets of nodes in them.
 *
 * @throws UserError where a variable is not set, and on a runner of GitHub, from which they could get into an artifact
 */
export function fillInSecrets(
  rendered: ReadonlyMap<string, string>,
  environment: Readonly<Record<string, string | undefined>>,
): ReadonlyMap<string, string> {
  if (environment['GITHUB_ACTIONS'] === 'true')
    throw new UserError(
      '--with-secrets is refused in GitHub Actions',
      'copy the files as they are, and have apply.sh fill the secrets in on the node',
    );
  const files = [...rendered].map(([path, text]): [string, string, readonly string[]] => [
    path,
    text,
    path.startsWith('nodes/') ? secretNames(text) : [],
  ]);
  const names = [...new Set(files.flatMap(([, , used]) => used))].sort();
  const missing = names.filter((name) => (environment[name] ?? '') === '');
  if (missing.length > 0) {
    throw new UserError(
      `--with-secrets finds nothing in ${missing.join(', ')}`,
      'set these environment variables',
    );
  }
  const values = new Map(names.map((name) => [name, environment[name] ?? '']));
  return new Map(
    files.map(([path, text, used]) => [path, used.length > 0 ? fillSecrets(text, values) : text]),
  );
}

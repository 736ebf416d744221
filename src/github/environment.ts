/** The environment variables of the step, which is how the runner says where the step runs. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Address of the repository on its GitHub server, as people open it. */
export function repositoryUrl(environment: Environment): string {
  return `${environment['GITHUB_SERVER_URL'] || 'https://github.com'}/${environment['GITHUB_REPOSITORY'] ?? ''}`;
}

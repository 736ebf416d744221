import { repositoryUrl, type Environment } from './environment.ts';
import type { Publication } from './publication.ts';

/** An artifact that GitHub keeps. */
export interface UploadedArtifact {
  readonly id: number;
  /** Page from which a person can download it. */
  readonly url: string;
}

/**
 * Uploads files as an artifact of the workflow run, where {@link findArtifactObstacle} finds nothing against it.
 *
 * @param name - Name of the artifact.
 * @param files - Absolute paths, all of them in `folder`.
 */
export async function uploadArtifact(
  name: string,
  files: readonly string[],
  folder: string,
  environment: Environment,
): Promise<Publication<UploadedArtifact>> {
  try {
    const { DefaultArtifactClient } = await import('@actions/artifact');
    const { id } = await new DefaultArtifactClient().uploadArtifact(name, [...files], folder);
    if (id === undefined) return { status: 'skipped', reason: 'GitHub gave the artifact no id' };
    return {
      status: 'published',
      id,
      url: `${repositoryUrl(environment)}/actions/runs/${environment['GITHUB_RUN_ID']}/artifacts/${id}`,
    };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    // The client has no error type for an answer of the service; its message holds the status code.
    return { status: /\((?:401|403|404)\)/.test(reason) ? 'denied' : 'skipped', reason };
  }
}

/** Why this runner cannot store artifacts; undefined when it can. */
export function findArtifactObstacle(environment: Environment): string | undefined {
  if (!keepsArtifacts(environment['GITHUB_SERVER_URL']))
    return 'GitHub Enterprise Server has no such artifacts';
  if (!environment['ACTIONS_RUNTIME_TOKEN'] || !environment['ACTIONS_RESULTS_URL']) {
    return 'this runner gives steps no access to artifacts';
  }
  return undefined;
}

// @actions/artifact src/internal/shared/config.ts isGhes
function keepsArtifacts(serverUrl: string | undefined): boolean {
  const host = new URL(serverUrl || 'https://github.com').hostname;
  return host === 'github.com' || host.endsWith('.ghe.com') || host.endsWith('.localhost');
}

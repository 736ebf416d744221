import { appendFile } from 'node:fs/promises';
import type { Publication } from './publication.ts';

/**
 * Adds Markdown to the summary of the step.
 *
 * @param file - What the runner put into `GITHUB_STEP_SUMMARY`; undefined where there are no job summaries.
 */
export async function writeSummary(markdown: string, file: string | undefined): Promise<Publication> {
  if (file === undefined || file === '')
    return { status: 'skipped', reason: 'this runner has no job summaries' };
  try {
    await appendFile(file, markdown);
    return { status: 'published' };
  } catch (error) {
    return { status: 'skipped', reason: error instanceof Error ? error.message : String(error) };
  }
}

import { readFile } from 'node:fs/promises';
import type { Environment } from './environment.ts';

/** The event for which the workflow runs; undefined where its file is missing or broken, as only another runner than GitHub's leaves it. */
export async function readEvent(environment: Environment): Promise<unknown> {
  try {
    return JSON.parse(await readFile(environment['GITHUB_EVENT_PATH'] ?? '', 'utf8'));
  } catch {
    return undefined;
  }
}

/** What stands at the end of a path of names; undefined where nothing does. */
export function valueAt(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (inner, name) => (typeof inner === 'object' && inner !== null ? Reflect.get(inner, name) : undefined),
    value,
  );
}

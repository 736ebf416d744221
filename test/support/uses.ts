import { discover, type DiscoverOptions } from '../../src/discovery/discover.ts';
import { filesInMemory } from '../../src/files/repositoryFiles.ts';
import type { ImageUse } from '../../src/manifest/imageUse.ts';
import type { Location } from '../../src/source/location.ts';

/** The images of one file. */
export function usesIn(
  source: string,
  options: DiscoverOptions = {},
  file = 'manifests/a.yaml',
): readonly ImageUse[] {
  return discover(filesInMemory({ [file]: source }), options).uses;
}

/** One line for each image of a file: its place, its text, and what is special about it. */
export function describeUses(
  source: string,
  options: DiscoverOptions = {},
  file?: string,
): readonly string[] {
  return usesIn(source, options, file).map(
    ({ text, location, confidence, status, from, pulledBy }) =>
      `${location.start.line}:${location.start.column} ${text} (${[
        confidence,
        from,
        ...(status === 'unresolved' ? [status] : []),
        ...(pulledBy.join() === 'node' ? [] : [`pulled by ${pulledBy.join(' and ') || 'nobody'}`]),
      ].join(', ')})`,
  );
}

/** What stands between start and end of a place on one line. */
export function textAt(source: string, { start, end }: Location): string | undefined {
  const line = source.split(/\r?\n/)[start.line - 1];
  return start.line === end.line ? line?.slice(start.column - 1, end.column - 1) : undefined;
}

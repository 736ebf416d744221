import type { ImageUse } from '../../src/manifest/imageUse.ts';
import type { Location } from '../../src/source/location.ts';

/** What is known of the images of a repository, one a line, in the order of the places. */
export function describeUses(uses: readonly ImageUse[]): string {
  return uses
    .map(describeUse)
    .sort()
    .map((line) => `${line}\n`)
    .join('');
}

function describeUse({ location, text, from, parts, workload, field, pulledBy, builtBy }: ImageUse): string {
  const places = Object.entries(parts ?? {}).map(([part, place]) => `${part} ${describePlace(place)}`);
  return [
    `${describePlace(location)} ${text} (${from})`,
    ...(places.length > 0 ? [places.join(', ')] : []),
    ...(pulledBy.length > 0
      ? [`${workload?.kind}/${workload?.name} ${field}`, `built by ${builtBy?.join(', ') ?? 'nobody'}`]
      : ['not pulled as it stands']),
  ].join('; ');
}

function describePlace({ file, start, end }: Location): string {
  return `${file}:${start.line}:${start.column}-${end.column}`;
}

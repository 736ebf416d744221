import type { ImageUse } from '../manifest/imageUse.ts';

/** What stands where, as a key. */
export function placeOf({ text, location: { file, start } }: ImageUse): string {
  return JSON.stringify([file, start.line, start.column, text]);
}

/** Makes one of the uses that several roots make alike. */
export function mergeUses(uses: readonly ImageUse[]): readonly ImageUse[] {
  const merged = new Map<string, ImageUse>();
  for (const use of uses) {
    const key = JSON.stringify([placeOf(use), use.field, use.from, use.workload, use.parts]);
    const known = merged.get(key);
    const builtBy = [...new Set([...(known?.builtBy ?? []), ...(use.builtBy ?? [])])];
    merged.set(key, { ...use, builtBy });
  }
  return [...merged.values()];
}

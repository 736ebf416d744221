import type { ReadImages } from '../manifest/build.ts';
import type { Closure } from './closure.ts';
import { readImageFields, readingFields, type ImageField } from './fieldSpecs.ts';
import { applyImageRule } from './imageRules.ts';
import type { Kustomizations } from './includes.ts';
import { localAnnotation, readItems, type Item } from './item.ts';
import type { ImageRule, Kustomization, OpaqueField } from './kustomization.ts';
import { readPatchEffect } from './patches.ts';

/** What a kustomization makes of the images of its manifests, as far as that can be told without kustomize. */
export interface Emulation {
  readonly items: readonly Item[];
  /** The rules that some image was changed by. */
  readonly matched: ReadonlySet<ImageRule>;
  /** What could do more to images than is known. */
  readonly opaque: readonly OpaqueField[];
}

/** Images that one kustomization makes; bases that are included over and over could make any number. */
const maxItems = 200_000;

// kustomize api/internal/target/kusttarget.go accumulateTarget has the order.
export function emulate(closure: Closure, kustomizations: Kustomizations, read: ReadImages): Emulation {
  const emulator = new Emulator(closure, kustomizations, read);
  const all = emulator.build(closure.root, []);
  const items = mayFreeLocals(closure) ? all : all.filter(({ object }) => !object.isLocal);
  return { items, matched: emulator.matched, opaque: [...emulator.opaque] };
}

/** True where a patch or a field may take away what makes an object a local one. */
function mayFreeLocals({ kustomizations, files, patchFiles }: Closure): boolean {
  const sources = [
    ...kustomizations.map(({ source }) => source),
    ...[...patchFiles].map((path) => files.get(path)),
  ];
  return sources.some((source) => source?.text.includes(localAnnotation));
}

class Emulator {
  readonly matched = new Set<ImageRule>();
  readonly opaque = new Set<OpaqueField>();
  readonly #closure: Closure;
  readonly #kustomizations: Kustomizations;
  readonly #read: ReadImages;
  readonly #hasPatches: boolean;
  readonly #fields: readonly ImageField[];
  readonly #built = new Map<Kustomization, readonly Item[]>();
  readonly #files = new Map<string, readonly Item[]>();
  /** Those that are being built: one that includes itself ends here. */
  readonly #open = new Set<Kustomization>();

  constructor(closure: Closure, kustomizations: Kustomizations, read: ReadImages) {
    this.#closure = closure;
    this.#kustomizations = kustomizations;
    this.#fields = readImageFields(closure, kustomizations);
    this.#read = readingFields(read, this.#fields);
    this.#hasPatches = closure.kustomizations.some(({ patches }) => patches.length > 0);
  }

  /** @param outer - What a component is applied to. */
  build(kustomization: Kustomization, outer: readonly Item[]): readonly Item[] {
    const known = kustomization.isComponent ? undefined : this.#built.get(kustomization);
    if (known) return known;
    if (this.#open.has(kustomization)) return outer;
    this.#open.add(kustomization);
    const { folder, resources, components } = kustomization;
    // Something that is included twice is there once, as kustomize has no two objects of one name.
    let all = [...new Set([...outer, ...resources.flatMap(({ text }) => this.#include(folder, text))])];
    for (const { text } of components) {
      const include = this.#kustomizations.resolve(folder, text);
      if (include.kind === 'kustomization' && include.kustomization.isComponent)
        all = [...this.build(include.kustomization, all)];
    }
    const built = this.#transform(kustomization, all.slice(0, maxItems));
    this.#open.delete(kustomization);
    if (!kustomization.isComponent) this.#built.set(kustomization, built);
    return built;
  }

  #include(folder: string, path: string): readonly Item[] {
    const include = this.#kustomizations.resolve(folder, path);
    if (include.kind === 'kustomization')
      return include.kustomization.isComponent ? [] : this.build(include.kustomization, []);
    if (include.kind !== 'file') return [];
    const known = this.#files.get(include.path);
    if (known) return known;
    const source = this.#closure.files.get(include.path);
    const items = source ? readItems(source, this.#read, { withContainers: this.#hasPatches }) : [];
    this.#files.set(include.path, items);
    return items;
  }

  #transform(kustomization: Kustomization, before: readonly Item[]): readonly Item[] {
    let all = before;
    for (const field of kustomization.opaque) this.opaque.add(field);
    for (const patch of kustomization.patches) {
      const include = patch.path && this.#kustomizations.resolve(kustomization.folder, patch.path.text);
      const source =
        patch.inline ?? (include?.kind === 'file' ? this.#closure.files.get(include.path) : undefined);
      const patched = source && readPatchEffect(patch, source, this.#read)?.(all);
      if (patched) all = patched;
      else {
        this.opaque.add({ key: 'patches', location: patch.location });
        // Its images are there whatever becomes of the others.
        if (source) all = [...all, ...readItems(source, this.#read, { withContainers: true })];
      }
    }
    all = rename(kustomization, all);
    for (const rule of kustomization.images)
      all = applyImageRule(rule, all, this.#fields, (matched) => this.matched.add(matched));
    return all;
  }
}

function rename({ prefix, suffix, setsNamespace }: Kustomization, all: readonly Item[]): readonly Item[] {
  if (prefix === '' && suffix === '' && !setsNamespace) return all;
  return all.map((item) => {
    const { object } = item;
    const name = `${prefix}${object.names.at(-1) ?? ''}${suffix}`;
    const names = name === object.names.at(-1) ? object.names : [...object.names, name];
    return { ...item, object: { ...object, names, isMoved: object.isMoved || setsNamespace } };
  });
}

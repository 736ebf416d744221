import { createImageUse } from '../manifest/imageReader.ts';
import type { ImageUse } from '../manifest/imageUse.ts';
import type { KubernetesObject } from '../manifest/manifest.ts';
import { isKubernetesObject } from '../manifest/text/embedded.ts';
import { gradeText } from '../manifest/text/gradeText.ts';
import { hintOf, isNoPull, wordsOf } from '../manifest/text/names.ts';
import { findTreeImages } from '../manifest/text/treeImages.ts';
import type { Location } from '../source/location.ts';
import { child, items, text, type TreeNode } from '../source/tree.ts';
import { parseYaml } from '../source/yaml.ts';
import type { Kustomizations } from './includes.ts';
import type { Kustomization } from './kustomization.ts';
import { fileText, pieceOf, type SourceText } from './sourceText.ts';

/**
 * The images in the data of the ConfigMaps that kustomizations generate: in their literals, in files of variables, and in files of
 * YAML or JSON that are no Kubernetes objects.
 */
export function findGeneratedUses(
  kustomizations: Kustomizations,
  substitutions: ReadonlyMap<string, string>,
): readonly ImageUse[] {
  const search = new GeneratorSearch(kustomizations, substitutions);
  return kustomizations.all.flatMap((one) =>
    items(child(one.root, 'configMapGenerator')).flatMap((generator) => search.read(one, generator)),
  );
}

class GeneratorSearch {
  readonly #kustomizations: Kustomizations;
  readonly #substitutions: ReadonlyMap<string, string>;
  /** Files that several generators take are read once. */
  readonly #read = new Set<string>();

  constructor(kustomizations: Kustomizations, substitutions: ReadonlyMap<string, string>) {
    this.#kustomizations = kustomizations;
    this.#substitutions = substitutions;
  }

  read({ source, folder }: Kustomization, generator: TreeNode): readonly ImageUse[] {
    const literals = items(child(generator, 'literals')).flatMap((item) => {
      if (item.kind !== 'scalar') return [];
      const { stretch, text: written } = pieceOf(source, item);
      return stretch
        ? this.#assignments(written, (start, end) => locate(source, stretch.start, start, end))
        : [];
    });
    const variables = [...items(child(generator, 'envs')), child(generator, 'env')].flatMap((item) => {
      const file = this.#file(folder, text(item));
      return file ? this.#assignments(file.text, file.locate) : [];
    });
    const files = items(child(generator, 'files')).flatMap((item) => {
      // `key=path`
      const file = this.#file(folder, text(item)?.replace(/^[^=/]*=/, ''));
      return file && /\.(?:ya?ml|json)$/.test(file.file) ? this.#settings(file) : [];
    });
    return [...literals, ...variables, ...files];
  }

  #file(folder: string, path: string | undefined): SourceText | undefined {
    const include = path === undefined ? undefined : this.#kustomizations.resolve(folder, path);
    if (include?.kind !== 'file' || this.#read.has(include.path)) return undefined;
    this.#read.add(include.path);
    return fileText(include.path, include.text);
  }

  /** `NAME=value`, one a line. */
  #assignments(source: string, locateIn: (start: number, end: number) => Location): readonly ImageUse[] {
    return [...source.matchAll(/^([A-Za-z_][\w.-]{0,100})=(["']?)([^\s"']+)\2[ \t]*\r?$/gm)].flatMap(
      (match) => {
        const [, name = '', quote = '', value = ''] = match;
        const words = wordsOf(name);
        const confidence = isNoPull(words) ? undefined : gradeText(value, hintOf(words));
        if (!confidence) return [];
        const start = match.index + name.length + 1 + quote.length;
        const location = locateIn(start, start + value.length);
        const found = {
          text: value,
          location,
          confidence,
          from: 'configMap',
          field: `data.${name}`,
        } as const;
        return [createImageUse(found, this.#substitutions)];
      },
    );
  }

  /** Objects are read where they stand. */
  #settings({ file, text: source }: SourceText): readonly ImageUse[] {
    if (!/image/i.test(source)) return [];
    return parseYaml(file, source).documents.flatMap((document) => {
      const { root } = document;
      const [apiVersion, kind] = [text(child(root, 'apiVersion')) ?? '', text(child(root, 'kind')) ?? ''];
      const object: KubernetesObject = { apiVersion, kind, root, document, source };
      if (isKubernetesObject(object)) return [];
      return findTreeImages(root, {
        object,
        from: 'configMap',
        substitutions: this.#substitutions,
        claimed: new Set(),
        readNested: () => [],
        readText: () => [],
      });
    });
  }
}

function locate({ locate: locateIn }: SourceText, offset: number, start: number, end: number): Location {
  return locateIn(offset + start, offset + end);
}

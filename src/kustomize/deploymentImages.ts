import { argoSources } from '../manifest/gitops/argoSources.ts';
import { isFluxKustomization } from '../manifest/gitops/gitopsObjects.ts';
import { createImageUse, type ImageReader } from '../manifest/imageReader.ts';
import type { ImageUse } from '../manifest/imageUse.ts';
import { readOperations } from '../manifest/jsonPatches.ts';
import { groupOf, type KubernetesObject } from '../manifest/manifest.ts';
import { readNestedImages } from '../manifest/objectImages.ts';
import { locateWithin } from '../manifest/scalarOffsets.ts';
import { nestedObject, readEmbedded } from '../manifest/text/embedded.ts';
import { findEmbeddedImages } from '../manifest/text/embeddedImages.ts';
import { child, items, text, type ScalarNode, type TreeNode } from '../source/tree.ts';
import { createRuleUse } from './imageUses.ts';
import { readImageRule } from './kustomization.ts';
import { fileText } from './sourceText.ts';

/** The images that objects of Flux and Argo CD give to kustomize besides the files: in rules for images and in patches. */
export const readDeploymentImages: ImageReader = ({ objects }, substitutions) =>
  objects.flatMap((object) =>
    settingsOf(object).flatMap((settings) => {
      const search = new SettingsSearch(object, settings, substitutions);
      return [...search.rules(), ...search.patches()];
    }),
  );

/** What a kustomization would say, within an object. */
interface Settings {
  readonly node: TreeNode | undefined;
  /** Its path in the object. */
  readonly at: string;
}

function settingsOf(object: KubernetesObject): readonly Settings[] {
  const spec = child(object.root, 'spec');
  if (isFluxKustomization(object)) return [{ node: spec, at: 'spec' }];
  if (object.kind === 'HelmRelease' && groupOf(object) === 'helm.toolkit.fluxcd.io')
    return items(child(spec, 'postRenderers')).map((renderer, index) => ({
      node: child(renderer, 'kustomize'),
      at: `spec.postRenderers[${index}].kustomize`,
    }));
  return argoSources(object).map(({ source, at }) => ({
    node: child(source, 'kustomize'),
    at: `${at}.kustomize`,
  }));
}

class SettingsSearch {
  readonly #object: KubernetesObject;
  readonly #settings: Settings;
  readonly #substitutions: ReadonlyMap<string, string>;

  constructor(object: KubernetesObject, settings: Settings, substitutions: ReadonlyMap<string, string>) {
    this.#object = object;
    this.#settings = settings;
    this.#substitutions = substitutions;
  }

  rules(): readonly ImageUse[] {
    const { node, at } = this.#settings;
    const source = fileText(this.#object.document.file, this.#object.source);
    return items(child(node, 'images')).flatMap((item, index) => {
      const field = `${at}.images[${index}]`;
      if (item.kind === 'scalar') return this.#written(item, field);
      const rule = readImageRule(source, item);
      return rule ? createRuleUse(rule, field, this.#substitutions, { isPulled: true }) : [];
    });
  }

  /** `[NAME=]NEWNAME[:TAG|@DIGEST]` */
  #written(image: ScalarNode, field: string): readonly ImageUse[] {
    if (!text(image)) return [];
    const sign = image.text.indexOf('=') + 1;
    const newImage = image.text.slice(sign);
    const found = {
      text: newImage,
      // Then the tag is the one that the manifests have.
      isOpen: !/:[^/]+$|@/.test(newImage),
      location: locateWithin(this.#object, image, sign, image.text.length),
      field,
    };
    return [createImageUse({ ...found, confidence: 'certain', from: 'kustomization' }, this.#substitutions)];
  }

  patches(): readonly ImageUse[] {
    const { node, at } = this.#settings;
    const texts = ['patches', 'patchesJson6902'].flatMap((key) =>
      items(child(node, key)).flatMap((item, index) =>
        this.#patch(child(item, 'patch'), `${at}.${key}[${index}].patch`),
      ),
    );
    return [...texts, ...items(child(node, 'patchesStrategicMerge')).flatMap((root) => this.#nested(root))];
  }

  #patch(patch: TreeNode | undefined, field: string): readonly ImageUse[] {
    if (patch?.kind === 'sequence')
      return readOperations({ ...this.#object, root: patch }, this.#substitutions);
    if (patch?.kind !== 'scalar') return [];
    const lists =
      readEmbedded(this.#object, patch)?.settings.filter(({ root }) => root.kind === 'sequence') ?? [];
    if (lists.length > 0) return lists.flatMap((list) => readOperations(list, this.#substitutions));
    return findEmbeddedImages(this.#object, patch, field, {
      from: 'customResource',
      substitutions: this.#substitutions,
      readNested: (nested) => readNestedImages(nested, this.#substitutions),
    });
  }

  #nested(root: TreeNode): readonly ImageUse[] {
    const nested = nestedObject(this.#object, root);
    return nested ? readNestedImages(nested, this.#substitutions) : [];
  }
}

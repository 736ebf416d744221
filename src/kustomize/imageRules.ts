import { createMatcher, joinImage, splitImage } from './imageName.ts';
import { isDeclared, type ImageField } from './fieldSpecs.ts';
import type { Item } from './item.ts';
import type { ImageRule } from './kustomization.ts';

/** A list of containers at any depth: kustomize api/filters/imagetag/legacy.go */
const containerField = /(?:^|\.)(?:containers|initContainers)\[\d+\]\.image$/;

/** kustomize api/internal/konfig/builtinpluginconsts/images.go */
const defaultField =
  /^spec\.(?:template\.spec\.)?(?:(?:containers|initContainers)\[\d+\]\.image|volumes\[\d+\]\.image\.reference)$/;

/**
 * What a rule of `images:` makes of images. A field that both filters of kustomize look at is changed twice, which shows where the
 * rule adds a suffix.
 */
// kustomize api/internal/builtins/ImageTagTransformer.go Transform
export function applyImageRule(
  rule: ImageRule,
  all: readonly Item[],
  fields: readonly ImageField[],
  onMatch: (rule: ImageRule) => void,
): readonly Item[] {
  const isMatched = createMatcher(rule.name.text);
  const apply = (item: Item): Item => {
    if (!isMatched(item.text)) return item;
    onMatch(rule);
    return change(rule, item);
  };
  return all.map((item) => {
    if (item.use.parts || !isMatched(item.text)) return item;
    const once = containerField.test(item.use.field) ? apply(item) : item;
    return defaultField.test(item.use.field) || isDeclared(item, fields) ? apply(once) : once;
  });
}

// kustomize api/filters/imagetag/updater.go SetImageValue
function change({ newName, newTag, digest, tagSuffix }: ImageRule, item: Item): Item {
  const image = splitImage(item.text);
  const from = (piece: NonNullable<typeof newName>): Item['name'] => ({
    location: piece.location,
    isRule: true,
  });
  const named = newName ? { ...item, name: from(newName) } : item;
  const name = newName?.text ?? image.name;
  if (newTag || digest) {
    const text = joinImage({ name, tag: newTag?.text ?? '', digest: digest?.text ?? '' });
    return { ...named, text, tag: newTag && from(newTag), digest: digest && from(digest) };
  }
  if (!tagSuffix) return { ...named, text: joinImage({ ...image, name }) };
  const text = joinImage({ name, tag: image.tag + tagSuffix.text, digest: '' });
  return { ...named, text, tag: from(tagSuffix), digest: undefined };
}

import type { Location } from '../../source/location.ts';
import { child, text, type ScalarNode, type TreeNode } from '../../source/tree.ts';
import { createImageUse } from '../imageReader.ts';
import type { ImageUse } from '../imageUse.ts';
import type { KubernetesObject } from '../manifest.ts';
import { podImages, readWorkload } from '../podSpec.ts';
import { locateScalar } from '../scalarLocation.ts';
import { locateWithin } from '../scalarOffsets.ts';
import type { CatalogueField, ImageField, JoinedField, PodSpecField } from './field.ts';
import { descendPath, findFields } from './fieldPath.ts';

/** What a catalogued field is read with. */
export interface FieldContext {
  readonly object: KubernetesObject;
  readonly substitutions: ReadonlyMap<string, string>;
  /** Offsets of the scalars that a field has accounted for. */
  readonly claimed: Set<number>;
}

/** The images that the fields of an object name, each scalar once. */
export function readFields(fields: readonly CatalogueField[], context: FieldContext): readonly ImageUse[] {
  return fields.flatMap((field) => {
    if (field.form === 'image') return readImageField(field, context);
    return field.form === 'joined' ? readJoinedField(field, context) : readPodSpecField(field, context);
  });
}

function readImageField(field: ImageField, context: FieldContext): readonly ImageUse[] {
  const { object, claimed, substitutions } = context;
  return findFields(object.root, field.path).flatMap(({ node, parent, field: at }) => {
    if (node.kind !== 'scalar' || !text(node) || claimed.has(node.start) || !isImage(field, node, parent))
      return [];
    const written = withoutScheme(node, field.scheme);
    if (!written) return [];
    claimed.add(node.start);
    const location = locateFrom(object, node, written.offset);
    const isNode = field.nodeIf && text(child(parent, field.nodeIf.key)) === field.nodeIf.value;
    const pulledBy = isNode ? undefined : field.pulledBy;
    const workload = workloadOf(object, field.pod);
    const isOpen = variable.test(written.text);
    const found = {
      text: written.text,
      location,
      confidence: 'certain',
      from: 'customResource',
      field: at,
    } as const;
    return [createImageUse({ ...found, workload, isOpen, ...(pulledBy && { pulledBy }) }, substitutions)];
  });
}

/** What Tekton and Argo fill in when they run a task. */
// tekton.dev/docs/pipelines/variables; argo-workflows docs/variables.md
const variable =
  /\$\((?:params|inputs|tasks|context|steps|workspaces|finally|tt)[.[]|\{\{-?\s*=?\s*(?:inputs|workflow|tasks|steps|item|pod|node)\b/;

function isImage(field: ImageField, node: ScalarNode, parent: TreeNode): boolean {
  if (field.onlyIf && text(child(parent, field.onlyIf.key)) !== field.onlyIf.value) return false;
  return field.isAlways !== false || /[:/@]/.test(node.text);
}

/** The image behind `docker://`. One with another scheme is no image; one without any may be. */
function withoutScheme(node: ScalarNode, scheme = ''): { text: string; offset: number } | undefined {
  if (scheme !== '' && node.text.startsWith(scheme)) {
    return { text: node.text.slice(scheme.length), offset: scheme.length };
  }
  return /^[a-z][a-z0-9+-]*:\/\//.test(node.text) && scheme !== ''
    ? undefined
    : { text: node.text, offset: 0 };
}

function locateFrom(object: KubernetesObject, node: ScalarNode, offset: number): Location {
  return offset === 0 ? locateScalar(object, node) : locateWithin(object, node, offset, node.text.length);
}

function workloadOf(object: KubernetesObject, path: string | undefined): ImageUse['workload'] {
  const spec = path === undefined ? undefined : descendPath(object.root, path);
  return spec && readWorkload(object, spec);
}

function readPodSpecField({ path, pulledBy }: PodSpecField, context: FieldContext): readonly ImageUse[] {
  const { object, claimed, substitutions } = context;
  return findFields(object.root, path).flatMap(({ node: spec, field: at }) => {
    const workload = readWorkload(object, spec);
    return podImages(spec, at).flatMap(({ node, from, field }) => {
      if (claimed.has(node.start)) return [];
      claimed.add(node.start);
      const location = locateScalar(object, node);
      const found = { text: node.text, location, confidence: 'certain', from, field, workload } as const;
      return [createImageUse({ ...found, ...(pulledBy && { pulledBy }) }, substitutions)];
    });
  });
}

function readJoinedField(field: JoinedField, context: FieldContext): readonly ImageUse[] {
  return findFields(context.object.root, field.at).flatMap(({ node, field: at }) => {
    if (field.unless !== undefined && text(descendPath(node, field.unless))) return [];
    const repository = scalarAt(node, field.repository);
    if (!repository || context.claimed.has(repository.start)) return [];
    const joined = joinParts(field, node, repository, context.object);
    context.claimed.add(repository.start);
    const fieldPath = at === '' ? field.repository : `${at}.${field.repository}`;
    return joined.flatMap((image) => createJoinedUse(field, { ...image, fieldPath }, context));
  });
}

interface JoinedImage {
  readonly text: string;
  readonly location: Location;
  readonly parts: NonNullable<ImageUse['parts']>;
  /** Nothing written says which tag it will be. */
  readonly isOpen: boolean;
}

function joinParts(
  field: JoinedField,
  root: TreeNode,
  repository: ScalarNode,
  object: KubernetesObject,
): readonly JoinedImage[] {
  const written = withoutScheme(repository, field.scheme);
  if (!written) return [];
  const tag = field.tags?.map((path) => scalarAt(root, path)).find((node) => node !== undefined);
  const digest = field.digest === undefined ? undefined : scalarAt(root, field.digest);
  const isComplete = /[:@]/.test(written.text.slice(written.text.lastIndexOf('/') + 1));
  const isOpen = !isComplete && !tag && !digest;
  if (isOpen && field.untagged === 'nothing') return [];
  const location = locateFrom(object, repository, written.offset);
  const parts = {
    repository: location,
    ...(tag && !isComplete && { tag: locateScalar(object, tag) }),
    ...(digest && !isComplete && { digest: locateScalar(object, digest) }),
  };
  return (field.names ?? ['']).map((name) => {
    const repositoryText = name === '' ? written.text : `${written.text}/${name}`;
    return {
      text: isComplete ? written.text : complete(repositoryText, tag, digest),
      location,
      parts,
      isOpen,
    };
  });
}

function scalarAt(root: TreeNode, path: string): ScalarNode | undefined {
  const node = descendPath(root, path);
  return node?.kind === 'scalar' && text(node) ? node : undefined;
}

/** A digest counts, and a tag beside it says nothing; the checksum may stand without its algorithm. */
function complete(repository: string, tag: ScalarNode | undefined, digest: ScalarNode | undefined): string {
  if (digest) return `${repository}@${digest.text.includes(':') ? '' : 'sha256:'}${digest.text}`;
  return tag ? `${repository}:${tag.text}` : repository;
}

function createJoinedUse(
  field: JoinedField,
  { text: image, location, parts, isOpen, fieldPath }: JoinedImage & { readonly fieldPath: string },
  { object, substitutions }: FieldContext,
): ImageUse {
  const found = {
    text: image,
    location,
    confidence: field.names ? ('likely' as const) : ('certain' as const),
    from: 'customResource' as const,
    field: fieldPath,
    workload: workloadOf(object, field.pod),
    ...(field.pulledBy && { pulledBy: field.pulledBy }),
    ...(Object.keys(parts).length > 1 && { parts }),
  };
  return createImageUse({ ...found, isOpen: isOpen || variable.test(image) }, substitutions);
}

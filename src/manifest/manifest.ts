import type { SourceProblem } from '../source/location.ts';
import { child, items, text, type SourceDocument, type TreeNode } from '../source/tree.ts';
import { parseYaml } from '../source/yaml.ts';
import { blankDocuments, splitDocuments, type DocumentText } from './documentText.ts';
import { holdsTemplate } from './placeholder.ts';

/** A Kubernetes object, with the means to say where its parts stand. */
export interface KubernetesObject {
  /** Empty when it is not written, as in the items of a list that the API server made. */
  readonly apiVersion: string;
  readonly kind: string;
  readonly root: TreeNode;
  readonly document: SourceDocument;
  /** The text that the offsets of `root` count in. */
  readonly source: string;
}

/** A YAML or JSON file as far as it is about Kubernetes. */
export interface Manifest {
  readonly file: string;
  readonly objects: readonly KubernetesObject[];
  /** The documents that are no YAML, templates for the most part: they can only be read line by line. */
  readonly unparsed: readonly DocumentText[];
  /** Syntax errors of Kubernetes manifests that are no templates. */
  readonly problems: readonly SourceProblem[];
}

/** Endings of files that are templates of YAML files, and not YAML themselves. */
const templateName = /\.(?:tpl|tmpl|gotmpl|j2)$/;

/**
 * Reads a file. Undefined when nothing in it can be a Kubernetes object.
 *
 * @param isRead whether somebody wants objects of this kind, or with this text; other plain documents are not even parsed
 */
export function readManifest(
  file: string,
  source: string,
  isRead: (kind: string, text: string) => boolean,
): Manifest | undefined {
  if (!mayHoldObjects(source)) return undefined;
  if (templateName.test(file)) return { file, objects: [], unparsed: splitDocuments(source), problems: [] };
  const wanted = blankDocuments(source, (kind, text) => !isRead(kind, text) && !isList(kind));
  if (!mayHoldObjects(wanted)) return undefined;
  const { documents, problems } = parseYaml(file, wanted);
  const objects = documents.flatMap((document) => {
    const collected: KubernetesObject[] = [];
    collectObjects({ document, source: wanted }, document.root, undefined, collected);
    return collected;
  });
  const unparsed = problems.length === 0 ? [] : withoutParsed(splitDocuments(wanted), documents);
  return { file, objects, unparsed, problems: explainProblems(problems, unparsed) };
}

/** The API group of an object: `apps` for `apps/v1`, empty for `v1`. */
export function groupOf(object: KubernetesObject): string {
  const slash = object.apiVersion.indexOf('/');
  return slash < 0 ? '' : object.apiVersion.slice(0, slash);
}

/**
 * False only where no object can be: every object has the key `kind`, and only a backslash could hide it. A part of a Helm
 * chart without an object around it has at least an image.
 */
function mayHoldObjects(source: string): boolean {
  return (
    source.includes('kind') || source.includes('\\') || (source.includes('image') && holdsTemplate(source))
  );
}

function isList(kind: string): boolean {
  return kind.endsWith('List');
}

/** Gathers the object at `root`, or the items of the list that it is. */
function collectObjects(
  place: Pick<KubernetesObject, 'document' | 'source'>,
  root: TreeNode,
  listItem: { readonly apiVersion: string; readonly kind: string } | undefined,
  collected: KubernetesObject[],
): void {
  // The API server leaves both out of the items of a PodList and its like.
  const kind = text(child(root, 'kind')) ?? listItem?.kind;
  const apiVersion = text(child(root, 'apiVersion')) ?? listItem?.apiVersion ?? '';
  if (!kind) return;
  const members = child(root, 'items');
  if (!isList(kind) || members?.kind !== 'sequence') {
    collected.push({ apiVersion, kind, root, ...place });
    return;
  }
  const itemKind = kind.slice(0, -'List'.length);
  for (const item of items(members)) collectObjects(place, item, { apiVersion, kind: itemKind }, collected);
}

function withoutParsed(
  parts: readonly DocumentText[],
  documents: readonly SourceDocument[],
): readonly DocumentText[] {
  const starts = documents.map((document) => document.root.start);
  let next = 0;
  return parts.filter((part) => {
    const end = part.start + part.text.length;
    const first = next;
    while (next < starts.length && (starts[next] ?? 0) < end) next += 1;
    return next === first;
  });
}

/** Keeps the problems of manifests that are meant to be YAML; both lists are in the order of the text. */
function explainProblems(
  problems: readonly SourceProblem[],
  unparsed: readonly DocumentText[],
): readonly SourceProblem[] {
  let at = 0;
  const startsBefore = (part: DocumentText | undefined, { location }: SourceProblem): boolean =>
    part !== undefined && part.firstLine <= location.start.line;
  return problems.flatMap((problem) => {
    while (startsBefore(unparsed[at + 1], problem)) at += 1;
    const part = unparsed[at];
    if (!part || holdsTemplate(part.text) || !isManifestText(part.text)) return [];
    return [{ ...problem, message: `this Kubernetes manifest is no valid YAML: ${problem.message}` }];
  });
}

function isManifestText(part: string): boolean {
  const keys = [/(?:^|[{,])[ \t]*["']?apiVersion["']?[ \t]*:/m, /(?:^|[{,])[ \t]*["']?kind["']?[ \t]*:/m];
  return keys.every((key) => key.test(part));
}
